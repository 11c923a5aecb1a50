"""One notice and one waiting mail about a case of the base world, for each person bound to it."""

from sqlalchemy import update

from pdp.accounts.models import User
from pdp.core import clock, db
from pdp.notifications.enums import MailState, NoticeKind, Pace
from pdp.notifications.models import Notice, OutboxMail
from tests.support.databases import as_owner
from tests.support.world import World

PEOPLE = ("service_social", "coordinateur", "cap_emploi")


def add(world: World, key: str) -> None:
    """Add a row of each table for the case `<key>.shared`, in the session of the caller."""
    session, now = db.session(), clock.now()
    for person in PEOPLE:
        common = {
            "cellule_id": world.cellule[key],
            "user_id": world.user[f"{key}.{person}"],
            "case_id": world.case_id[f"{key}.shared"],
            "kind": NoticeKind.ADVICE_ASKED,
            "link": f"/dossiers/{world.case[f'{key}.shared']}",
            "created_at": now,
        }
        session.add(Notice(**common))
        session.add(
            OutboxMail(**common, state=MailState.QUEUED, attempts=0, next_try_at=now, dedupe_key=f"{key}.{person}")
        )
    session.flush()


def at_once() -> None:
    """Make everybody choose a mail each time, whatever it is about."""
    with as_owner() as session:
        session.execute(
            update(User).values(
                mails_about_cases=Pace.AT_ONCE, mails_about_meetings=Pace.AT_ONCE, mails_about_duties=Pace.AT_ONCE
            )
        )
