"""One-time codes: in time, once, by one process only, and never guessed."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, func, select

from pdp.accounts.models import SignInAttempt
from pdp.audit.models import AuditEntry
from pdp.core import clock, crypto
from pdp.core.crypto import Tampered
from pdp.core.db import Database
from pdp.factors.models import TotpFactor
from pdp.factors.service.totp import match
from tests.reliability.processes import Visitor, processes
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of, forget_codes
from tests.support.world import PASSWORD, World, totp_secret

Figure = Callable[[str, object], None]
EMAIL = "cpam.a@example.org"
# A step begins at this second: 2026-03-03 09:00:00 UTC.
START = datetime(2026, 3, 3, 9, 0, 0, tzinfo=UTC)


def forget_tries() -> None:
    with as_owner() as session:
        session.execute(delete(SignInAttempt))


def post_code(client: StrictClient, code: str) -> tuple[int, str]:
    answer = client.post("/connexion/second-facteur", data={"code": code})
    return answer.status_code, answer.get_data(as_text=True)


def begin(client: StrictClient, email: str = EMAIL) -> StrictClient:
    client.csrf = None
    answer = client.post("/connexion", data={"email": email, "password": PASSWORD})
    assert answer.location == "/connexion/second-facteur"
    client.csrf = None
    return client


# RFC 6238, appendix B, SHA-1: the last six digits of its eight; instants in seconds since 1970.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert match(secret, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30


# Seconds of the server's clock after the step of the code began → accepted, by hand.
EDGES = [
    (-61, False),
    (-60, False),
    (-31, False),
    (-30, True),
    (-29, True),
    (-1, True),
    (0, True),
    (29, True),
    (30, True),
    (59, True),
    (60, False),
    (61, False),
    (90, False),
]


def test_a_code_is_accepted_from_a_step_before_to_a_step_after_to_the_second(
    client: StrictClient, world: World, figure: Figure
) -> None:
    with time_machine.travel(START, tick=False):
        code = code_of(EMAIL)
    accepted = {}
    for seconds, _ in EDGES:
        forget_codes()
        with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
            status, _ = post_code(begin(client), code)
        accepted[seconds] = status == 302
    assert accepted == dict(EDGES)
    figure("totp.edges", f"{len(EDGES)} instants, accepted from -30 s to +59 s")


def test_a_code_serves_once_and_so_does_any_older_one(client: StrictClient, world: World) -> None:
    before, now, later = code_of(EMAIL, seconds=-30), code_of(EMAIL), code_of(EMAIL, seconds=30)
    with time_machine.travel(clock.now(), tick=False):
        assert post_code(begin(client), now)[0] == 302
        assert post_code(begin(client), now)[0] == 422
        assert post_code(begin(client), before)[0] == 422
        assert post_code(begin(client), later)[0] == 302
        assert post_code(begin(client), now)[0] == 422


def test_a_wrong_code_and_a_used_one_are_refused_in_the_same_words(client: StrictClient, world: World) -> None:
    with time_machine.travel(clock.now(), tick=False):
        code = code_of(EMAIL)
        wrong = str((int(code) + 500_000) % 1_000_000).zfill(6)
        assert post_code(begin(client), code)[0] == 302
        pages = []
        for refused in (code, wrong, "", "lettres", "１２３４５６"):
            status, page = post_code(begin(client), refused)
            assert status == 422
            pages.append(page.count("Ce code ne convient pas") > 0)
        assert pages == [True, True, False, True, True]


@pytest.mark.parametrize("form", ["{} {}", " {}{} ", "{}\u00a0{}"])
def test_a_code_may_be_typed_with_spaces(client: StrictClient, world: World, form: str) -> None:
    code = code_of(EMAIL)
    assert post_code(begin(client), form.format(code[:3], code[3:]))[0] == 302


def test_six_digits_are_not_guessed(client: StrictClient, world: World, figure: Figure) -> None:
    start, tried, looked_at = START, 0, 0
    right = 0
    for quarter in range(4 * 24):
        with time_machine.travel(start + timedelta(minutes=15 * quarter, seconds=quarter), tick=False):
            code = code_of(EMAIL)
            begin(client)
            for guess in range(8):
                wrong = str((int(code) + 1 + guess * 11) % 1_000_000).zfill(6)
                status, page = post_code(client, wrong)
                tried += 1
                looked_at += "Trop de codes" not in page
                right += status == 302
    assert right == 0
    assert looked_at <= 31
    figure("totp.guesses", f"{looked_at} of {tried} guesses of a day looked at, one chance in 333,333 each")


def test_the_throttle_ends_by_itself_and_is_not_lengthened_by_more_tries(client: StrictClient, world: World) -> None:
    with time_machine.travel(START, tick=False):
        begin(client)
        for _ in range(5):
            assert "Ce code ne convient pas" in post_code(client, "000000")[1]
        status, page = post_code(client, code_of(EMAIL))
        assert (status, "Trop de codes refusés" in page) == (422, True)
    with time_machine.travel(START + timedelta(minutes=14), tick=False):
        assert "Trop de codes refusés" in post_code(begin(client), "000000")[1]
    with time_machine.travel(START + timedelta(minutes=15, seconds=1), tick=False):
        assert post_code(begin(client), code_of(EMAIL))[0] == 302


def test_wrong_codes_of_one_person_do_not_make_another_wait(client: StrictClient, world: World) -> None:
    with time_machine.travel(START, tick=False):
        begin(client)
        for _ in range(6):
            post_code(client, "000000")
        assert post_code(begin(client, "manager.a@example.org"), code_of("manager.a@example.org"))[0] == 302


def test_a_source_that_tries_everybody_waits(client: StrictClient, world: World) -> None:
    names = ("cpam", "manager", "csam", "spst", "mdph")
    with time_machine.travel(START, tick=False):
        for name in names[:4]:
            begin(client, f"{name}.a@example.org")
            for _ in range(5):
                post_code(client, "000000")
        status, page = post_code(begin(client, "mdph.a@example.org"), code_of("mdph.a@example.org"))
    assert (status, "Trop de codes refusés" in page) == (422, True)


def test_each_code_leaves_one_entry_and_no_code(client: StrictClient, world: World) -> None:
    begin(client)
    post_code(client, "000000")
    post_code(client, code_of(EMAIL))
    with as_owner() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "factor.use").order_by(AuditEntry.id)
        ).all()
        tries = session.scalar(select(func.count()).select_from(SignInAttempt))
    assert [(entry.refused, entry.user_id) for entry in entries] == [
        (True, world.user["a.cpam"]),
        (False, world.user["a.cpam"]),
    ]
    assert entries[0].detail == {"kind": "totp", "throttled": False}
    assert tries == 1


def test_a_secret_copied_to_another_account_does_not_open(database: Database, world: World) -> None:
    with as_owner() as session:
        mine, theirs = (
            session.scalars(select(TotpFactor).where(TotpFactor.user_id == world.user[name])).one()
            for name in ("a.cpam", "a.manager")
        )
        assert mine.secret == totp_secret("a.cpam")
        stored = session.connection().exec_driver_sql("SELECT secret FROM totp_factor").scalars().all()
        assert not any(totp_secret("a.cpam").encode() in bytes(value) for value in stored)
        mine_id, theirs_id = mine.id, theirs.user_id
        session.connection().exec_driver_sql(f"UPDATE totp_factor SET user_id = {theirs_id} WHERE id = {mine_id}")
        session.expire_all()
        with pytest.raises(Tampered):
            session.get_one(TotpFactor, mine_id)
    assert crypto.ring().current == 1


ROUNDS = 12


def test_a_code_posted_to_two_processes_at_once_is_accepted_once(
    database: Database, world: World, tmp_path: Path, figure: Figure
) -> None:
    accepted: list[int] = []
    with processes(2, database.url, tmp_path) as ports:
        for _ in range(ROUNDS):
            forget_codes()
            forget_tries()
            visitors = [Visitor(port) for port in ports]
            for visitor in visitors:
                status, _ = visitor.post("/connexion", "/connexion", email=EMAIL, password=PASSWORD)
                assert status == 302
            code, barrier = code_of(EMAIL), threading.Barrier(2)

            def send(visitor: Visitor, code: str = code, barrier: threading.Barrier = barrier) -> None:
                barrier.wait()
                visitor.post("/connexion/second-facteur", "/connexion/second-facteur", code=code)

            threads = [threading.Thread(target=send, args=(visitor,)) for visitor in visitors]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [visitor for visitor in visitors if visitor.get("/")[0] == 200]
            accepted.append(len(won))
            # The loser may not try it again elsewhere either.
            loser = next(visitor for visitor in visitors if visitor not in won)
            status, _ = loser.at(ports[0]).post("/connexion/second-facteur", "/connexion/second-facteur", code=code)
            assert status == 422
    assert accepted == [1] * ROUNDS
    figure("totp.race", f"{sum(accepted)} accepted of {2 * ROUNDS} posts of {ROUNDS} codes to two processes at once")
