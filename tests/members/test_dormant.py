"""Accounts without use, night after night: warned at ninety days, closed at a hundred and twenty."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from pdp.accounts.enums import ClosingReason
from pdp.accounts.models import User
from pdp.core import clock
from pdp.members import service
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice, OutboxMail
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def used_everywhere(days_ago: int) -> None:
    """Have everybody use their account that many days ago."""
    with as_owner() as session:
        session.execute(update(User).values(last_signed_in_at=clock.now() - timedelta(days=days_ago)))


def test_an_unused_account_is_warned_once_then_closed(world: World, figure: Callable[[str, object], None]) -> None:
    start = clock.now()
    used_everywhere(0)
    with as_owner() as session:
        session.get_one(User, world.user["a.cpam"]).last_signed_in_at = start - timedelta(days=85)
    nights = {}
    for night in range(45):
        with clock.acting_at(start + timedelta(days=night)):
            done = service.close_dormant()
            if done != (0, 0):
                nights[night] = done
    # Warned on the fifth night, when ninety days are over; closed thirty nights later.
    assert nights == {5: (1, 0), 35: (0, 1)}
    with as_owner() as session:
        user = session.get_one(User, world.user["a.cpam"])
        assert user.disabled_reason is ClosingReason.DORMANT
        kinds = [
            session.scalars(select(table.kind).where(table.user_id == user.id)).all() for table in (Notice, OutboxMail)
        ]
    assert kinds == [[NoticeKind.ACCOUNT_DORMANT], [NoticeKind.ACCOUNT_DORMANT]]
    figure("accounts.dormant", "warned on day 90, closed on day 120, 1 notice and 1 mail")


def test_a_sign_in_wakes_the_account(world: World, sign_in_as: SignIn) -> None:
    used_everywhere(0)
    with as_owner() as session:
        session.get_one(User, world.user["a.cpam"]).last_signed_in_at = clock.now() - timedelta(days=100)
    assert service.close_dormant() == (1, 0)
    sign_in_as("a.cpam")
    with as_owner() as session:
        assert session.get_one(User, world.user["a.cpam"]).dormant_warned_at is None
    with clock.acting_at(clock.now() + timedelta(days=31)):
        assert service.close_dormant() == (0, 0)


def test_an_account_opened_again_is_not_closed_the_next_night(world: World, sign_in_as: SignIn) -> None:
    used_everywhere(0)
    with as_owner() as session:
        user = session.get_one(User, world.user["a.cpam"])
        user.last_signed_in_at, user.dormant_warned_at = (
            clock.now() - timedelta(days=200),
            clock.now() - timedelta(days=100),
        )
    assert service.close_dormant() == (0, 1)
    page = f"/personnes/{world.membership['a.cpam']}/reouverture"
    assert sign_in_as("a.admin").post(page).status_code == 303
    assert service.close_dormant() == (0, 0)
