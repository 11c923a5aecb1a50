"""Who came, left and came back, in the words of the minutes: for the whole séance, and for each point."""

from collections.abc import Sequence
from datetime import datetime

from pdp.accounts.enums import CORE_KINDS
from pdp.accounts.models import Membership
from pdp.core import clock, french
from pdp.core.french import NBSP
from pdp.meetings.enums import AttendanceState, PointPlace
from pdp.meetings.models import AgendaItem, Attendance
from pdp.meetings.rules.presence import Share, Stay, share, stays
from pdp.minutes.facts import MoveFacts
from pdp.minutes.queries.load import LoadedMeeting


def gather_moves(loaded: LoadedMeeting, attendance: Attendance) -> tuple[MoveFacts, ...]:
    """Return what happened to a seat after the first point was begun and before the end."""
    events = loaded.events.get(attendance.seat_id)
    if events is None:
        return _from_row(loaded, attendance)
    found: list[MoveFacts] = []
    seen: set[int] = set()
    for stay in stays(events):
        point = _point(loaded, stay.since_item, stay.since)
        if point is not None or found:
            word = "retour" if stay.person in seen else "suppléance" if stay.takes_over else "arrivée"
            found.append(_move(word, stay.since, point))
        seen.add(stay.person)
        if stay.until is not None and not _is_over(loaded, stay.until) and not _is_taken_over(stay, stays(events)):
            found.append(_move("départ", stay.until, _point(loaded, stay.until_item, stay.until)))
    return tuple(found)


def earlier_holders(loaded: LoadedMeeting, attendance: Attendance) -> tuple[Membership, ...]:
    """Return who held the seat before the person whom its row names, each once."""
    people = dict.fromkeys(stay.person for stay in stays(loaded.events.get(attendance.seat_id, ())))
    known = {holder.membership_id: holder.membership for holder in loaded.holders.get(attendance.seat_id, ())}
    return tuple(known[person] for person in people if person != attendance.membership_id and person in known)


def presence_of(loaded: LoadedMeeting, item: AgendaItem) -> str:
    """Say who of the services was not there for a whole point, though there in the séance; empty when all were."""
    if item.started_at is None:
        return ""
    end = min(
        (other.started_at for other in loaded.items if other.started_at and other.started_at > item.started_at),
        default=loaded.meeting.closed_at,
    )
    aside, away, part = [], [], []
    for row in loaded.attendances:
        events = loaded.events.get(row.seat_id, ())
        if row.seat.organisation.kind not in CORE_KINDS or not stays(events):
            continue
        shared = share(events, item.started_at, end)
        if _is_aside(loaded, item, row, end):
            aside.append(row.seat.label)
        elif shared is Share.NONE:
            away.append(row.seat.label)
        elif shared is Share.PART:
            part.append(row.seat.label)
    lines = (("Déport", aside), ("Parti ou pas encore arrivé", away), ("Présent en partie", part))
    return " ".join(f"{word}{NBSP}: {french.listing(seats)}." for word, seats in lines if seats)


def point_under_way(loaded: LoadedMeeting, at: datetime | None) -> int | None:
    """Return the number of the point under discussion at an instant; None before the first."""
    started = [(item.started_at, number_of(loaded, item)) for item in loaded.items if item.started_at]
    before = [(instant, position) for instant, position in started if at and instant <= at]
    return max(before)[1] if before else None


def number_of(loaded: LoadedMeeting, item: AgendaItem) -> int:
    """Return the number that a point about a case is printed under: after the points that open the séance."""
    return item.position + sum(point.place is PointPlace.OPENING for point in loaded.points)


def _is_aside(loaded: LoadedMeeting, item: AgendaItem, row: Attendance, end: datetime | None) -> bool:
    people = {stay.person for stay in stays(loaded.events.get(row.seat_id, ()))}
    users = {
        holder.membership.user_id for holder in loaded.holders.get(row.seat_id, ()) if holder.membership_id in people
    }
    return any(
        recusal.user_id in users
        and (end is None or recusal.declared_at < end)
        and (recusal.ended_at is None or (item.started_at is not None and recusal.ended_at > item.started_at))
        for recusal in loaded.recusals.get(item.request.case_id, ())
    )


def _from_row(loaded: LoadedMeeting, attendance: Attendance) -> tuple[MoveFacts, ...]:
    """Read the row of a seat recorded before there was a history."""
    if attendance.state is not AttendanceState.PRESENT:
        return ()
    found = []
    arrived = point_under_way(loaded, attendance.arrived_at)
    if attendance.arrived_at is not None and arrived is not None:
        found.append(_move("arrivée", attendance.arrived_at, arrived))
    if attendance.left_at is not None and not _is_over(loaded, attendance.left_at):
        found.append(_move("départ", attendance.left_at, point_under_way(loaded, attendance.left_at)))
    return tuple(found)


def _point(loaded: LoadedMeeting, item_id: int | None, at: datetime) -> int | None:
    positions = {item.id: number_of(loaded, item) for item in loaded.items}
    return positions.get(item_id or 0) or point_under_way(loaded, at)


def _is_over(loaded: LoadedMeeting, at: datetime) -> bool:
    return loaded.meeting.closed_at is not None and at >= loaded.meeting.closed_at


def _is_taken_over(stay: Stay, found: Sequence[Stay]) -> bool:
    return any(other.takes_over and other.since == stay.until for other in found)


def _move(word: str, at: datetime, point: int | None) -> MoveFacts:
    return MoveFacts(word, clock.local(at), point)
