"""The history of presence: what happened to each seat of a séance, as the rules read it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from pdp.accounts.models import Membership, User
from pdp.core import db
from pdp.meetings.models import AttendanceEvent
from pdp.meetings.rules.presence import Event


def list_events(cellule_id: int, meeting_id: int) -> Mapping[int, Sequence[Event]]:
    """Return the events of a séance by seat, in their order, corrected ones too; one statement."""
    rows = db.session().scalars(
        select(AttendanceEvent)
        .where(AttendanceEvent.cellule_id == cellule_id, AttendanceEvent.meeting_id == meeting_id)
        .order_by(AttendanceEvent.id)
    )
    found: dict[int, list[Event]] = {}
    for row in rows:
        found.setdefault(row.seat_id, []).append(
            Event(
                event=row.id,
                seat=row.seat_id,
                kind=row.kind,
                at=row.at,
                person=row.membership_id,
                mode=row.mode,
                proxy_seat=row.proxy_seat_id,
                item=row.item_id,
                corrects=row.corrects_id,
            )
        )
    return found


def names_of(memberships: Collection[int]) -> Mapping[int, str]:
    """Return the names of people by membership; one statement."""
    rows = db.session().execute(
        select(Membership.id, User).join(User, User.id == Membership.user_id).where(Membership.id.in_(memberships))
    )
    return {key: user.full_name for key, user in rows}
