"""The people behind the seats of a consultation, and which of them were reached."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select

from pdp.accounts.models import Membership, SeatHolder
from pdp.cases.models import CaseRecusal
from pdp.core import db
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter
from pdp.notifications.enums import MailState, NoticeKind
from pdp.notifications.models import Notice, OutboxMail
from pdp.requests.models import DispositifRequest

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


def standing_aside(ballot: Ballot) -> frozenset[int]:
    """Return the memberships of the people who take no part in the case of a ballot."""
    case_id = (
        select(DispositifRequest.case_id)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .where(AgendaItem.id == ballot.item_id)
        .scalar_subquery()
    )
    wanted = (
        select(Membership.id)
        .join(CaseRecusal, CaseRecusal.user_id == Membership.user_id)
        .where(CaseRecusal.cellule_id == ballot.cellule_id, CaseRecusal.case_id == case_id)
        .where(CaseRecusal.ended_at.is_(None))
    )
    return frozenset(db.session().scalars(wanted))


def reached(cellule_id: int, link: str) -> frozenset[int]:
    """Return the memberships of the people who were told of a consultation.

    A mail that left, a digest that named it, or the notice opened on the site: a mail that the server
    refused, or that no server was there to send, reached nobody.
    """
    mailed = exists().where(
        OutboxMail.cellule_id == cellule_id,
        OutboxMail.user_id == Notice.user_id,
        OutboxMail.link == link,
        OutboxMail.kind == Notice.kind,
        OutboxMail.state == MailState.SENT,
    )
    in_a_digest = Notice.announced_at > Notice.created_at
    wanted = (
        select(Membership.id)
        .join(Notice, Notice.user_id == Membership.user_id)
        .where(Membership.cellule_id == cellule_id, Notice.cellule_id == cellule_id, Notice.link == link)
        .where(Notice.kind.in_(_SAYS_IT), or_(Notice.seen_at.is_not(None), in_a_digest, mailed))
    )
    return frozenset(db.session().scalars(wanted))
