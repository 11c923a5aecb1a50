"""The eligibility printed for one item: the snapshot frozen by the ballot, and what people said of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.core.french import NBSP
from pdp.dispositifs.enums import Doctrine, StatusGroup
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries import settled_at
from pdp.minutes.document import FORBIDDEN_LABELS
from pdp.minutes.enums import StatusGroup as PrintedGroup
from pdp.minutes.facts import AnswerFacts, EligibilityFacts, OverrideFacts, ReasonFacts
from pdp.minutes.queries.load import LoadedMeeting
from pdp.policy.labels import Label
from pdp.requests.models import HumanAnswer
from pdp.requests.rules.findings import Divergence, Finding, GroupFindings, read_stored
from pdp.requests.rules.labels import labels_of

STATUS_NAMES: dict[StatusGroup, str] = {
    StatusGroup.SALARIE: "Salarié(e)",
    StatusGroup.TI: "TI",
    StatusGroup.AUTRE: "Autre situation",
}
_DOCTRINES = {Doctrine.REGIONAL: "doctrine régionale", Doctrine.LAW: "doctrine du texte de loi"}
_RESERVED = "Un point relève de droits qui ne figurent pas dans un procès-verbal"
# A label that only the core reads as a whole: what carries it is in the complete version alone.
_CORE_ONLY = frozenset({Label.BALLOT})


@dataclass(frozen=True, slots=True)
class _Spoken:
    """How a rule is spoken of in print: its words and what they are about, neutral where no minutes may tell."""

    text: str
    rule_id: str
    labels: frozenset[Label]


def gather_eligibility(loaded: LoadedMeeting, item: AgendaItem) -> tuple[EligibilityFacts, ...]:
    """Return one verdict per status, with what people had said of it when the item came to rest."""
    snapshot = loaded.snapshots.get(item.request_id)
    if snapshot is None:
        return ()
    until = settled_at(loaded.meeting, item)
    given = loaded.answers.get(item.request_id, ())
    answers = [answer for answer in given if until is None or answer.answered_at <= until]
    return tuple(_verdict(group, _newest(group.group, answers)) for group in read_stored(snapshot.results))


def _newest(group: StatusGroup, answers: Sequence[HumanAnswer]) -> Sequence[HumanAnswer]:
    """Return the answer that holds for each rule of a status: the newest one."""
    held = {answer.rule_id: answer for answer in answers if answer.status_group is group}
    return tuple(held.values())


def _verdict(result: GroupFindings, answers: Sequence[HumanAnswer]) -> EligibilityFacts:
    spoken = {finding.id: _speak(finding) for finding in result.findings}
    of_status = _Spoken(result.explanation, "", frozenset({Label.EMPLOYMENT}))
    reasons = dict.fromkeys(
        ReasonFacts(spoken[finding.id].text, spoken[finding.id].rule_id, spoken[finding.id].labels)
        for finding in result.failed
    )
    return EligibilityFacts(
        group=PrintedGroup(result.group.value),
        status_name=STATUS_NAMES[result.group],
        verdict=result.verdict.label,
        sentence=result.explanation[:1].lower() + result.explanation[1:],
        doctrine=_DOCTRINES[result.doctrine],
        reasons=tuple(reasons),
        divergence=_divergence(result.divergence) if result.divergence else "",
        overrides=tuple(
            _override(answer, spoken.get(answer.rule_id, of_status)) for answer in answers if answer.is_override
        ),
        answers=tuple(
            _answer(answer, spoken.get(answer.rule_id, of_status)) for answer in answers if not answer.is_override
        ),
    )


def _speak(finding: Finding) -> _Spoken:
    labels = labels_of(finding.facts) - {Label.REQUEST}
    if labels & FORBIDDEN_LABELS:
        return _Spoken(_RESERVED, "", _CORE_ONLY)
    return _Spoken(finding.reason, finding.id, labels)


def _divergence(found: Divergence) -> str:
    """Return both conclusions, without the reasons: they may speak of what the reader may not know."""
    return (
        f"Les deux doctrines divergent{NBSP}: «{NBSP}{found.regional.label}{NBSP}» selon la doctrine régionale, "
        f"«{NBSP}{found.law.label}{NBSP}» selon le texte de loi"
    )


def _override(answer: HumanAnswer, rule: _Spoken) -> OverrideFacts:
    return OverrideFacts(_who(answer), answer.reason, (rule.rule_id,) if rule.rule_id else (), rule.labels)


def _answer(answer: HumanAnswer, rule: _Spoken) -> AnswerFacts:
    word = "Oui" if answer.accepted else "Non"
    reason = answer.reason.strip()
    said = f"{word}, {reason[:1].lower()}{reason[1:]}" if reason else word
    return AnswerFacts(rule.text, said, _who(answer), rule.labels)


def _who(answer: HumanAnswer) -> str:
    return ", ".join(filter(None, (answer.answered_by.full_name, answer.seat_label)))
