"""The rotation of keys: resumable after a kill, complete, journaled, and nothing is ever unreadable."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import undefer

from pdp.cases.models import CaseNote, InsuredPerson
from pdp.core import clock, crypto, db
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from pdp.core.scope import Upkeep
from pdp.factors.models import TotpFactor
from pdp.keys import service
from pdp.policy.labels import Label
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
BOTH = Keyring({1: ONE, 2: TWO}, 2, index=1)
NOTES = 300
# Each person of the base world has an application of codes.
PEOPLE = 34


def _fill(world: World) -> None:
    with as_owner() as session:
        for key in ("a", "b"):
            session.add_all(
                CaseNote(
                    cellule_id=world.cellule[key],
                    case_id=world.case_id[f"{key}.alone"],
                    label=Label.PLAN,
                    text=f"Note {key} {number}",
                    author_id=world.user[f"{key}.service_social"],
                    written_at=clock.now(),
                )
                for number in range(NOTES)
            )
        for number, person in enumerate(session.query(InsuredPerson).order_by(InsuredPerson.id)):
            person.nir = f"2550814168{number:05}"


def _headers(database: Database) -> Counter[bytes]:
    with owner_of(database).engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT text FROM case_note UNION ALL SELECT nir FROM insured_person WHERE nir IS NOT NULL "
                "UNION ALL SELECT secret FROM totp_factor"
            )
        )
        return Counter(bytes(row[0])[:2] for row in rows)


def _texts(database: Database) -> list[str]:
    with as_owner() as session:
        notes = [note.text for note in session.query(CaseNote).order_by(CaseNote.id)]
        codes = [factor.secret for factor in session.query(TotpFactor).order_by(TotpFactor.id)]
        people = session.query(InsuredPerson).order_by(InsuredPerson.id)
        return notes + codes + [person.nir or "" for person in people]


def _environment(database: Database, tmp_path: object) -> dict[str, str]:
    url = owner_of(database).url
    return os.environ | {
        "PDP_DATABASE_URL": url,
        "PDP_INSTANCE": str(tmp_path),
        "PDP_SECRET_KEY": "s" * 40,
        "PDP_KEYS": f"1:{ONE.hex()},2:{TWO.hex()}",
    }


def _rotate(environment: dict[str, str], *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "pdp.cli", "keys", "rotate", *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_rotation_killed_in_the_middle_resumes_and_loses_nothing(
    database: Database, world: World, tmp_path: object, figure: Callable[[str, object], None]
) -> None:
    _fill(world)
    before = _texts(database)
    environment = _environment(database, tmp_path)
    running = _rotate(environment, "--batch", "5")
    assert running.stdout is not None
    seen = [running.stdout.readline() for _ in range(6)]
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=30)
    running.stdout.close()
    crypto.load(BOTH)
    middle = _headers(database)
    assert middle[b"\x02\x01"] > 0, seen
    assert middle[b"\x02\x02"] > 0, seen
    assert _texts(database) == before
    again = _rotate(environment)
    output, _ = again.communicate(timeout=120)
    assert again.returncode == 0, output
    assert set(_headers(database)) == {b"\x02\x02"}
    assert _texts(database) == before
    with owner_of(database).engine.connect() as connection:
        entries = connection.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'keys.rotate'"))
    assert entries >= 4
    done, whole = middle[b"\x02\x02"], sum(middle.values())
    figure("keys.rotation", f"killed at {done} of {whole} values, resumed, 0 unreadable")


def test_the_first_layout_and_the_current_key_are_rewritten_too(database: Database, world: World) -> None:
    _fill(world)
    person_id, stored = _store_first_layout(database, "1850578006084")
    crypto.load(BOTH)
    with as_owner() as session:
        assert session.get_one(InsuredPerson, person_id).nir == "1850578006084"
    db.bind(owner_of(database))
    done = service.rotate(100, lambda _line: None)
    assert done == 2 * NOTES + 16 + PEOPLE
    assert stored not in _headers(database)
    assert set(_headers(database)) == {b"\x02\x02"}


def _store_first_layout(database: Database, plain: str) -> tuple[int, bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = b"\x07" * 12
    key = crypto.ring().derive(1, "column")
    value = b"\x01\x01" + nonce + AESGCM(key).encrypt(nonce, plain.encode(), b"insured_person.nir")
    with as_owner() as session:
        person_id = session.scalars(text("SELECT min(id) FROM insured_person")).one()
        session.execute(
            text("UPDATE insured_person SET nir = :value WHERE id = :id"), {"value": value, "id": person_id}
        )
    return person_id, value[:2]


def test_the_search_by_number_outlives_a_rotation(database: Database, world: World) -> None:
    before = crypto.blind_index("255081416800000", "insured_person.nir")
    crypto.load(BOTH)
    db.bind(owner_of(database))
    service.rotate(100, lambda _line: None)
    assert crypto.blind_index("255081416800000", "insured_person.nir") == before


def test_a_key_may_go_once_nothing_is_sealed_under_it(database: Database, world: World) -> None:
    owner = owner_of(database)
    db.bind(owner)
    three = {1: ONE, 2: TWO, 3: bytes(range(96, 128))}
    service.prove(owner, Keyring({1: ONE, 2: TWO}, 2))
    _fill(world)
    service.prove(owner, Keyring(three, 3))
    service.rotate(100, lambda _line: None)
    states = {state.key_id: state for state in service.read_state()}
    assert (states[2].counts.get("case_note.text"), states[3].counts["case_note.text"]) == (None, 2 * NOTES)
    assert not states[1].retired, "it keys the index"
    kept = service.prove(owner, Keyring({1: ONE, 3: three[3]}, 3)) if states[2].retired else None
    assert states[2].retired is (states[2].total == 0)
    assert kept is None or kept.index_id == 1


def test_a_note_is_renewed_by_the_owner_only_and_to_a_newer_key_only(database: Database, world: World) -> None:
    _fill(world)
    crypto.load(BOTH)
    newer = crypto.encrypt("Note réécrite", crypto.Place("case_note.text", 1, "x"))
    rewrite = "UPDATE case_note SET text = :value WHERE id = (SELECT min(id) FROM case_note)"
    older = b"\x02\x01" + newer[2:]
    _refused(owner_of(database), rewrite, older)
    _refused(owner_of(database), rewrite.replace(" WHERE", ", label = 'social' WHERE"), newer)
    _refused(owner_of(database), rewrite.replace(" WHERE", ", author_id = author_id + 1 WHERE"), newer)
    if not database.is_sqlite:
        _refused(database, rewrite, newer)


def _refused(database: Database, statement: str, value: bytes) -> None:
    with pytest.raises(DBAPIError, match=re.compile("append-only|permission denied")), database.engine.begin() as own:
        own.execute(text(statement), {"value": value})


def test_a_value_changed_meanwhile_is_not_overwritten(database: Database, world: World) -> None:
    from pdp.core import sealed
    from pdp.keys import queries

    _fill(world)
    crypto.load(BOTH)
    db.bind(owner_of(database))
    cell = sealed.COLUMNS["insured_person", "nir"]
    with db.reading(Upkeep(world.cellule["a"])):
        queries.keep_up()
        row = queries.list_stale(cell, world.cellule["a"], 0, 1)[0]
    with as_owner() as session:
        session.get_one(InsuredPerson, row.id).nir = "un autre numéro"
    with as_owner():
        assert not queries.replace_value(cell, row, crypto.encrypt("ancien", cell.place(row.owner_id, row.public_id)))
        assert db.session().get_one(InsuredPerson, row.id).nir == "un autre numéro"


def test_the_command_starts_with_no_wrong_key(database: Database, world: World, tmp_path: object) -> None:
    environment = _environment(database, tmp_path)
    first = subprocess.run(
        [sys.executable, "-m", "pdp.cli", "keys", "status"], env=environment, capture_output=True, text=True
    )
    assert first.returncode == 0, first.stderr
    assert "key 2: 0 values, current" in first.stdout
    wrong = environment | {"PDP_KEYS": f"1:{TWO.hex()}"}
    started = time.monotonic()
    refused = subprocess.run(
        [sys.executable, "-m", "pdp.cli", "serve", "--port", "1"], env=wrong, capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert refused.stderr.strip().count("\n") == 0
    assert "key 1 is not the one" in refused.stderr
    assert time.monotonic() - started < 30


def test_the_files_of_pieces_are_sealed_again_with_the_rest(database: Database, world: World) -> None:
    from pdp.cases.models import Case
    from pdp.documents.models import DocumentBody
    from pdp.documents.service import store

    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.alone"])
        kept = [store.keep(case, f"Pièce {number}".encode()) for number in range(3)]
        store.destroy(kept[2])
    crypto.load(BOTH)
    db.bind(owner_of(database))
    assert service.rotate(2, lambda _line: None) >= 2
    with as_owner() as session:
        rows = {row.id: row for row in session.query(DocumentBody).options(undefer(DocumentBody.sealed))}
        assert [store.open_body(rows[row.id]).decode() for row in kept[:2]] == ["Pièce 0", "Pièce 1"]
    assert {row.key_id for row in rows.values() if row.sealed} == {2}
