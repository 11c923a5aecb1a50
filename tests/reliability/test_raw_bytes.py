"""Raw files of the database hold no social security number and no medical or social text; others are found."""

import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pdp.accounts import queries as accounts_queries
from pdp.accounts import service as accounts
from pdp.cases import queries as case_queries
from pdp.cases import service as cases
from pdp.cases.enums import SignalSource
from pdp.cases.rules.search import understand
from pdp.core import clock, crypto, db
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.conftest import KEYS
from tests.reliability.bytes import forms, holding, megabytes
from tests.reliability.conftest import WEB, Installation
from tests.support.world import World

NIR, OTHER_NIR = "284127511654316", "191046938421596"
MEDICAL = "Lombosciatique opaline sous morphinique zephyrin"
SOCIAL = "Surendettement cobalt et separation outremer"
SECRETS = (NIR, OTHER_NIR, MEDICAL, SOCIAL)
# Nobody promised to seal it: a scan that does not find it finds nothing.
CONTROL = "Presentation vermillon du poste"


def actor(world: World, name: str) -> Actor:
    with db.reading():
        membership = accounts_queries.find_membership(world.user[name], world.membership[name], clock.today())
    assert membership is not None
    return accounts.build_actor(membership)


def write(world: World) -> None:
    """Write the secrets through the product, and look for one."""
    social, medical = actor(world, "a.service_social"), actor(world, "a.service_medical")
    for number, given_name, day in ((NIR, "Lise", 3), (OTHER_NIR, "Paul", 4)):
        case = cases.open_case(
            social,
            family_name="Ocre",
            given_name=given_name,
            birth_date=date(1984, 12, day),
            source=SignalSource.MEDICAL_ADVISER,
            signal_reason=CONTROL,
            nir=number,
            take_charge=True,
        )
    cases.add_note(social, case, label=Label.SOCIAL, text=SOCIAL)
    cases.add_note(medical, case, label=Label.MEDICAL, text=MEDICAL)
    found = cases.list_cases(social, case_queries.CaseFilters(search=understand(OTHER_NIR)))
    assert len(found.rows) == 1


def test_the_secrets_are_valid_numbers_and_their_forms_are_many() -> None:
    for number in (NIR, OTHER_NIR):
        assert int(number[13:]) == 97 - int(number[:13]) % 97
    assert b"2 84 12 75 116 543 16" in forms(NIR)
    assert NIR[::-1].encode("utf-16-le") in forms(NIR)
    assert len(forms(NIR)) > 30


@pytest.mark.parametrize(
    "planted",
    [
        "…2 84 12 75 116 543 16…".encode(),
        "61345611572148 2 613456115721482".encode("utf-16-le"),
        b"\0" * 4096 + b"284127511654316" + b"\0" * 4096,
        b"bnVtYmVyOjI4NDEyNzUxMTY1NDMxNjtub3Rl",
        b"323834313237353131363534333136",
    ],
)
def test_a_number_that_is_not_sealed_is_found(tmp_path: Path, planted: bytes) -> None:
    (tmp_path / "base").write_bytes(b"x" * 1000 + planted + b"x" * 1000)
    assert holding([NIR, OTHER_NIR], [tmp_path / "base"]) == {NIR: [tmp_path / "base"], OTHER_NIR: []}


def proved(files: list[Path], where: Callable[[Path], str]) -> dict[str, int]:
    """Check that no file holds a secret; return in how many files of each kind the control is found."""
    hits = holding((*SECRETS, CONTROL), files)
    controls = hits.pop(CONTROL)
    assert hits == {secret: [] for secret in SECRETS}
    found: dict[str, int] = {}
    for path in controls:
        found[where(path)] = found.get(where(path), 0) + 1
    return found


def test_the_files_of_sqlite_hold_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Callable[[str, object], None]
) -> None:
    from pdp.core import schema
    from tests.support import world as worlds

    crypto.load(Keyring(KEYS, 1))
    database = db.bind(Database(f"sqlite:///{tmp_path / 'pdp.db'}"))
    schema.upgrade(database.engine)
    write(worlds.build())
    open_files = sorted(tmp_path.iterdir())
    size = megabytes(open_files)
    assert {"pdp.db", "pdp.db-wal"} <= {path.name for path in open_files}
    assert proved(open_files, lambda path: path.name)["pdp.db-wal"] == 1
    database.engine.dispose()
    closed_files = sorted(tmp_path.iterdir())
    assert proved(closed_files, lambda path: path.name) == {"pdp.db": 1}
    figure("raw.bytes", f"SQLite: 0 hits of {len(SECRETS)} secrets in {size + megabytes(closed_files):.1f} MB")


def test_the_files_of_postgresql_its_journal_and_a_dump_hold_no_secret(
    installation: Installation, tmp_path: Path, figure: Callable[[str, object], None]
) -> None:
    crypto.load(Keyring(KEYS, 1))
    web = db.bind(installation.open(WEB))
    write(installation.world)
    web.engine.dispose()
    # The files of a copy being written: what waits in memory goes to the disk.
    installation.server.run("CHECKPOINT", database=installation.name)
    dumps = [dump(installation, tmp_path / f"dump.{name}", f"--format={name}") for name in ("plain", "tar")]
    files = [path for path in installation.server.data.rglob("*") if path.is_file() and not path.is_symlink()]
    files += dumps
    found = proved(files, kind)
    assert found["base"] >= 1
    assert found["pg_wal"] >= 1
    assert found["dump"] == 2
    figure(
        "raw.bytes",
        f"PostgreSQL with its WAL and two dumps: 0 hits of {len(SECRETS)} secrets in {megabytes(files):.0f} MB",
    )


def kind(path: Path) -> str:
    return "dump" if path.name.startswith("dump.") else next(p for p in ("base", "pg_wal", "log") if p in path.parts)


def dump(installation: Installation, target: Path, *options: str) -> Path:
    url = installation.server.url
    command = [installation.server.programs / "pg_dump", "--host", str(url.query["host"]), "--username", "postgres"]
    subprocess.run([*command, *options, "--file", target, installation.name], check=True, env=dict(os.environ))
    return target
