"""What an eligibility allows in séance: a verdict opens or closes opinions, it is never a decision.

A person with two statuses is evaluated twice; the request stands as under the more open of the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from pdp.core.errors import RuleViolation
from pdp.dispositifs.enums import AgreementKind, Basis, Cause, RuleDoctrine, StatusGroup, Verdict
from pdp.requests.rules.findings import Finding, GroupFindings

# The question asked when no rule covers a status: a person has to say whether the dispositif applies.
STATUS_QUESTION = "STATUT"
# Opinions by their code (`meetings.enums.OpinionCode`, a layer above this one).
ALL_OPINIONS = frozenset(
    {"FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED"}
)
_NOT_FAVOURABLE = ALL_OPINIONS - {"FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS"}
_CLOSED_BY_LAW = _NOT_FAVOURABLE - {"ADJOURNED"}
_INCOMPLETE = frozenset({"ADJOURNED"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A named person's answer to one rule; `is_override` sets an ineligibility aside."""

    group: StatusGroup
    rule_id: str
    accepted: bool
    is_override: bool
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A point that a person must settle before the ballot closes. `facts` says what it speaks about."""

    group: StatusGroup
    rule_id: str
    text: str
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """How a request stands under one status. Sentences are ready to be printed."""

    group: StatusGroup
    verdict: Verdict
    by_law: tuple[str, ...] = ()
    medical_refusals: tuple[str, ...] = ()
    by_practice: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    overridden: tuple[Answer, ...] = ()

    @property
    def closure(self) -> tuple[bool, bool, bool, bool, bool]:
        """What closes the request, the gravest first: the smaller, the more open."""
        found = (self.by_law, self.medical_refusals, self.by_practice, self.missing, self.questions)
        return (bool(found[0]), bool(found[1]), bool(found[2]), bool(found[3]), bool(found[4]))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands: under each status, and under the more open one, which leads."""

    groups: tuple[GroupStanding, ...]

    @property
    def leading(self) -> GroupStanding:
        """The standing under the status that leaves most open."""
        return min(self.groups, key=lambda group: group.closure)

    @property
    def allowed_opinions(self) -> frozenset[str]:
        """The codes of the opinions that the cellule may give, before any vote."""
        leading = self.leading
        if leading.by_law:
            return _CLOSED_BY_LAW
        if leading.medical_refusals or leading.by_practice:
            return _NOT_FAVOURABLE
        return _INCOMPLETE if leading.missing else ALL_OPINIONS

    @property
    def may_close(self) -> bool:
        """Tell whether a ballot may close: every point to check has a named answer."""
        return not self.leading.questions

    @property
    def sentence(self) -> str:
        """Say in one sentence what the eligibility allows."""
        return _sentence(self.leading)


def stand(results: Iterable[GroupFindings], answers: Iterable[Answer]) -> Standing:
    """Return how a request stands. `answers` in the order given: the newest answer to a rule holds."""
    newest = {(answer.group, answer.rule_id): answer for answer in answers}
    return Standing(tuple(_stand(result, newest) for result in results))


def allowed_opinions(results: Iterable[GroupFindings], answers: Iterable[Answer]) -> frozenset[str]:
    """Return the codes of the opinions that the cellule may give, before any vote."""
    return stand(results, answers).allowed_opinions


def missing_pieces(results: Iterable[GroupFindings], answers: Iterable[Answer] = ()) -> tuple[str, ...]:
    """Return the missing pieces as noun phrases (« l’accord du médecin-conseil »), under the leading status."""
    return stand(results, answers).leading.missing


def open_questions(results: Iterable[GroupFindings], answers: Iterable[Answer]) -> tuple[Question, ...]:
    """Return the points still to be settled by a named person, under the leading status."""
    return stand(results, answers).leading.questions


def may_override(finding: Finding) -> bool:
    """Tell whether a deliberative member may set this ineligibility aside, with a written reason.

    Never for a text of law, nor for an agreement that a physician refused.
    """
    if finding.verdict is not Verdict.INELIGIBLE or _is_medical_refusal(finding):
        return False
    return finding.basis is not Basis.LAW or finding.doctrine is RuleDoctrine.REGIONAL


def ensure_overridable(finding: Finding) -> None:
    """Refuse an override that the rule does not allow. Raises `RuleViolation`."""
    if finding.verdict is not Verdict.INELIGIBLE:
        raise RuleViolation("Cette règle ne rend pas la demande non éligible : il n’y a rien à écarter.")
    if _is_medical_refusal(finding):
        raise RuleViolation("Un accord médical est refusé : aucun membre ne peut passer outre.")
    if not may_override(finding):
        raise RuleViolation(
            f"Cette règle vient d’un texte ({finding.source}) : elle ne peut pas être écartée. "
            "La demande peut être inscrite pour un avis défavorable, sans objet ou réorienté."
        )


def _stand(result: GroupFindings, answers: Mapping[tuple[StatusGroup, str], Answer]) -> GroupStanding:
    failed = [(finding, answers.get((result.group, finding.id))) for finding in result.failed]
    effects = [(_effect(finding, answer), finding, answer) for finding, answer in failed]
    if result.group is StatusGroup.AUTRE:
        effects.append(_status_effect(result, answers.get((result.group, STATUS_QUESTION))))
    refused = [finding.reason for finding, _ in failed if _is_medical_refusal(finding)]
    waiting = [finding for effect, finding, _ in effects if effect is _Effect.MISSING]
    return GroupStanding(
        group=result.group,
        verdict=result.verdict,
        by_law=_reasons(effects, _Effect.CLOSED_BY_LAW),
        medical_refusals=tuple(dict.fromkeys(refused)),
        by_practice=_reasons(effects, _Effect.CLOSED_BY_PRACTICE),
        missing=tuple(dict.fromkeys(piece for each in waiting for piece in each.missing or (each.reason,))),
        questions=tuple(
            Question(result.group, each.id, each.sentence, each.facts)
            for effect, each, _ in effects
            if effect is _Effect.QUESTION
        ),
        overridden=tuple(answer for effect, _, answer in effects if effect is _Effect.SET_ASIDE and answer),
    )


class _Effect(Enum):
    CLOSED_BY_LAW = auto()
    CLOSED_BY_PRACTICE = auto()
    SET_ASIDE = auto()
    MISSING = auto()
    QUESTION = auto()
    NONE = auto()


def _effect(finding: Finding, answer: Answer | None) -> _Effect:
    if finding.verdict is Verdict.PIECE_MANQUANTE:
        return _Effect.MISSING
    if finding.verdict is Verdict.A_VERIFIER:
        return _answered(answer)
    if not may_override(finding):
        # A refused medical agreement asked for by a local practice is no text, and still blocks.
        return _Effect.CLOSED_BY_LAW if finding.basis is Basis.LAW else _Effect.NONE
    return _Effect.SET_ASIDE if answer and answer.is_override else _Effect.CLOSED_BY_PRACTICE


def _answered(answer: Answer | None) -> _Effect:
    if answer is None:
        return _Effect.QUESTION
    return _Effect.NONE if answer.accepted else _Effect.CLOSED_BY_PRACTICE


def _status_effect(result: GroupFindings, answer: Answer | None) -> tuple[_Effect, Finding, Answer | None]:
    return _answered(answer), status_finding(result), answer


def status_finding(result: GroupFindings) -> Finding:
    """Return, as a finding, the question asked of a status that no rule covers."""
    return Finding(
        id=STATUS_QUESTION,
        version="",
        verdict=Verdict.A_VERIFIER,
        reason=result.explanation,
        source="Règle de gestion de la cellule",
        basis=Basis.LOCAL,
        doctrine=RuleDoctrine.ANY,
        cause=Cause.UNKNOWN,
        facts=frozenset({"status"}),
        missing=(),
    )


def _reasons(effects: Iterable[tuple[_Effect, Finding, Answer | None]], wanted: _Effect) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.reason for effect, finding, _ in effects if effect is wanted))


def _is_medical_refusal(finding: Finding) -> bool:
    medical = {f"agreement.{kind}" for kind in AgreementKind if kind.is_medical}
    agreements = {path for path in finding.facts if path.startswith("agreement.")}
    return finding.verdict is Verdict.INELIGIBLE and bool(agreements & medical)


def _sentence(standing: GroupStanding) -> str:
    if standing.by_law:
        return "La demande ne peut être inscrite que pour un avis défavorable, sans objet ou réorienté."
    if standing.medical_refusals:
        return "Un accord médical est refusé : l’avis ne peut pas être favorable."
    if standing.by_practice:
        return "L’avis ne peut pas être favorable, sauf si un membre délibératif écarte la règle par écrit."
    if standing.missing:
        return "La demande peut être inscrite ; tant qu’une pièce manque, l’avis est ajourné."
    count = len(standing.questions)
    if count:
        points = "Un point est" if count == 1 else f"{count} points sont"
        return f"{points} à trancher par une personne nommée avant la clôture du scrutin."
    return "La cellule peut rendre tout avis."
