"""« Courriels et absences »: what one chooses is kept, told back and journaled; a wrong date loses nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pdp.accounts.models import User
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.notifications.enums import Pace
from tests.notifications.test_digest import second
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
CHOICES = {"mails_about_cases": "at_once", "mails_about_meetings": "digest", "mails_about_duties": "site"}


def test_choices_are_kept_and_journaled(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cap_emploi")
    assert client.get("/mon-compte/courriels").text.count("checked") == 3
    today = clock.today()
    dates = {"absent_from": today.isoformat(), "absent_until": (today + timedelta(days=5)).isoformat()}
    assert client.post("/mon-compte/courriels", data=CHOICES | dates).status_code == 303
    with as_owner() as session:
        user = session.get_one(User, world.user["a.cap_emploi"])
        assert (user.mails_about_cases, user.mails_about_meetings, user.mails_about_duties) == (
            Pace.AT_ONCE,
            Pace.DIGEST,
            Pace.SITE,
        )
        assert (user.absent_from, user.absent_until) == (today, today + timedelta(days=5))
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.choose_mails")).all()
        assert len(entries) == 1
    page = client.get("/mon-compte/courriels").text
    assert "Vous êtes noté absent jusqu’au" in page
    assert "personne ne recevra vos notifications" in page


def test_the_page_names_who_stands_in_and_when_the_last_mail_left(world: World, sign_in_as: SignIn) -> None:
    second(world)
    page = sign_in_as("a.cap_emploi").get("/mon-compte/courriels").text
    assert "Ada Relais reçoit aussi vos notifications" in page
    assert "Aucun ne vous a encore été envoyé" in page


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (0, None, "Indiquez aussi le dernier jour"),
        (None, 0, "Indiquez aussi le premier jour"),
        (3, 1, "Le dernier jour vient avant le premier"),
        (-5, -1, "Cette absence est passée"),
        (0, 400, "Un an au plus"),
    ],
)
def test_a_wrong_absence_is_told_and_loses_nothing(
    world: World, sign_in_as: SignIn, start: int | None, end: int | None, message: str
) -> None:
    typed = dict(CHOICES)
    for name, days in (("absent_from", start), ("absent_until", end)):
        if days is not None:
            typed[name] = (clock.today() + timedelta(days=days)).isoformat()
    answer = sign_in_as("a.spst").post("/mon-compte/courriels", data=typed)
    assert answer.status_code == 422
    assert message in answer.text
    for name in ("absent_from", "absent_until"):
        assert f'value="{typed.get(name, "")}"' in answer.text
    with as_owner() as session:
        assert session.get_one(User, world.user["a.spst"]).mails_about_cases is Pace.DIGEST
