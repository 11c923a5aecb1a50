"""The items of a case still to be treated, and what ends of sharing changed in an agenda."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.cases.models import Case
from pdp.cases.queries.visibility import reads_label
from pdp.core import clock, db
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, AgendaTrace, Ballot, CelluleOpinion, Meeting
from pdp.meetings.queries.rows import TraceRow
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest


def lock_coming_items(cellule_id: int, case_id: int) -> Sequence[tuple[AgendaItem, Meeting]]:
    """Return the items of a case still to be treated, with their séances, all locked; the séances first.

    An item put to the vote, or with an opinion, is no longer to come.
    """
    treated = or_(
        exists().where(Ballot.item_id == AgendaItem.id), exists().where(CelluleOpinion.item_id == AgendaItem.id)
    )
    wanted = (
        select(AgendaItem.id, AgendaItem.meeting_id)
        .join(AgendaItem.request)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.cellule_id == cellule_id, DispositifRequest.case_id == case_id)
        .where(Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.OPEN)), ~treated)
        .order_by(AgendaItem.meeting_id, AgendaItem.position)
    )
    keys = db.session().execute(wanted).all()
    meetings = {
        meeting.id: meeting
        for meeting in db.session().scalars(
            select(Meeting)
            .where(Meeting.cellule_id == cellule_id, Meeting.id.in_({row.meeting_id for row in keys}))
            .order_by(Meeting.starts_at, Meeting.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    items = db.session().scalars(
        select(AgendaItem)
        .join(AgendaItem.request)
        .options(contains_eager(AgendaItem.request))
        .where(AgendaItem.cellule_id == cellule_id, AgendaItem.id.in_([row.id for row in keys]), ~treated)
        .order_by(AgendaItem.id)
        .with_for_update(of=[AgendaItem, DispositifRequest])
        .execution_options(populate_existing=True)
    )
    return [(item, meetings[item.meeting_id]) for item in items]


def list_traces(actor: Actor, meeting: Meeting) -> tuple[TraceRow, ...]:
    """Return what ends of sharing changed in an agenda, as far as the actor may know; one statement."""
    case = contains_eager(AgendaTrace.request).contains_eager(DispositifRequest.case)
    rows = db.session().scalars(
        select(AgendaTrace)
        .join(AgendaTrace.request)
        .join(DispositifRequest.case)
        .options(case.joinedload(Case.person, innerjoin=True), joinedload(AgendaTrace.organisation))
        .where(AgendaTrace.cellule_id == meeting.cellule_id, AgendaTrace.meeting_id == meeting.id)
        .where(reads_label(actor, Label.REQUEST, clock.today()))
        .order_by(AgendaTrace.id)
    )
    return tuple(
        TraceRow(
            kind=row.kind,
            case=row.request.case.public_id,
            reference=row.request.case.reference,
            name=row.request.case.person.full_name,
            request=row.request.public_id,
            dispositif=row.request.dispositif,
            organisation=row.organisation.short_name if row.organisation else None,
            ended_on=row.ended_on,
            at=row.at,
        )
        for row in rows
    )
