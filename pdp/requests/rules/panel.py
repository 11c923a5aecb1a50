"""A request as one reader may see it: what is not theirs to read is not in it."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.dispositifs.enums import Dispositif, Doctrine, StatusGroup, Verdict
from pdp.dispositifs.rules.explain import lead_sentence
from pdp.dispositifs.rules.model import worst
from pdp.policy.labels import Label
from pdp.requests.enums import PieceNature, PieceState, RequestAction, RequestAuthor, RequestStatus
from pdp.requests.rules.findings import Finding, GroupFindings
from pdp.requests.rules.labels import is_readable
from pdp.requests.rules.standing import Answer, GroupStanding, Standing, may_override, status_finding
from pdp.requests.rules.trial import TrialDays


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A line of the table of agreements and documents."""

    public_id: str
    nature: PieceNature
    name: str
    note: str
    state: PieceState
    dated: date | None
    asked_on: date | None
    comment: str
    may_record: bool
    may_ask: bool

    @property
    def state_key(self) -> str:
        """Return the key of the state as pages show it; one that was asked for is awaited, not merely missing."""
        if self.state is PieceState.MISSING and self.asked_on is not None:
            return "agreement.REQUESTED"
        return f"{self.nature.value}.{self.state.value}"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that did not pass, the answer given to it, and what the reader may do about it."""

    finding: Finding
    answer: Answer | None
    may_answer: bool
    may_override: bool


@dataclass(frozen=True, slots=True)
class GroupPanel:
    """The eligibility under one status. `hidden` counts the rules that a partner may not read.

    To a partner, `verdict` and `explanation` speak of the rules that it reads: it is not told of others.
    """

    result: GroupFindings
    verdict: Verdict
    explanation: str
    failed: tuple[RuleLine, ...]
    passed: tuple[Finding, ...]
    hidden: int
    standing: GroupStanding


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something that happened to the request."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RequestPanel:
    """A request as one actor may see it on one day. `pieces` None: not readable."""

    public_id: str
    version: int
    case: str
    case_reference: str
    dispositif: Dispositif
    title: str
    status: RequestStatus
    author: RequestAuthor
    purpose: str
    start: date | None
    end: date | None
    details: tuple[tuple[str, str], ...]
    decided_by: str
    legal_basis: str
    evaluated_on: date
    doctrine: Doctrine
    # Whether the verdicts are those that were kept, the request being past its opinion.
    kept: bool
    standing: Standing
    groups: tuple[GroupPanel, ...]
    trial: TrialDays | None
    pieces: tuple[PieceLine, ...] | None
    actions: tuple[RequestAction, ...]
    may_edit: bool
    may_decline: bool
    decline_reason: str
    # Whether it became a measure, whose follow-up the reader may read.
    has_measure: bool
    advice: str
    history: tuple[HistoryLine, ...]

    @property
    def hidden(self) -> int:
        """Count the rules that the reader may not read."""
        return sum(group.hidden for group in self.groups)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in the list of a case."""

    public_id: str
    title: str
    status: RequestStatus
    start: date | None
    end: date | None
    purpose: str


def group_panels(
    results: tuple[GroupFindings, ...],
    standing: Standing,
    answers: tuple[Answer, ...],
    readable: frozenset[Label],
    *,
    may_settle: bool,
    is_core: bool,
) -> tuple[GroupPanel, ...]:
    """Return the panels of a reader; none for who may not even know the statuses of the person."""
    if Label.EMPLOYMENT not in readable:
        return ()
    newest = {(answer.group, answer.rule_id): answer for answer in answers}
    panels = []
    for result, stands in zip(results, standing.groups, strict=True):
        asked = (status_finding(result),) if result.group is StatusGroup.AUTRE else result.failed
        failed = [finding for finding in asked if is_readable(finding, readable, is_core=is_core)]
        passed = tuple(finding for finding in result.passed if is_readable(finding, readable, is_core=is_core))
        questions = {question.rule_id for question in stands.questions}
        lines = tuple(
            RuleLine(
                finding=finding,
                answer=newest.get((result.group, finding.id)),
                may_answer=may_settle and finding.verdict.value == "a_verifier",
                may_override=may_settle and may_override(finding),
            )
            for finding in sorted(failed, key=lambda each: (-each.verdict.gravity, each.id not in questions))
        )
        hidden = len(asked) + len(result.passed) - len(failed) - len(passed)
        verdict, explanation = result.verdict, result.explanation
        if hidden and result.group is not StatusGroup.AUTRE:
            shown = (*failed, *passed)
            verdict = worst(finding.verdict for finding in shown)
            explanation = lead_sentence(result.dispositif, result.group, verdict, shown)
        panels.append(GroupPanel(result, verdict, explanation, lines, passed, hidden, stands))
    return tuple(panels)
