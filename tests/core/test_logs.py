"""A log says when, which request and where in the code; it never holds what someone typed or is."""

import logging
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from pdp.accounts.models import User
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.logs import ScrubbingFormatter
from pdp.core.trace import request_id
from tests.support.world import World

SECRET = "Canari-Diagnostic"


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    found = (type(error), error, error.__traceback__) if error else None
    return ScrubbingFormatter().format(logging.LogRecord("pdp", logging.ERROR, __file__, 1, message, args, found))


def raised(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except Exception as error:  # what the log would be given
        return error
    raise AssertionError("nothing was raised")


def test_an_event_is_one_line_with_its_request() -> None:
    token = request_id.set("0123abcd")
    try:
        written = line("done in %d ms", 12)
    finally:
        request_id.reset(token)
    assert written.endswith("Z ERROR pdp request=0123abcd done in 12 ms")


def test_nothing_typed_can_write_a_second_line_or_colour_the_screen(figure: Callable[[str, object], None]) -> None:
    tried = 0

    @settings(max_examples=500, deadline=None)
    @given(st.text(max_size=80) | st.sampled_from(["a\nERROR pdp forged", "\x1b[31mrouge", "\u202eesrever", "a\r\nb"]))
    def check(typed: str) -> None:
        nonlocal tried
        tried += 1
        written = line("%s", typed)
        assert len(written.splitlines()) == 1
        assert written.isprintable() or set(filter(lambda c: not c.isprintable(), written)) == {"\u00a0"}

    check()
    figure("logs.injection", f"{tried} hostile texts, 0 second lines")


@pytest.mark.parametrize(
    ("message", "kept", "lost"),
    [
        ("GET /dossiers?q=Martin+Paul HTTP/1.1", "GET /dossiers?[…] HTTP/1.1", "Martin"),
        ("mail to paul.martin@example.org refused", "mail to [address] refused", "martin"),
        ("NIR 2 84 03 75 123 456 78 unknown", "NIR [number] unknown", "123"),
        ("NIR 284037512345678 unknown", "NIR [number] unknown", "284"),
        ("died\nTraceback (most recent call last):\n  x\nValueError: Martin", "died", "Martin"),
        ("12 rows in 2026", "12 rows in 2026", "none of it"),
    ],
)
def test_known_shapes_of_personal_data_are_struck_out(message: str, kept: str, lost: str) -> None:
    written = line(message)
    assert kept in written
    assert lost not in written


def test_an_error_is_told_by_its_kind_and_place_without_its_words() -> None:
    def fail() -> None:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(f"cannot read {SECRET}") from error

    written = line("unhandled", error=raised(fail))
    assert SECRET not in written
    assert "builtins.RuntimeError at " in written
    assert "<- builtins.ValueError at " in written
    assert "test_logs.py:" in written


def test_a_message_that_cannot_be_written_does_not_stop_the_log() -> None:
    assert "[message that could not be written]" in line("%d", SECRET)


def test_a_failed_statement_shows_neither_its_values_nor_the_row_in_its_way(
    database: Database, world: World, figure: Callable[[str, object], None]
) -> None:
    with database.engine.connect() as connection:
        email = connection.scalar(text("SELECT min(email) FROM user_account"))
    row = {"email": email, "given_name": SECRET, "family_name": SECRET, "public_id": SECRET, "job_title": SECRET}

    def twice() -> None:
        with database.engine.begin() as connection:
            connection.execute(insert(User).values(**row, created_at=clock.now()))

    def wrong() -> None:
        with database.engine.begin() as connection:
            connection.execute(text("SELECT :given FROM nowhere"), {"given": SECRET})

    for act in (twice, wrong):
        error = raised(act)
        assert isinstance(error, DBAPIError)
        written = line("unhandled", error=error)
        assert SECRET not in written
        assert str(email) not in written
        assert SECRET not in str(error), "SQLAlchemy hides the parameters"
    if not database.is_sqlite:
        assert "uq_user_account_email" in line("unhandled", error=raised(twice))
    figure("logs.statements", "0 values in the log of 2 failed statements")


def test_the_log_of_a_process_is_ours(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbingFormatter())
    logger = logging.getLogger("pdp.tests.logs")
    logger.addHandler(handler)
    try:
        logger.warning("forged\nline %s", "x@example.org")
    finally:
        logger.removeHandler(handler)
    assert capsys.readouterr().err.strip().endswith("forged\\u000aline [address]")
