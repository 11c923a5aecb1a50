"""How much of a case an actor sees, and why not: the Python twin of `cases.queries.visible_to`.

Three things must hold at once: the role allows the label, the person has a relation to the case,
and, for a partner, a sharing agreement in force covers its organisation and that label.
"""

from dataclasses import dataclass
from datetime import date

from pdp.policy.actor import Actor
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.reading import Cell, cell
from pdp.policy.roles import Role

_ALWAYS_READ = frozenset({Cell.READ, Cell.WRITE, Cell.READ_OWN})
_AGREED_READ = frozenset({Cell.AGREED, Cell.AGREED_WRITE})
# After triage the CSAM keeps identity and employment, read only (access notes).
_CSAM_AFTER_TRIAGE = frozenset({Label.IDENTITY, Label.EMPLOYMENT})


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What decides whether a sharing agreement is in force, and what it opens."""

    organisation_id: int
    labels: frozenset[Label]
    starts_on: date
    ends_on: date | None = None
    withdrawn_on: date | None = None

    def in_force(self, today: date) -> bool:
        """Tell whether the agreement holds on `today`; a withdrawal acts on its own day."""
        ended = self.ends_on is not None and self.ends_on < today
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= today
        return self.starts_on <= today and not ended and not withdrawn


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides who sees a case."""

    cellule_id: int
    in_triage: bool
    closed: bool
    referent_user_id: int | None
    agreements: tuple[AgreementFacts, ...] = ()
    case_id: int = 0
    # A restricted case is open to its referent and to those named: people of the core, organisations.
    restricted: bool = False
    readers: frozenset[int] = frozenset()
    reader_organisations: frozenset[int] = frozenset()
    # People who declared a conflict of interest: nothing of the case is theirs, whatever their role.
    recused: frozenset[int] = frozenset()
    # The processing of the person is restricted (art. 18 RGPD): nothing of any of its cases is shared.
    frozen: bool = False
    # The time of the case is over: nobody sees it any more, its erasure is near.
    hidden: bool = False


def agreed_labels(actor: Actor, case: CaseFacts, today: date) -> frozenset[Label]:
    """Return the labels opened to the actor's organisation by agreements in force.

    The end of the case ends every sharing; a restriction of the processing suspends it.
    """
    if case.closed or case.frozen:
        return frozenset()
    opened = [
        agreement.labels
        for agreement in case.agreements
        if agreement.organisation_id == actor.organisation_id and agreement.in_force(today)
    ]
    return frozenset().union(*opened)


def can_see_case(actor: Actor, case: CaseFacts, today: date) -> bool:
    """Tell whether the actor may know that the case exists."""
    if actor.cellule_id != case.cellule_id or case.hidden or actor.user_id in case.recused:
        return False
    if actor.in_emergency:
        return actor.is_core and actor.emergency_case_id == case.case_id
    if case.restricted and not _is_named(actor, case):
        return False
    if actor.is_partner:
        return bool(agreed_labels(actor, case, today))
    return actor.is_core or actor.role is Role.CSAM


def _is_named(actor: Actor, case: CaseFacts) -> bool:
    """Tell whether a restricted case is open to the actor: its referent, a person or an organisation named."""
    if actor.is_partner:
        return actor.organisation_id in case.reader_organisations
    return actor.is_core and (actor.user_id == case.referent_user_id or actor.user_id in case.readers)


def answers_for(actor: Actor, referent_user_id: int | None) -> bool:
    """Tell whether the actor answers for a case: its referent, the manager, or the service when nobody is named."""
    if actor.role is Role.MANAGER:
        return True
    return actor.role is Role.SERVICE_SOCIAL and referent_user_id in (None, actor.user_id)


def readable_labels(actor: Actor, case: CaseFacts, today: date) -> frozenset[Label]:
    """Return the labels of the case that the actor may read as a whole.

    Labels marked `own` are not in it: what is one's own is decided row by row.
    """
    if not can_see_case(actor, case, today):
        return frozenset()
    agreed = agreed_labels(actor, case, today) if actor.is_partner else frozenset()
    return frozenset(label for label in Label if _reads(actor, case, label, agreed))


def _reads(actor: Actor, case: CaseFacts, label: Label, agreed: frozenset[Label]) -> bool:
    access = cell(actor.role, label)
    if actor.role is Role.CSAM and not case.in_triage:
        return label in _CSAM_AFTER_TRIAGE
    if actor.role is Role.SPST and label is Label.CONCLUSION and not actor.is_physician:
        return False
    if access is Cell.OWNER:
        # What belongs to its author is no matter of urgency: an emergency access does not open it.
        return not actor.in_emergency and (actor.role is Role.MANAGER or actor.user_id == case.referent_user_id)
    if access in _AGREED_READ:
        return label in agreed
    return access in _ALWAYS_READ


def writable_labels(actor: Actor, case: CaseFacts, today: date) -> frozenset[Label]:
    """Return the labels of the case that the actor may write.

    None during an emergency access, and none while the processing is restricted: what the law still allows
    then has its own use cases in `privacy`.
    """
    if actor.in_emergency or case.frozen:
        return frozenset()
    readable = readable_labels(actor, case, today)
    return frozenset(label for label in readable if _writes(actor, case, label))


def _writes(actor: Actor, case: CaseFacts, label: Label) -> bool:
    if case.closed and label is not Label.OUTCOME:
        return False
    if actor.role is Role.CSAM and not case.in_triage:
        return False
    if actor.role is Role.SPST and label is Label.RESTRICTIONS and not actor.is_physician:
        return False
    return cell(actor.role, label) in {Cell.WRITE, Cell.AGREED_WRITE, Cell.OWNER}


def hidden_zones(actor: Actor, case: CaseFacts, today: date) -> tuple[Label, ...]:
    """Return the labels that a member of the core knows to exist but may not read.

    An external partner is never told.
    """
    if not actor.is_core or not can_see_case(actor, case, today):
        return ()
    readable = readable_labels(actor, case, today)
    concerned = (Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE)
    return tuple(label for label in concerned if label not in readable)


_WHY_HIDDEN = {
    Label.MEDICAL: "réservée au service médical",
    Label.SOCIAL: "réservés à l’assistant de service social référent et à son manager",
    Label.NIR: "réservé aux services qui en ont l’usage légal",
    Label.ALLOWANCE: "réservées aux services qui instruisent les droits",
}


def why_hidden(label: Label) -> str:
    """Return the French sentence that says that a zone is masked, and why."""
    reason = _WHY_HIDDEN.get(label, "hors de vos attributions")
    name = LABEL_NAMES[label]
    return f"{name[0].upper()}{name[1:]} : {reason}."
