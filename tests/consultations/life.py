"""A written consultation of the week of 30 November 2026, and what its tests do and ask."""

from datetime import date

import time_machine
from sqlalchemy import func, select

from pdp.accounts.models import User
from pdp.audit.models import AuditEntry
from pdp.consultations import jobs, service
from pdp.core.french import NBSP
from pdp.meetings.enums import VoteValue
from pdp.meetings.models import Ballot
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from tests.consultations.builders import Consulted, consult, utc
from tests.support.databases import as_owner
from tests.support.world import World

# Monday 30 November 2026, 10 h in Paris; the end is Monday 7 December at 18 h.
OPENING = utc(2026, 11, 30, 9)
LAST_DAY = date(2026, 12, 7)
END = utc(2026, 12, 7, 17)
CORE = ("manager", "service_social", "service_medical", "service_medical_2", "cpam", "cpam_2")


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def opened(world: World, secretary: Actor, *cases: str) -> Consulted:
    with time_machine.travel(OPENING, tick=False):
        return consult(world, secretary, cases=cases or ("a.alone",), ends_day=LAST_DAY)


def vote(actor: Actor, ballot: str, value: VoteValue = VoteValue.FOR, text: str = "", **more: object) -> None:
    service.cast(actor, ballot, value=value, text=text, **more)


def end_of(consulted: Consulted) -> None:
    with time_machine.travel(END, tick=False):
        jobs.run()


def told(kind: NoticeKind) -> set[str]:
    """Return the addresses of those who have a notice of this kind, and forget it."""
    with as_owner() as session:
        wanted = select(User.email).join(Notice, Notice.user_id == User.id).where(Notice.kind == kind)
        return {email.split(".")[0] for email in session.scalars(wanted.where(Notice.seen_at.is_(None)))}


def ballot_row(ballot: str) -> Ballot:
    with as_owner() as session:
        return session.scalars(select(Ballot).where(Ballot.public_id == ballot)).one()


def entries(action: str) -> int:
    with as_owner() as session:
        wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
        return session.scalar(wanted) or 0
