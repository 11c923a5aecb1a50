"""Migrations: one line, numbered, and in agreement with the models on both engines."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from pdp.audit import service as audit
from pdp.core import clock, db, schema
from pdp.core.db import Base, Database
from pdp.meetings.models import Meeting
from pdp.minutes.models import Minutes, MinutesVersion
from tests.support.databases import as_owner
from tests.support.world import World


def test_revisions_are_numbered_in_one_line() -> None:
    script = ScriptDirectory.from_config(schema.alembic_config())
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    assert [int(name.split("_")[0]) for name in revisions] == list(range(1, len(revisions) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in revisions)
    assert len(script.get_heads()) == 1


def test_models_and_migrations_agree(owner: Database) -> None:
    schema.check(owner.engine)


def test_migrations_go_down_and_up_again(owner: Database) -> None:
    schema.downgrade(owner.engine)
    assert inspect(owner.engine).get_table_names() == ["alembic_version"]
    schema.upgrade(owner.engine)
    assert set(inspect(owner.engine).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}


def test_a_database_with_minutes_goes_down_to_the_first_release_and_up_again(
    database: Database, owner: Database, world: World
) -> None:
    # Minutes are referred to by their versions: SQLite copies and drops their table on the way.
    with as_owner() as session:
        cellule_id, user_id = world.cellule["a"], world.user["a.cpam"]
        meeting = session.scalars(select(Meeting).where(Meeting.cellule_id == cellule_id)).first()
        assert meeting is not None
        common = {"cellule_id": cellule_id, "meeting_id": meeting.id, "composed_by_id": user_id}
        minutes = Minutes(year=2026, number=1, composed_at=clock.now(), **common)
        session.add(minutes)
        session.flush()
        session.add(MinutesVersion(cellule_id=cellule_id, minutes_id=minutes.id, content={}, content_hash="0" * 64))
        audit.record(None, "minutes.compose", subject=minutes)
        public_id = minutes.public_id
    schema.downgrade(owner.engine, "0022_parts_of_copies")
    schema.upgrade(owner.engine)
    with as_owner() as session:
        kept = session.execute(
            select(Minutes.public_id, Minutes.edition).join(MinutesVersion, MinutesVersion.minutes_id == Minutes.id)
        )
        assert kept.all() == [(public_id, 1)]
    with pytest.raises(DBAPIError, match="append-only"), owner.engine.begin() as connection:
        connection.execute(text("DELETE FROM minutes"))


@pytest.mark.parametrize("verb", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_journal_can_only_be_added_to(owner: Database, world: World, verb: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), owner.engine.begin() as connection:
        connection.execute(text(verb))


def test_a_write_without_a_journal_entry_does_not_commit(database: Database, world: World) -> None:
    with pytest.raises(db.UnauditedWrite, match="cellule"), db.transaction() as session:
        session.execute(text("UPDATE cellule SET name = 'Sans trace'"))
    with db.reading() as session:
        names = session.scalars(text("SELECT name FROM cellule")).all()
    assert "Sans trace" not in names


def test_a_read_only_unit_refuses_to_write(database: Database, world: World) -> None:
    with pytest.raises(db.UnauditedWrite), db.reading() as session:
        session.execute(text("UPDATE cellule SET name = 'Sans trace'"))


def test_instants_come_back_aware_and_in_utc(database: Database, world: World) -> None:
    from pdp.accounts.models import Cellule

    with db.reading() as session:
        created = session.get_one(Cellule, world.cellule["a"]).created_at
    assert created.utcoffset() is not None
    assert abs((clock.now() - created).total_seconds()) < 3600
