"""Find and lock what a use case of consultations changes. Hidden and missing are the same `NotFound`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from pdp.consultations.models import Consultation
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.core.scope import Scope
from pdp.meetings import queries as meetings
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.models import AgendaItem, Ballot, Meeting
from pdp.meetings.queries import HeldBallot
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class Held:
    """A consultation with its frame, which is locked: votes, closing and evocation queue there."""

    consultation: Consultation
    meeting: Meeting


def hold(scope: Scope, public_id: str) -> Held:
    """Return a consultation of a cellule, locked until the commit."""
    meeting = meetings.lock_consultation(scope, public_id)
    return Held(get_consultation(meeting), meeting)


def hold_by_ballot(actor: Actor, ballot: str) -> tuple[Held, HeldBallot]:
    """Return a consultation and one of its ballots, locked in this order, as the closing locks them."""
    wanted = (
        select(Meeting.public_id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(Ballot, Ballot.item_id == AgendaItem.id)
        .where(Ballot.cellule_id == actor.cellule_id, Ballot.public_id == ballot, meetings.is_written())
    )
    public_id = db.session().scalars(wanted).one_or_none()
    if public_id is None:
        raise NotFound
    return hold(actor, public_id), meetings.lock_ballot(actor, ballot, meetings.WRITTEN)


def get_consultation(meeting: Meeting) -> Consultation:
    """Return what a frame of kind `WRITTEN` has besides."""
    found = db.session().scalars(
        select(Consultation)
        .where(Consultation.cellule_id == meeting.cellule_id, Consultation.meeting_id == meeting.id)
        .execution_options(populate_existing=True)
    )
    consultation = found.one_or_none()
    if consultation is None:
        raise NotFound
    return consultation


def list_ballots(meeting: Meeting) -> Sequence[Ballot]:
    """Return the ballots of a consultation in the order of the questions, locked: a vote under way is awaited."""
    wanted = (
        select(Ballot)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .where(Ballot.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
        .with_for_update(of=Ballot)
        .execution_options(populate_existing=True)
    )
    return db.session().scalars(wanted).all()


def get_item(ballot: Ballot) -> AgendaItem:
    """Return the item that a ballot is about, with its request and its case."""
    wanted = (
        select(AgendaItem)
        .options(joinedload(AgendaItem.request).joinedload(DispositifRequest.case))
        .where(AgendaItem.cellule_id == ballot.cellule_id, AgendaItem.id == ballot.item_id)
    )
    return db.session().scalars(wanted).one()


def find_to_open(cellule_id: int, now: datetime) -> Sequence[tuple[str, int]]:
    """Return the consultations whose opening has come, with the person who planned each."""
    rows = db.session().execute(
        select(Meeting.public_id, Meeting.created_by_id)
        .where(Meeting.cellule_id == cellule_id, meetings.is_written())
        .where(Meeting.status == MeetingStatus.PLANNED, Meeting.starts_at <= now)
        .order_by(Meeting.id)
    )
    return [(row[0], row[1]) for row in rows]


def find_to_close(cellule_id: int, now: datetime) -> Sequence[str]:
    """Return the consultations whose deadline has passed while a ballot is still open."""
    still_open = exists().where(
        AgendaItem.meeting_id == Meeting.id, Ballot.item_id == AgendaItem.id, Ballot.status == BallotStatus.OPEN
    )
    return (
        db.session()
        .scalars(
            select(Meeting.public_id)
            .where(Meeting.cellule_id == cellule_id, meetings.is_written())
            .where(Meeting.status == MeetingStatus.OPEN, Meeting.ends_at <= now, still_open)
            .order_by(Meeting.id)
        )
        .all()
    )


def find_to_remind(cellule_id: int, now: datetime) -> Sequence[str]:
    """Return the consultations under way: which reminder is due is a matter of days."""
    return (
        db.session()
        .scalars(
            select(Meeting.public_id)
            .where(Meeting.cellule_id == cellule_id, meetings.is_written())
            .where(Meeting.status == MeetingStatus.OPEN, Meeting.ends_at > now)
            .order_by(Meeting.id)
        )
        .all()
    )
