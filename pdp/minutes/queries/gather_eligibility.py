"""The eligibility printed for one item: the snapshot frozen by the ballot, and what people said of it."""

from collections.abc import Sequence

from pdp.dispositifs.enums import Doctrine, StatusGroup, Verdict
from pdp.meetings.models import AgendaItem
from pdp.minutes.enums import StatusGroup as PrintedGroup
from pdp.minutes.facts import AnswerFacts, EligibilityFacts, OverrideFacts
from pdp.minutes.french import NBSP
from pdp.minutes.queries.load import LoadedMeeting
from pdp.requests.models import HumanAnswer
from pdp.requests.rules.findings import GroupFindings, read_stored

STATUS_NAMES: dict[StatusGroup, str] = {
    StatusGroup.SALARIE: "Salarié(e)",
    StatusGroup.TI: "TI",
    StatusGroup.AUTRE: "Autre situation",
}
_DOCTRINES = {Doctrine.REGIONAL: "doctrine régionale", Doctrine.LAW: "doctrine du texte de loi"}


def gather_eligibility(loaded: LoadedMeeting, item: AgendaItem) -> tuple[EligibilityFacts, ...]:
    """Return one verdict per status: of the ballot's snapshot, else of the newest one."""
    snapshot = item.ballot.snapshot if item.ballot else loaded.snapshots.get(item.request_id)
    if snapshot is None:
        return ()
    answers = loaded.answers.get(item.request_id, ())
    return tuple(_verdict(group, _newest(group.group, answers)) for group in read_stored(snapshot.results))


def _newest(group: StatusGroup, answers: Sequence[HumanAnswer]) -> Sequence[HumanAnswer]:
    """Return the answer that holds for each rule of a status: the newest one."""
    held = {answer.rule_id: answer for answer in answers if answer.status_group is group}
    return tuple(held.values())


def _verdict(result: GroupFindings, answers: Sequence[HumanAnswer]) -> EligibilityFacts:
    reasons = {finding.id: finding.reason for finding in result.findings}
    return EligibilityFacts(
        group=PrintedGroup(result.group.value),
        status_name=STATUS_NAMES[result.group],
        verdict=result.verdict.label,
        sentence=_sentence(result),
        doctrine=_DOCTRINES[result.doctrine],
        rule_ids=tuple(finding.id for finding in result.failed),
        divergence=result.divergence.explanation if result.divergence else "",
        overrides=tuple(
            OverrideFacts(_who(answer), answer.reason, (answer.rule_id,))
            for answer in answers
            if answer.is_override and answer.accepted
        ),
        answers=tuple(
            AnswerFacts(reasons.get(answer.rule_id, result.explanation), _said(answer), _who(answer))
            for answer in answers
            if not answer.is_override
        ),
    )


def _sentence(result: GroupFindings) -> str:
    """Return the sentence of the verdict and, when it is not open, the reasons of its gravest rules."""
    lead = result.explanation[:1].lower() + result.explanation[1:]
    gravest = [finding.reason.rstrip(".") for finding in result.failed if finding.verdict is result.verdict]
    if result.verdict is Verdict.ELIGIBLE or not gravest:
        return lead
    return f"{lead} {f'{NBSP}; '.join(dict.fromkeys(gravest))}."


def _said(answer: HumanAnswer) -> str:
    word = "Oui" if answer.accepted else "Non"
    reason = answer.reason.strip()
    return f"{word}, {reason[:1].lower()}{reason[1:]}" if reason else word


def _who(answer: HumanAnswer) -> str:
    return ", ".join(filter(None, (answer.answered_by.full_name, answer.seat_label)))
