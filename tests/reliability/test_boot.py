"""Production refuses to start on a PostgreSQL whose walls or promises are down, with a sentence that says why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pdp.app import create_app
from pdp.core import db
from pdp.core.db import Database
from pdp.core.selfcheck import refuse_unsafe_database
from pdp.settings import Settings, SettingsError
from tests.reliability.conftest import KEEPER, WEB, Installation


@contextmanager
def opened(installation: Installation, user: str) -> Iterator[Database]:
    database = installation.open(user)
    try:
        yield database
    finally:
        database.engine.dispose()


# What is wrong → who connects, what was done to the server, what undoes it, what the refusal says.
WRONG = {
    "superuser": ("postgres", (), (), "is a superuser"),
    "may become a superuser": (
        WEB,
        (f"GRANT postgres TO {WEB}",),
        (f"REVOKE postgres FROM {WEB}",),
        "is a superuser",
    ),
    "bypasses row security": (
        WEB,
        (f"ALTER ROLE {WEB} BYPASSRLS",),
        (f"ALTER ROLE {WEB} NOBYPASSRLS",),
        "may bypass row-level security",
    ),
    "owns tables": (KEEPER, (), (), f"role {KEEPER} owns"),
    "owns one table": (
        WEB,
        (f"ALTER TABLE stoppage OWNER TO {WEB}",),
        (f"ALTER TABLE stoppage OWNER TO {KEEPER}",),
        "owns stoppage",
    ),
    "row security off": (WEB, ("ALTER TABLE case_file DISABLE ROW LEVEL SECURITY",), (), "not forced on case_file"),
    "row security not forced": (WEB, ("ALTER TABLE vote NO FORCE ROW LEVEL SECURITY",), (), "not forced on vote"),
    "a table is missing": (WEB, ("DROP TABLE request_outcome",), (), "not forced on request_outcome"),
    "fsync": (
        WEB,
        ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.3)"),
        ("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.3)"),
        "fsync = off",
    ),
    "synchronous commit": (
        WEB,
        (f"ALTER ROLE {WEB} SET synchronous_commit = off",),
        (f"ALTER ROLE {WEB} RESET synchronous_commit",),
        "synchronous_commit = off",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_production_refuses_to_start(
    installation: Installation, wrong: str, figure: Callable[[str, object], None]
) -> None:
    user, deed, undoing, sentence = WRONG[wrong]
    installation.server.run(*deed, database=installation.name)
    try:
        with opened(installation, user) as database, pytest.raises(SettingsError) as refusal:
            refuse_unsafe_database(database)
    finally:
        installation.server.run(*undoing, database=installation.name)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    figure("boot.refusals", f"{wrong}, refused")


def test_the_application_s_login_starts(installation: Installation) -> None:
    with opened(installation, WEB) as database:
        refuse_unsafe_database(database)


def production(url: str, folder: Path) -> Settings:
    return Settings(
        database_url=url,
        secret_key="b6e1f0a7c4d9382e5f10c7a2489d63be",
        encryption_keys={1: bytes.fromhex("5f0c9a3be17d42866a91f3cc0de45b72e8901fa4c63b7d25180eab94f7c26d3e")},
        instance=folder,
        production=True,
        secure_cookies=True,
    )


@pytest.mark.parametrize(("user", "starts"), [(WEB, True), (KEEPER, False)])
def test_the_site_itself_refuses_in_production(
    installation: Installation, tmp_path: Path, user: str, starts: bool
) -> None:
    with opened(installation, user) as database:
        db.bind(database)
        if starts:
            create_app(production(database.url, tmp_path))
            return
        with pytest.raises(SettingsError, match="owns"):
            create_app(production(database.url, tmp_path))
