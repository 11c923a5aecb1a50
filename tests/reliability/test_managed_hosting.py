"""The owner of a managed PostgreSQL is no superuser: migrations, walls and backups work all the same."""

import os
import subprocess

import pytest
from sqlalchemy import inspect, text

from pdp.core import schema
from pdp.core.db import Base, Database
from tests.reliability.conftest import KEEPER, WEB, Installation
from tests.reliability.words import speaking


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_walls_stand_when_the_owner_is_no_superuser(installation: Installation) -> None:
    world, web = installation.world, installation.open(WEB)
    cap = world.organisation["a.cap_emploi"]
    assert count(web, "case_file") == 0
    with speaking(web, cellule=world.cellule["a"]) as connection:
        assert connection.execute(text("SELECT count(*) FROM case_file")).scalar_one() == 8
    with speaking(web, cellule=world.cellule["a"], organisation=cap, role="cap_emploi") as connection:
        seen = set(connection.scalars(text("SELECT id FROM case_file")))
        people = connection.execute(text("SELECT count(*) FROM insured_person")).scalar_one()
        requests = connection.execute(text("SELECT count(*) FROM dispositif_request")).scalar_one()
    assert seen == {world.case_id["a.shared"], world.case_id["a.partial"]}
    assert (people, requests) == (2, 1)
    web.engine.dispose()


def test_even_the_owner_reads_no_case_without_saying_what_for(installation: Installation) -> None:
    keeper, upkeep = installation.open(KEEPER), installation.open(KEEPER, options="-c pdp.upkeep=on")
    assert count(keeper, "case_file") == 0
    assert count(upkeep, "case_file") == 16
    web = installation.open(WEB, options="-c pdp.upkeep=on")
    assert count(web, "case_file") == 0
    for database in (keeper, upkeep, web):
        database.engine.dispose()


def test_the_owner_migrates_down_and_up_again(installation: Installation) -> None:
    keeper = installation.open(KEEPER)
    schema.downgrade(keeper.engine)
    assert inspect(keeper.engine).get_table_names() == ["alembic_version"]
    schema.upgrade(keeper.engine)
    assert set(inspect(keeper.engine).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}
    schema.check(keeper.engine)
    keeper.engine.dispose()


def test_an_owner_who_may_not_create_roles_is_told_what_to_have_run(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = installation.open(KEEPER)
    schema.downgrade(keeper.engine)
    monkeypatch.setenv("PDP_APP_ROLE", "elsewhere")
    installation.server.run(f"ALTER ROLE {KEEPER} NOCREATEROLE")
    try:
        with pytest.raises(RuntimeError, match="CREATE ROLE elsewhere NOLOGIN"):
            schema.upgrade(keeper.engine)
        installation.server.run("CREATE ROLE elsewhere NOLOGIN")
        schema.upgrade(keeper.engine)
    finally:
        installation.server.run(f"ALTER ROLE {KEEPER} CREATEROLE")
        keeper.engine.dispose()


def test_the_name_of_a_role_is_no_place_for_sql(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = installation.open(KEEPER)
    schema.downgrade(keeper.engine, "0008_notices")
    monkeypatch.setenv("PDP_APP_ROLE", "x; DROP TABLE vote")
    with pytest.raises(ValueError, match="PDP_APP_ROLE"):
        schema.upgrade(keeper.engine)
    keeper.engine.dispose()


def dump(installation: Installation, *options: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    url = installation.server.url
    return subprocess.run(
        [
            installation.server.programs / "pg_dump",
            "--host",
            str(url.query["host"]),
            "--username",
            KEEPER,
            "--data-only",
            *options,
            installation.name,
        ],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_a_backup_by_the_owner_is_whole_or_fails(installation: Installation) -> None:
    blind = dump(installation)
    assert blind.returncode != 0
    assert b"row-level security" in blind.stderr
    whole = dump(installation, "--enable-row-security", PGOPTIONS="-c pdp.upkeep=on")
    assert whole.returncode == 0, whole.stderr
    cases = whole.stdout.split(b"COPY public.case_file ")[1].split(b"\\.")[0].strip().splitlines()[1:]
    assert len(cases) == 16


def test_a_destroyed_segment_of_the_journal_goes_whole_whatever_its_cellule(installation: Installation) -> None:
    keeper, web = installation.open(KEEPER, options="-c pdp.upkeep=on"), installation.open(WEB)
    with keeper.engine.begin() as connection:
        segment = connection.execute(
            text(
                "INSERT INTO audit_segment (cellule_key, month, sealed, key_id, last_sequence, last_seal, opened_at) "
                "VALUES (:cellule, '2020-01', true, 1, 1, 'x', now()) RETURNING id"
            ),
            {"cellule": installation.world.cellule["b"]},
        ).scalar_one()
        connection.execute(
            text(
                "INSERT INTO audit_entry (at, cellule_id, action, refused, segment_id, sequence, seal) "
                "VALUES (now(), :cellule, 'tests.old', false, :segment, 1, 'x')"
            ),
            {"cellule": installation.world.cellule["b"], "segment": segment},
        )
    kept = count(keeper, "audit_entry")
    destroy = text("SELECT destroy_journal_segment(:segment)")
    with pytest.raises(Exception, match="no certificate"), web.engine.begin() as connection:
        connection.execute(destroy, {"segment": segment})
    with web.engine.begin() as connection:
        connection.execute(
            text("UPDATE audit_segment SET destroyed_at = now(), certificate = 'c' WHERE id = :segment"),
            {"segment": segment},
        )
        assert connection.execute(destroy, {"segment": segment}).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM case_file")).scalar_one() == 0
    assert count(keeper, "audit_entry") == kept - 1
    keeper.engine.dispose()
    web.engine.dispose()
