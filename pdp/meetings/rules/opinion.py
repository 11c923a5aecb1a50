"""Which opinions the cellule may give on an item, and the one that its votes lead to.

A verdict is never a decision, and a vote never overrides the law, a refused medical agreement or a
missing piece.
"""

from dataclasses import dataclass

from pdp.core.french import listing
from pdp.meetings.enums import OpinionCode
from pdp.meetings.rules.tally import Majority, Tally

_FAVOURABLE = (OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS)
_CLOSING = (OpinionCode.UNFAVOURABLE, OpinionCode.NO_OBJECT, OpinionCode.REORIENTED)
_NOT_FAVOURABLE = (OpinionCode.UNFAVOURABLE, OpinionCode.ADJOURNED, OpinionCode.NO_OBJECT, OpinionCode.REORIENTED)
_ADJOURNED = (OpinionCode.ADJOURNED,)

_BY_MAJORITY: dict[Majority, tuple[OpinionCode, ...]] = {
    Majority.CARRIED: _FAVOURABLE,
    Majority.REJECTED: _CLOSING,
    Majority.TIED: _ADJOURNED,
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an opinion rests on besides the votes, in French words ready to be printed.

    `by_law`: reasons of the rules of law that close the dispositif; `by_practice`: those of a support,
    a local practice or the regional doctrine, that no deliberative member has set aside;
    `medical_refusals`: reasons of the rules that ask for a medical agreement that was refused; `missing`:
    pieces still awaited, as noun phrases.
    """

    by_law: tuple[str, ...] = ()
    by_practice: tuple[str, ...] = ()
    medical_refusals: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The opinion that follows, the others that may be recorded instead, and why."""

    code: OpinionCode
    allowed: tuple[OpinionCode, ...]
    explanation: str

    def allows(self, code: OpinionCode) -> bool:
        """Tell whether an opinion of this code may be recorded."""
        return code in self.allowed


@dataclass(frozen=True, slots=True)
class QuorumFinding:
    """Whether the quorum was reached, and the sentence that says it: what a closed ballot keeps."""

    reached: bool
    sentence: str


def propose(
    quorum: QuorumFinding | None,
    tally: Tally | None,
    grounds: Grounds,
    *,
    agreed: OpinionCode | None = None,
    without_object: str = "",
) -> Proposal:
    """Return the opinion that follows from quorum, votes and grounds.

    Without a ballot, or without quorum, the item can only be adjourned. `agreed` is what was agreed upon
    without a vote. `without_object` says why an item not put to the vote may be closed as sans objet: an
    alternative received a favourable opinion.
    """
    if quorum is None or tally is None:
        if without_object:
            return Proposal(OpinionCode.NO_OBJECT, (OpinionCode.NO_OBJECT, OpinionCode.ADJOURNED), without_object)
        return Proposal(OpinionCode.ADJOURNED, _ADJOURNED, _without_ballot(grounds))
    if not quorum.reached:
        return Proposal(OpinionCode.ADJOURNED, _ADJOURNED, f"{quorum.sentence} L’avis est ajourné.")
    if blocked := _blocked(grounds):
        allowed, reason = blocked
        return Proposal(agreed if agreed in allowed else allowed[0], allowed, f"{tally.sentence} {reason}")
    if agreed is not None:
        return Proposal(agreed, (agreed,), tally.sentence)
    allowed = _BY_MAJORITY[tally.majority]
    return Proposal(_leading(tally, allowed), allowed, tally.sentence)


def _leading(tally: Tally, allowed: tuple[OpinionCode, ...]) -> OpinionCode:
    conditional = tally.majority is Majority.CARRIED and tally.deliberative.conditions > 0
    return OpinionCode.FAVOURABLE_WITH_CONDITIONS if conditional else allowed[0]


def _blocked(grounds: Grounds) -> tuple[tuple[OpinionCode, ...], str] | None:
    """Return what the grounds still allow, the gravest first; None when the votes decide."""
    if grounds.by_law:
        last = "L’avis ne peut être que défavorable, sans objet ou réorienté."
        return _CLOSING, f"Non éligible selon un texte : {_joined(grounds.by_law)}. {last}"
    if grounds.medical_refusals:
        reasons = _joined(grounds.medical_refusals)
        return _NOT_FAVOURABLE, f"Accord médical refusé : {reasons}. Un vote ne peut pas passer outre."
    if grounds.by_practice:
        last = "Aucun membre délibératif n’a écarté cette règle : l’avis ne peut pas être favorable."
        return _NOT_FAVOURABLE, f"Non éligible : {_joined(grounds.by_practice)}. {last}"
    if grounds.missing:
        return _ADJOURNED, f"Il manque : {listing(grounds.missing)}. L’avis est ajourné."
    return None


def _without_ballot(grounds: Grounds) -> str:
    if grounds.missing:
        return f"Il manque : {listing(grounds.missing)}. L’avis est ajourné sans scrutin."
    return "L’avis est ajourné sans scrutin."


def _joined(reasons: tuple[str, ...]) -> str:
    return " ; ".join(reason.rstrip(".") for reason in reasons)
