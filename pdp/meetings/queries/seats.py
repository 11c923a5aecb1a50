"""How each seat is held during a séance, with the people who may sit in it, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, contains_eager

from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Membership, Organisation, Seat, SeatHolder, User
from pdp.core import clock, db
from pdp.meetings.models import Attendance, Meeting
from pdp.meetings.queries.count import is_sitting
from pdp.meetings.queries.rows import HolderRow, SeatRow


@dataclass(frozen=True, slots=True)
class Seating:
    """The presence rows of a séance and the rows to show for them."""

    attendances: Sequence[Attendance]
    rows: tuple[SeatRow, ...]


def load_seating(meeting: Meeting) -> Seating:
    """Return who sits where, in the order of the seats; empty before the opening."""
    holders: dict[int, list[tuple[SeatHolder, Membership, User]]] = {}
    attendances: dict[int, Attendance] = {}
    for row, holder, membership, person in _rows(meeting):
        attendances[row.seat_id] = row
        known = holders.setdefault(row.seat_id, [])
        if holder is not None:
            known.append((holder, membership, person))
    rows = tuple(_row(meeting, row, attendances, holders[row.seat_id]) for row in attendances.values())
    return Seating(tuple(attendances.values()), rows)


def _rows(meeting: Meeting) -> Sequence[tuple[Attendance, SeatHolder | None, Membership, User]]:
    day = clock.local(meeting.opened_at or meeting.starts_at).date()
    sits, who = aliased(Membership), aliased(User)
    may_sit, person = aliased(Membership), aliased(User)
    found = db.session().execute(
        select(Attendance, SeatHolder, may_sit, person)
        .join(Attendance.seat)
        .join(Seat.organisation)
        .outerjoin(sits, sits.id == Attendance.membership_id)
        .outerjoin(who, who.id == sits.user_id)
        .outerjoin(
            SeatHolder,
            and_(
                SeatHolder.seat_id == Attendance.seat_id,
                SeatHolder.starts_on <= day,
                or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day),
            ),
        )
        .outerjoin(may_sit, may_sit.id == SeatHolder.membership_id)
        .outerjoin(person, person.id == may_sit.user_id)
        .options(
            contains_eager(Attendance.seat).contains_eager(Seat.organisation),
            contains_eager(Attendance.membership.of_type(sits)).contains_eager(sits.user.of_type(who)),
        )
        .where(Attendance.cellule_id == meeting.cellule_id, Attendance.meeting_id == meeting.id)
        .order_by(Seat.position, Seat.id, SeatHolder.rank.desc(), SeatHolder.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


def _row(
    meeting: Meeting,
    row: Attendance,
    others: dict[int, Attendance],
    holders: Sequence[tuple[SeatHolder, Membership, User]],
) -> SeatRow:
    carrier = others.get(row.proxy_seat_id) if row.proxy_seat_id else None
    person = row.membership.user if row.membership else None
    organisation: Organisation = row.seat.organisation
    return SeatRow(
        seat=row.seat.public_id,
        version=row.version,
        label=row.seat.label,
        organisation=organisation.short_name,
        kind=organisation.kind,
        voice=row.seat.voice,
        state=row.state,
        mode=row.mode,
        membership=row.membership.public_id if row.membership else None,
        person=person.full_name if person else "",
        job_title=person.job_title if person else "",
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        proxy_seat=carrier.seat.public_id if carrier else None,
        proxy_label=carrier.seat.label if carrier else "",
        is_sitting=is_sitting(row),
        is_chair=meeting.chair_seat_id == row.seat_id,
        holders=tuple(
            HolderRow(membership.public_id, user.full_name, user.job_title, HolderRank(holder.rank))
            for holder, membership, user in holders
        ),
    )
