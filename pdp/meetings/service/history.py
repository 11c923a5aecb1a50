"""Add to the history of presence: one line for each thing that happens to a seat, in the act's transaction."""

from datetime import datetime

from pdp.core import clock, db
from pdp.meetings import queries
from pdp.meetings.enums import AttendanceState, PresenceKind
from pdp.meetings.models import Attendance, AttendanceEvent, Meeting
from pdp.meetings.rules.presence import Event, next_kind, stays
from pdp.policy.actor import Actor

_AWAY = {
    AttendanceState.EXCUSED: PresenceKind.EXCUSED,
    AttendanceState.ABSENT: PresenceKind.ABSENT,
    AttendanceState.AWAITED: PresenceKind.ABSENT,
    AttendanceState.REPRESENTED: PresenceKind.REPRESENTED,
}


class History:
    """The history of a séance while an act adds to it."""

    def __init__(self, actor: Actor, meeting: Meeting) -> None:
        self.actor, self.meeting = actor, meeting
        self.events = {
            seat: list(found) for seat, found in queries.list_events(meeting.cellule_id, meeting.id).items()
        }
        self._sat = {seat: _sitting(found) for seat, found in self.events.items()}

    def begin(self, row: Attendance) -> None:
        """Write first how a seat stood that was recorded before there was a history."""
        if row.seat_id in self.events or row.state is not AttendanceState.PRESENT:
            return
        begun = row.arrived_at or self.meeting.opened_at or clock.now()
        self._add(row, PresenceKind.ARRIVED, began=begun)
        self._sat[row.seat_id] = row.membership_id

    def sits(self, row: Attendance) -> None:
        """The person of the row sits from now on: an arrival, a return, a suppléance or another way to attend."""
        assert row.membership_id is not None
        self._add(row, next_kind(self.events.get(row.seat_id, []), row.membership_id))

    def leaves(self, row: Attendance) -> None:
        """The person of the row leaves."""
        self._add(row, PresenceKind.LEFT)

    def stays_away(self, row: Attendance) -> None:
        """The seat is empty: excused, absent, or represented by the row's proxy."""
        self._add(row, _AWAY[row.state])

    def proxy_ends(self, row: Attendance) -> None:
        """Who carried the proxy of the row no longer does."""
        self._add(row, PresenceKind.PROXY_ENDED)

    def correct(self, row: Attendance, event: int) -> None:
        """An earlier line of the seat was a mistake."""
        self._add(row, PresenceKind.CORRECTED, corrects=event)

    def same_person(self, row: Attendance) -> bool:
        """Tell whether the seat is held by who held it before the act."""
        return self._sat.get(row.seat_id) == row.membership_id

    def _add(
        self,
        row: Attendance,
        kind: PresenceKind,
        *,
        began: datetime | None = None,
        corrects: int | None = None,
    ) -> None:
        line = AttendanceEvent(
            cellule_id=row.cellule_id,
            meeting_id=row.meeting_id,
            seat_id=row.seat_id,
            kind=kind,
            membership_id=row.membership_id,
            mode=row.mode,
            proxy_seat_id=row.proxy_seat_id,
            item_id=None if began else self.meeting.current_item_id,
            at=began or clock.now(),
            recorded_by_id=self.actor.user_id,
            corrects_id=corrects,
        )
        db.session().add(line)
        db.session().flush()
        self.events.setdefault(row.seat_id, []).append(
            Event(
                event=line.id,
                seat=line.seat_id,
                kind=kind,
                at=line.at,
                person=line.membership_id,
                mode=line.mode,
                proxy_seat=line.proxy_seat_id,
                item=line.item_id,
                corrects=corrects,
            )
        )


def _sitting(events: list[Event]) -> int | None:
    found = stays(events)
    return found[-1].person if found and found[-1].until is None else None
