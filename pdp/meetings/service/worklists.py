"""What waits for someone around the séances: requests to table, decisions to record, things to do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.dispositifs.catalogue import Sheet, sheet
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings.hooks import Phrase, PhraseUse, list_phrases
from pdp.meetings.models import CelluleOpinion, FundDecision, Meeting
from pdp.meetings.queries import labels_by_case
from pdp.meetings.queries.actions import ActionRow, list_done_actions, list_open_actions
from pdp.meetings.queries.backlog import BacklogRow, count_backlog, groups_of, missing_by_request
from pdp.meetings.queries.backlog import list_backlog as backlog_rows
from pdp.meetings.queries.decisions import (
    OpinionGiven,
    count_awaiting_decisions,
    find_decision,
    find_opinion_given,
    list_awaiting_decisions,
)
from pdp.meetings.queries.held import Held, list_held
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.requests.models import DispositifRequest

_MANY = 200
_LATELY = 20


@dataclass(frozen=True, slots=True)
class Backlog:
    """The requests that may be tabled, the longest waiting first; `total` counts those not shown too.

    `missing` names, by request, the pieces that those already tabled still wait for.
    """

    rows: tuple[BacklogRow, ...]
    total: int
    missing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AwaitedDecision:
    """An opinion that awaits the decision of the deciding body. Days are local."""

    request: DispositifRequest
    groups: tuple[StatusGroup, ...]
    opinion: CelluleOpinion
    given_on: date
    meeting: Meeting
    held_on: date
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class AwaitedDecisions:
    """A page of them, the oldest opinion first."""

    rows: tuple[AwaitedDecision, ...]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A request, its opinion, and its decision once recorded."""

    awaited: AwaitedDecision
    decision: FundDecision | None
    # The conditions of the opinion, and where they stand.
    held: Held | None
    # The sentences that the cellule keeps for reasons.
    phrases: Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class ActionList:
    """Things to do by urgency, and the latest ones done."""

    late: tuple[ActionRow, ...]
    this_week: tuple[ActionRow, ...]
    later: tuple[ActionRow, ...]
    done: tuple[ActionRow, ...]

    @property
    def open_count(self) -> int:
        """Count what is still to do."""
        return len(self.late) + len(self.this_week) + len(self.later)


def list_backlog(actor: Actor, tabled: Collection[str] = (), *, limit: int = _MANY) -> Backlog:
    """Return the requests of the cellule that may be put on an agenda; coordinator only.

    `tabled` are the requests already on it.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        rows = tuple(backlog_rows(actor, limit))
        total = count_backlog(actor)
        missing = missing_by_request(actor.cellule_id, tabled)
        audit.record(actor, "request.list", filter="backlog", count=len(rows))
    return Backlog(rows, total, missing)


def list_decisions_to_record(actor: Actor, *, after: str | None = None, limit: int = 20) -> AwaitedDecisions:
    """Return a page of the opinions that await a decision."""
    ensure(actor, Permission.DECISION_RECORD)
    with db.transaction(actor):
        found = list_awaiting_decisions(actor, after, limit + 1)
        total = count_awaiting_decisions(actor)
        audit.record(actor, "decision.list", filter="awaited", count=min(len(found), limit))
    rows = tuple(_awaited(given) for given in found[:limit])
    return AwaitedDecisions(rows, total, rows[-1].opinion.public_id if len(found) > limit else None)


def read_decision(actor: Actor, request: str) -> DecisionPage:
    """Return a request with its opinion and decision. Raises `NotFound` before any opinion."""
    ensure(actor, Permission.DECISION_RECORD)
    with db.transaction(actor):
        given = find_opinion_given(actor, request)
        decision = find_decision(actor.cellule_id, given.request.id)
        phrases = list_phrases(actor.cellule_id, given.request.dispositif)[PhraseUse.REASONS]
        audit.record(actor, "case.read", case_id=given.request.case_id, subject=given.request, part="decision")
        held = list_held(actor.cellule_id, [given.request.id]).get(given.request.id)
    return DecisionPage(_awaited(given), decision, held, phrases)


def list_actions(actor: Actor) -> ActionList:
    """Return the things that the actor's organisation has to do; those of all for the coordinator.

    A thing to do on a case that is no longer shared with the partner is not shown.
    """
    ensure(actor, Permission.MEETING_LIST)
    today = clock.today()
    with db.transaction(actor):
        rows = [*list_open_actions(actor, _MANY), *list_done_actions(actor, _LATELY)]
        labels = labels_by_case(actor, {row.case_key for row in rows})
        shown = tuple(
            _as_allowed(row, labels[row.case_key]) for row in rows if Label.REQUEST in labels.get(row.case_key, ())
        )
        audit.record(actor, "action.list", count=len(shown))
    to_do = [row for row in shown if row.done_on is None]
    # From Saturday on, « this week » is the one that begins on Monday.
    week_end = today + timedelta(days=6 - today.weekday() if today.weekday() < 5 else 13 - today.weekday())
    return ActionList(
        late=tuple(row for row in to_do if row.due_on < today),
        this_week=tuple(row for row in to_do if today <= row.due_on <= week_end),
        later=tuple(row for row in to_do if row.due_on > week_end),
        done=tuple(row for row in shown if row.done_on is not None),
    )


def _awaited(given: OpinionGiven) -> AwaitedDecision:
    request, opinion = given.request, given.opinion
    return AwaitedDecision(
        request=request,
        groups=groups_of(request.case),
        opinion=opinion,
        given_on=clock.local(opinion.recorded_at).date(),
        meeting=given.meeting,
        held_on=clock.local(given.meeting.starts_at).date(),
        sheet=sheet(request.dispositif),
    )


def _as_allowed(row: ActionRow, labels: frozenset[Label]) -> ActionRow:
    return row if Label.IDENTITY in labels else row.without_name()
