"""Warn the coordination early when the answers do not ensure the quorum."""

from datetime import timedelta

from sqlalchemy import exists, select

from pdp.accounts import queries as accounts
from pdp.convocations.models import Convocation
from pdp.convocations.rules import is_warned
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.core.scope import Scope
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.meetings.rules.forecast import Outlook
from pdp.meetings.service import forecasting
from pdp.notifications import directory
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.roles import Role

# Further than five working days ever are, bank holidays included.
_AHEAD = timedelta(days=15)


def warn_all() -> int:
    """Look at every séance near enough, in every cellule; return how many are at risk."""
    return sum(_warn(scope) for scope in directory.installed().list_scopes())


def _warn(scope: Scope) -> int:
    today, now = clock.today(), clock.now()
    convened = exists().where(Convocation.meeting_id == Meeting.id, Convocation.cancelled_at.is_(None))
    with db.transaction(scope) as session:
        territory = Territory(accounts.get_cellule(scope.cellule_id).territory)
        near = session.scalars(
            select(Meeting)
            .where(Meeting.cellule_id == scope.cellule_id, Meeting.status == MeetingStatus.PLANNED, convened)
            .where(Meeting.starts_at > now, Meeting.starts_at < now + _AHEAD)
            .order_by(Meeting.id)
        ).all()
        at_risk = [
            meeting
            for meeting in near
            if is_warned(clock.local(meeting.starts_at).date(), today, territory) and _is_at_risk(meeting)
        ]
        for meeting in at_risk:
            notifications.notify(
                [
                    row.user_id
                    for row in accounts.list_people(scope.cellule_id, today)
                    if row.role is Role.COORDINATEUR
                ],
                NoticeKind.QUORUM_AT_RISK,
                cellule_id=scope.cellule_id,
                link=f"/seances/{meeting.public_id}/convocations",
            )
    return len(at_risk)


def _is_at_risk(meeting: Meeting) -> bool:
    return forecasting.forecast_of(meeting).outlook is not Outlook.REACHED
