"""The people behind the seats of a consultation, and which of them were reached."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from pdp.accounts.models import Membership, SeatHolder
from pdp.core import db
from pdp.meetings.models import BallotVoter
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice

_SAYS_IT = (NoticeKind.CONSULTATION_OPENED, NoticeKind.CONSULTATION_REMINDER)


def users_of(voters: Sequence[BallotVoter]) -> frozenset[int]:
    """Return the people who answer for these seats."""
    keys = {voter.membership_id for voter in voters}
    return frozenset(db.session().scalars(select(Membership.user_id).where(Membership.id.in_(keys))))


def holders_of(seat_id: int, day: date, but: int) -> frozenset[int]:
    """Return the people who may sit in a seat on a day, less the one of a membership."""
    wanted = (
        select(Membership.user_id)
        .join(SeatHolder, SeatHolder.membership_id == Membership.id)
        .where(SeatHolder.seat_id == seat_id, SeatHolder.starts_on <= day, Membership.id != but)
        .where(or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day))
    )
    return frozenset(db.session().scalars(wanted))


def reached(cellule_id: int, link: str) -> frozenset[int]:
    """Return the memberships of the people who were told of a consultation: by a mail that left, or on the site."""
    wanted = (
        select(Membership.id)
        .join(Notice, Notice.user_id == Membership.user_id)
        .where(Membership.cellule_id == cellule_id, Notice.cellule_id == cellule_id, Notice.link == link)
        .where(Notice.kind.in_(_SAYS_IT), or_(Notice.seen_at.is_not(None), Notice.announced_at.is_not(None)))
    )
    return frozenset(db.session().scalars(wanted))
