"""The next séance."""

from datetime import date, datetime

from sqlalchemy import func, select

from pdp.cases.models import Case
from pdp.core import db
from pdp.home.queries.common import COMING, reads_requests
from pdp.home.queries.rows import NextMeeting
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.queries import is_seance
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest


def find_next_meeting(actor: Actor, today: date, now: datetime) -> NextMeeting | None:
    """Return the next séance not yet closed that holds a request the actor may read, or any for the core."""
    items = (
        select(func.count())
        .select_from(AgendaItem)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(AgendaItem.meeting_id == Meeting.id, reads_requests(actor, today))
        .scalar_subquery()
    )
    found = select(
        Meeting.public_id, Meeting.starts_at, Meeting.ends_at, Meeting.place, Meeting.status, items.label("items")
    ).where(Meeting.cellule_id == actor.cellule_id, is_seance(), Meeting.status.in_(COMING))
    if not actor.is_core:
        found = found.where(items > 0)
    row = db.session().execute(found.order_by(Meeting.starts_at, Meeting.id).limit(1)).one_or_none()
    return NextMeeting(*row) if row else None
