"""The slots of a séance, in a number of statements that no agenda makes grow."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from pdp.accounts import queries as accounts
from pdp.accounts.enums import PARTNER_KINDS
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.meetings.enums import MeetingStatus, PointPlace
from pdp.meetings.models import AgendaItem, AgendaPoint, CelluleOpinion, Meeting
from pdp.meetings.queries.access import case_facts, followers
from pdp.meetings.queries.rows.timetable import PartnerWindow, Timetable
from pdp.meetings.rules.deadline import is_late, submission_deadline
from pdp.meetings.rules.slots import Line, Slot, expected_slots, rounded, window
from pdp.policy.actor import Actor
from pdp.requests.queries import submitted_at


def meeting_slots(meeting: Meeting, points: Sequence[AgendaPoint]) -> dict[str, Slot]:
    """Return the slot of each point and item of a séance by public id; one statement."""
    return _slots(meeting, _lines(meeting, points))


def load_timetable(
    actor: Actor, meeting: Meeting, notice_days: int, points: Sequence[AgendaPoint], shown: Sequence[AgendaItem]
) -> Timetable:
    """Return the timetable of a séance; `shown` are the items that the actor may read, with their cases.

    `notice_days` is how long before it the rules of its day ask for the requests.
    """
    lines = _lines(meeting, points)
    slots = _slots(meeting, lines)
    if not actor.is_core:
        own = window(slots[item.public_id] for item in shown if item.public_id in slots)
        return Timetable({}, 0, (), rounded(own) if own else None, None, frozenset())
    deadline = last_day_in_time(meeting, notice_days)
    late = late_items(meeting, shown, [deadline])[0]
    planned = sum(line.minutes for line in lines)
    return Timetable(slots, planned, partner_windows(meeting, slots, shown), None, deadline, late)


def last_day_in_time(meeting: Meeting, notice_days: int) -> date:
    """Return the last day on which a request is in time for a séance."""
    territory = Territory(accounts.get_cellule(meeting.cellule_id).territory)
    return submission_deadline(clock.local(meeting.starts_at).date(), territory, notice_days)


def late_items(meeting: Meeting, items: Sequence[AgendaItem], deadlines: Sequence[date]) -> tuple[frozenset[str], ...]:
    """Return, for each of these deadlines, the items whose request was declared ready later; one statement."""
    ready = submitted_at(meeting.cellule_id, [item.request_id for item in items])
    on = {item.public_id: clock.local(ready[item.request_id]).date() for item in items if item.request_id in ready}
    return tuple(frozenset(item for item, day in on.items() if is_late(day, deadline)) for deadline in deadlines)


def partner_windows(
    meeting: Meeting, slots: Mapping[str, Slot], items: Sequence[AgendaItem]
) -> tuple[PartnerWindow, ...]:
    """Return from when to when each partner is needed for these items, by first start; three statements."""
    held_on = clock.local(meeting.starts_at).date()
    partners = [
        found for found in accounts.list_organisations(meeting.cellule_id, held_on) if found.kind in PARTNER_KINDS
    ]
    following = followers_by_case(
        meeting.cellule_id, {item.request.case_id for item in items}, [partner.id for partner in partners]
    )
    found = []
    for partner in partners:
        own = [item.public_id for item in items if partner.id in following.get(item.request.case_id, ())]
        slot = window(slots[key] for key in own if key in slots)
        if slot is not None:
            found.append(PartnerWindow(partner.public_id, partner.short_name, len(own), rounded(slot)))
    return tuple(sorted(found, key=lambda row: (row.slot.start, row.name)))


def followers_by_case(
    cellule_id: int, case_ids: Collection[int], organisation_ids: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """Return, by case, the partners with an agreement in force that opens its request; one statement."""
    facts = case_facts(cellule_id, case_ids, organisation_ids)
    return {case_id: followers(found) for case_id, found in facts.items()}


def _slots(meeting: Meeting, lines: Sequence[Line[str]]) -> dict[str, Slot]:
    running = meeting.status is not MeetingStatus.PLANNED
    return expected_slots(meeting.opened_at or meeting.starts_at, lines, clock.now() if running else None)


def _lines(meeting: Meeting, points: Sequence[AgendaPoint]) -> list[Line[str]]:
    rows = db.session().execute(
        select(
            AgendaItem.public_id, AgendaItem.planned_minutes, AgendaItem.started_at, CelluleOpinion.id.label("opinion")
        )
        .outerjoin(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    items = [
        Line(row.public_id, row.planned_minutes, row.started_at, row.opinion is not None or _is_over(meeting))
        for row in rows
    ]
    begun = any(line.started_at is not None for line in items)
    first = [_line(point, begun or _is_over(meeting)) for point in points if point.place is PointPlace.OPENING]
    last = [_line(point, _is_over(meeting)) for point in points if point.place is PointPlace.CLOSING]
    return [*first, *items, *last]


def _line(point: AgendaPoint, done: bool) -> Line[str]:
    return Line(point.public_id, point.planned_minutes, done=done)


def _is_over(meeting: Meeting) -> bool:
    return meeting.status in (MeetingStatus.CLOSED, MeetingStatus.CANCELLED)
