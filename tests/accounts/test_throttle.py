"""Guesses are slowed by account, by source and in all, never locked; who knows the password gets in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from pdp.accounts.models import PasswordReset, SignInAttempt
from pdp.accounts.rules import Tries, Wait, wait_before
from pdp.accounts.service import sign_in, throttle
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.settings import Settings
from tests.accounts.settings import LIMITS
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World

Figure = Callable[[str, object], None]
TARGET = "cpam.a@example.org"
WRONG = "pas le bon mot de passe"

# account, account in a day, source, everywhere → what a new browser and one that opened the account before must wait.
WAITS = (
    ((0, 0, 0, 0), None, None),
    ((7, 7, 39, 399), None, None),
    ((8, 8, 8, 8), Wait.QUARTER, Wait.QUARTER),
    ((7, 23, 0, 0), None, None),
    ((0, 24, 0, 0), Wait.DAY, Wait.DAY),
    ((9, 24, 0, 0), Wait.DAY, Wait.DAY),
    ((0, 0, 40, 40), Wait.QUARTER, None),
    ((1, 1, 500, 399), Wait.QUARTER, None),
    ((0, 0, 0, 400), Wait.QUARTER, None),
)


@pytest.mark.parametrize(("tries", "stranger", "known"), WAITS)
def test_a_try_waits_when_there_were_too_many(
    tries: tuple[int, int, int, int], stranger: Wait | None, known: Wait | None
) -> None:
    assert wait_before(Tries(*tries), known_device=False) is stranger
    assert wait_before(Tries(*tries), known_device=True) is known


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really looked at: each costs its verification, made cheap here."""
    looked_at: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, stored: str, password: str) -> bool:
        looked_at.append(password)
        return real(self, stored, password) if password == PASSWORD else real(self, _CHEAP, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return looked_at


_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("une autre phrase")


def guess(account: str, source: str) -> None:
    with pytest.raises(RuleViolation):
        sign_in(account, WRONG, source, LIMITS)


# Two addresses, and whether their tries are counted together.
PLACES = (
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff:abcd:0:9", True),
    ("2001:db8:1:2::1", "2001:0DB8:0001:0002:0000::77", True),
    ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ("::ffff:192.0.2.1", "192.0.2.1", True),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ("192.0.2.1", "192.0.2.2", False),
)


@pytest.mark.parametrize(("one", "other", "together"), PLACES)
def test_a_network_of_ipv6_is_one_source(
    client: StrictClient, world: World, one: str, other: str, together: bool
) -> None:
    for address in (one, other):
        client.environ_base["REMOTE_ADDR"] = address
        client.post("/connexion", data={"email": "personne@example.org", "password": WRONG})
        client.post("/mot-de-passe-oublie", data={"email": "personne@example.org"})
    with as_owner() as session:
        for row in (SignInAttempt, PasswordReset):
            sources = session.scalars(select(row.source_key)).all()
            assert (len(sources), len(set(sources))) == (2, 1 if together else 2)


def spread(guesses: int, sources: int, accounts: list[str]) -> None:
    """Guess all along an hour, from loopback sources in turn."""
    start = clock.now()
    for number in range(guesses):
        with clock.acting_at(start + timedelta(hours=1) * number / guesses):
            guess(accounts[number % len(accounts)], f"127.0.{number % sources // 250}.{number % sources % 250 + 1}")


# The same rules count on both engines: the whole ten thousand are made on the faster one.
GUESSES = {"sqlite": 10_000, "postgresql": 1_500}


def test_ten_thousand_guesses_from_one_source_on_one_account(
    world: World, verified: list[str], figure: Figure, engine_name: str
) -> None:
    spread(GUESSES[engine_name], 1, [TARGET])
    assert len(verified) == 24
    said = f"{len(verified)} of {GUESSES[engine_name]:,} guesses looked at in an hour, from one source"
    figure("accounts.guesses.one", f"{engine_name}: {said}")


def test_ten_thousand_guesses_from_two_hundred_sources_on_every_account(
    world: World, verified: list[str], figure: Figure, engine_name: str
) -> None:
    people = [f"{name.split('.')[1]}.{name[0]}@example.org" for name in world.user]
    spread(GUESSES[engine_name], 200, people)
    # Four windows of fifteen minutes of 400 at most, and never more than 24 for an account.
    assert len(verified) <= min(4 * 400, 24 * len(people))
    assert len(verified) >= 400
    made = f"{len(verified)} of {GUESSES[engine_name]:,} guesses looked at in an hour"
    figure("accounts.guesses.many", f"{engine_name}: {made}, from 200 sources on {len(people)} accounts")


def test_one_account_from_two_hundred_sources_is_guessed_no_faster(world: World, verified: list[str]) -> None:
    spread(1_000, 200, [TARGET])
    assert len(verified) == 24


def test_a_try_that_waits_is_not_counted_so_that_the_delay_ends(world: World, verified: list[str]) -> None:
    start = clock.now()
    for minute in range(20):
        with clock.acting_at(start + timedelta(minutes=minute)):
            for _ in range(3):
                guess(TARGET, "127.0.0.9")
    # Eight in the first three minutes, then what each window lets through, in spite of 60 tries without a pause.
    assert len(verified) == 8 + 8
    with clock.acting_at(start + timedelta(minutes=36)):
        assert sign_in(TARGET, PASSWORD, "127.0.0.9", LIMITS)


def test_after_a_day_of_guesses_the_account_opens_again(world: World, verified: list[str]) -> None:
    start = clock.now()
    for quarter in range(96):
        with clock.acting_at(start + timedelta(minutes=15 * quarter)):
            for _ in range(10):
                guess(TARGET, f"127.0.1.{quarter}")
    assert len(verified) <= 25
    with clock.acting_at(start + timedelta(hours=48)):
        assert sign_in(TARGET, PASSWORD, "127.0.0.1", LIMITS)


def test_a_right_password_is_not_counted(world: World) -> None:
    for _ in range(12):
        assert sign_in(TARGET, PASSWORD, "127.0.0.1", LIMITS)
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_a_colleague_behind_the_same_address_gets_in_until_the_source_is_over(world: World) -> None:
    for _ in range(12):
        guess(TARGET, "127.0.0.1")
    assert sign_in("manager.a@example.org", PASSWORD, "127.0.0.1", LIMITS)


def test_nothing_is_written_for_a_try_that_waits(world: World) -> None:
    for _ in range(30):
        guess(TARGET, "127.0.0.1")
    with as_owner() as session:
        refused = select(func.count()).where(AuditEntry.action == "account.sign_in", AuditEntry.refused)
        assert session.scalar(refused) == 8


def opened_before(app: Flask, user_id: int) -> StrictClient:
    """Return a browser that opened an account some day, then signed out."""
    from pdp.accounts import remembering

    browser = app.test_client()
    assert isinstance(browser, StrictClient)
    with app.test_request_context():
        cookie = remembering.keep(app.make_response(""), user_id).headers["Set-Cookie"]
    name, _, rest = cookie.partition("=")
    browser.set_cookie(name, rest.partition(";")[0])
    return browser


def enter(browser: StrictClient, password: str = PASSWORD, email: str = TARGET) -> int:
    return browser.post("/connexion", data={"email": email, "password": password}).status_code


def test_a_browser_that_opened_the_account_gets_in_during_an_attack(app: Flask, world: World, figure: Figure) -> None:
    mine, other = opened_before(app, world.user["a.cpam"]), opened_before(app, world.user["a.manager"])
    stranger = app.test_client()
    assert isinstance(stranger, StrictClient)
    for _ in range(30):
        guess(TARGET, "127.0.0.1")
    assert [enter(stranger), enter(other), enter(mine)] == [422, 422, 302]
    figure("accounts.honest", "30 guesses from the same source, then the holder's browser gets in, another one waits")


def test_such_a_browser_is_counted_too(app: Flask, world: World) -> None:
    mine = opened_before(app, world.user["a.cpam"])
    for _ in range(8):
        assert enter(mine, WRONG) == 422
    assert enter(mine) == 422
    # What was tried there keeps nobody else out.
    assert sign_in(TARGET, PASSWORD, "127.0.0.2", LIMITS)


def test_a_forged_browser_cookie_is_worth_nothing(app: Flask, world: World, settings: Settings) -> None:
    forger = app.test_client()
    assert isinstance(forger, StrictClient)
    mark = throttle.mark_of(world.user["a.cpam"])
    for value in ("", "x", f'["device",["{mark}"]]', f'["device",["{mark}"]].{"A" * 27}'):
        forger.set_cookie("pdp-device", value)
        for _ in range(3):
            enter(forger, WRONG)
    assert enter(forger) == 422


def test_the_cookie_of_a_browser_tells_nothing_of_its_people(app: Flask, world: World) -> None:
    with app.test_request_context():
        from pdp.accounts import remembering

        set_cookie = remembering.keep(app.make_response(""), world.user["a.cpam"]).headers["Set-Cookie"]
    assert "cpam" not in set_cookie
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
