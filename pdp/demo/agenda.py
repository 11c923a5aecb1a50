"""The demo's points without a case, and the séances of the coming months."""

from datetime import timedelta

from sqlalchemy import select

from pdp.core import db
from pdp.demo.moments import Moments
from pdp.demo.people import People, seed
from pdp.meetings import service
from pdp.meetings.enums import PointKind, PointPlace
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.meetings.rules.series import Rhythm
from pdp.meetings.service import series
from pdp.policy.actor import Actor


def settle_points(secretary: Actor, meeting: str, said: dict[str, str]) -> None:
    """Write what an open séance settled on each of its points without a case."""
    with db.reading() as session:
        points = session.scalars(
            select(AgendaPoint)
            .join(Meeting, Meeting.id == AgendaPoint.meeting_id)
            .where(Meeting.public_id == meeting)
            .order_by(AgendaPoint.rank)
        ).all()
    for point in points:
        service.save_resolution(secretary, point.public_id, version=point.version, resolution=said[point.kind.value])


def plan_year(people: People, moments: Moments, next_meeting: str) -> None:
    """Add an information to the next séance, then plan one every four weeks after it, holidays left out."""
    secretary, script = people.actor("claire"), seed("meetings")["next"]
    service.add_point(
        secretary,
        next_meeting,
        kind=PointKind.INFORMATION,
        title=script["information"],
        place=PointPlace.CLOSING,
        planned_minutes=10,
    )
    opening = moments.next_meeting()
    first = opening.date() + timedelta(weeks=4)
    days = series.preview_series(
        secretary, rhythm=Rhythm.WEEKS, every=4, first=first, until=first + timedelta(weeks=8)
    )
    series.plan_series(
        secretary,
        days=[row.day for row in days if not row.clash],
        start=opening.time(),
        end=(opening + timedelta(hours=2, minutes=30)).time(),
        place=script["place"],
    )
