"""The demo's minutes after they were composed: sent, opened, one version recalled, then submitted to objections."""

from datetime import datetime, timedelta

from pdp.core import clock
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.minutes import service as minutes
from pdp.minutes.service import SendingSheet

_RECALLED = "OETH"


def send_minutes(people: People, moments: Moments, meeting: str) -> None:
    """Send every version the morning after, let two recipients open theirs, and recall a third one."""
    coordinator, opening = people.actor("claire"), moments.past_meeting()
    with clock.acting_at(opening + timedelta(hours=21)):
        sheet = minutes.read_sending(coordinator, meeting)
        leaves_at = minutes.prepare_sending(coordinator, meeting, versions=_ready(sheet))
    with clock.acting_at(leaves_at):
        minutes.send_due()
    _open(people, "sophie", meeting, opening + timedelta(hours=24))
    _open(people, "laurent", meeting, opening + timedelta(hours=25))
    recalled = [line.version.public_id for line in sheet.lines if line.version.name == _RECALLED]
    with clock.acting_at(opening + timedelta(hours=27)):
        for version in recalled:
            minutes.recall(coordinator, meeting, version)
    with clock.acting_at(moments.at(-1, 9)):
        minutes.open_window(coordinator, meeting, days=10)


def _ready(sheet: SendingSheet) -> list[str]:
    return [line.version.public_id for line in sheet.lines if line.can_leave]


def _open(people: People, reader: str, meeting: str, at: datetime) -> None:
    with clock.acting_at(at):
        view = minutes.read_minutes(people.actor(reader), meeting)
        minutes.download(people.actor(reader), meeting, view.shown.version.public_id, "pdf")
