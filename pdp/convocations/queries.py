"""Reads of convocations. Hidden and missing are the same answer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts.models import Membership, Seat, SeatHolder, User
from pdp.convocations.models import Convocation
from pdp.core import clock, db
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.notifications.models import LinkMail
from pdp.policy.actor import Actor


def find_by_hash(token_hash: str) -> Convocation | None:
    """Return the convocation that a link opens, whatever became of it."""
    return _one(Convocation.token_hash == token_hash)


def find_by_id(public_id: str) -> Convocation | None:
    """Return a convocation by its public id, whatever became of it."""
    return _one(Convocation.public_id == public_id)


def find_own(actor: Actor, meeting: str) -> Convocation | None:
    """Return the convocation of the reader to a séance of its cellule."""
    here = select(Meeting.id).where(Meeting.cellule_id == actor.cellule_id, Meeting.public_id == meeting)
    mine = Convocation.membership_id == actor.membership_id
    return _one(mine & Convocation.meeting_id.in_(here) & Convocation.cancelled_at.is_(None))


def get_meeting(convocation: Convocation, *, lock: bool = False) -> Meeting:
    """Return the séance of a convocation."""
    wanted = select(Meeting).where(Meeting.cellule_id == convocation.cellule_id, Meeting.id == convocation.meeting_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(wanted).one()


def list_convocations(cellule_id: int, meeting_id: int) -> Sequence[Convocation]:
    """Return everyone convened to a séance, in the order of the seats, cancelled ones too."""
    return (
        db.session()
        .scalars(
            select(Convocation)
            .join(Convocation.seat)
            .options(
                contains_eager(Convocation.seat).joinedload(Seat.organisation, innerjoin=True),
                joinedload(Convocation.membership, innerjoin=True).joinedload(Membership.user, innerjoin=True),
                joinedload(Convocation.substitute).joinedload(Membership.user),
            )
            .where(Convocation.cellule_id == cellule_id, Convocation.meeting_id == meeting_id)
            .order_by(Seat.position, Seat.id, Convocation.id)
        )
        .all()
    )


def last_mails(convocations: Collection[Convocation]) -> Mapping[str, LinkMail]:
    """Return the last mail of each convocation, by its public id; one statement."""
    ids = [each.public_id for each in convocations]
    rows = db.session().scalars(select(LinkMail).where(LinkMail.target_id.in_(ids)).order_by(LinkMail.id))
    return {row.target_id: row for row in rows}


def find_user(membership_id: int) -> User:
    """Return the person of a membership."""
    wanted = select(User).join(Membership, Membership.user_id == User.id).where(Membership.id == membership_id)
    return db.session().scalars(wanted).one()


def list_mandates(seat_id: int) -> Sequence[SeatHolder]:
    """Return everyone who may ever sit in a seat, with their person, titulaires first."""
    return (
        db.session()
        .scalars(
            select(SeatHolder)
            .options(joinedload(SeatHolder.membership).joinedload(Membership.user))
            .where(SeatHolder.seat_id == seat_id)
            .order_by(SeatHolder.rank.desc(), SeatHolder.id)
        )
        .all()
    )


def waiting_answers(actor: Actor) -> Select[int, datetime]:
    """Select how many convocations the actor has still to answer, and when the oldest was sent."""
    return (
        select(func.count(Convocation.id), func.min(Convocation.sent_at))
        .join(Meeting, Meeting.id == Convocation.meeting_id)
        .where(
            Convocation.cellule_id == actor.cellule_id,
            Convocation.membership_id == actor.membership_id,
            Convocation.cancelled_at.is_(None),
            Convocation.answer.is_(None),
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.ends_at > clock.now(),
        )
    )


def _one(condition: ColumnElement[bool]) -> Convocation | None:
    wanted = (
        select(Convocation)
        .options(joinedload(Convocation.membership, innerjoin=True).joinedload(Membership.user, innerjoin=True))
        .where(condition)
        .execution_options(populate_existing=True)
    )
    return db.session().scalars(wanted).one_or_none()
