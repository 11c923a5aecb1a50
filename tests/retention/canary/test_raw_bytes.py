"""After the erasure no word of the person is in the raw files, nor in the minutes of anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from pdp.core.db import Database
from tests.access.canary.tokens import Canary
from tests.access.canary.world import CanaryWorld
from tests.minutes.extract import words
from tests.retention.canary.test_erasure import NAME, erase
from tests.support.databases import owner_of

# What is kept on purpose of the case: codes of registers that name nobody.
KEPT_TABLES = {"audit_entry", "rights_request"}


def tokens_of(found: CanaryWorld) -> dict[str, Canary]:
    """Return the words given to the case and to its person, sealed ones left out: they are not in clear anywhere."""
    return {
        value: canary
        for value, canary in found.canaries.items()
        if canary.case == NAME and canary.table not in KEPT_TABLES and value.startswith("qx")
    }


def readable(path: Path, tokens: dict[str, Canary]) -> set[str]:
    """Return the words found in a file, in the charsets and case of a database."""
    content = path.read_bytes()
    lower = content.lower()
    return {token for token in tokens if token.encode() in lower or token.encode("utf-16-le") in content}


@pytest.mark.sqlite
def test_no_word_of_the_person_is_left_in_the_file_of_sqlite(
    canary: CanaryWorld, database: Database, figure: Callable[[str, object], None]
) -> None:
    path = Path(str(make_url(database.url).database))
    tokens = tokens_of(canary)
    assert len(tokens) > 40
    assert len(readable(path, tokens)) > 20, "a scan that finds nothing before proves nothing after"
    erase(canary)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files = sorted(path.parent.glob(f"{path.name}*"))
    left = {file.name: readable(file, tokens) for file in files}
    assert left == {file.name: set() for file in files}
    size = sum(file.stat().st_size for file in files) / 1_000_000
    figure("retention.bytes", f"SQLite: 0 of {len(tokens)} words of the person in {size:.1f} MB of database and WAL")


def test_no_word_of_the_person_is_left_in_any_row(
    canary: CanaryWorld, database: Database, engine_name: str, figure: Callable[[str, object], None]
) -> None:
    tokens = tokens_of(canary)
    before = dump(database)
    assert len({token for token in tokens if token in before}) > 20
    erase(canary)
    after = dump(database)
    assert {token: tokens[token].name for token in tokens if token in after} == {}
    figure(
        "retention.rows", f"{engine_name}: 0 of {len(tokens)} words of the person in {len(after) / 1e6:.1f} MB of rows"
    )


def dump(database: Database) -> str:
    """Return every row of every table as text, files of minutes opened."""
    from pdp.core.db import Base

    parts = []
    with owner_of(database).engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                parts.append(repr(tuple(row)).lower())
                if table.name == "minutes_file":
                    parts.append(words(row.format, bytes(row.body)).lower())
    return "\n".join(parts)


@pytest.mark.postgresql
def test_the_heap_of_postgresql_holds_no_word_once_rewritten(
    canary: CanaryWorld, database: Database, figure: Callable[[str, object], None]
) -> None:
    tokens = tokens_of(canary)
    owner = owner_of(database)
    # As the server does by itself, now and then: a table emptied later keeps what was gathered from it.
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    assert heap(owner, tokens)
    erase(canary)
    # Deleted rows stay in the heap until it is rewritten: docs/adr/0013 says who does it, and when.
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
    left = heap(owner, tokens)
    assert {tokens[w.split()[0]].name for w in left} == set()
    figure("retention.bytes", f"PostgreSQL: 0 of {len(tokens)} words of the person in its heaps after VACUUM FULL")


def heap(owner: Database, tokens: dict[str, Canary]) -> set[str]:
    """Return the words found in the files of the database's tables and indexes."""
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        files = connection.execute(
            text(
                "SELECT relname, current_setting('data_directory') || '/' || pg_relation_filepath(oid) FROM pg_class "
                "WHERE relkind IN ('r', 'i', 't') AND relpersistence = 'p' AND pg_relation_filepath(oid) LIKE 'base/%'"
            )
        ).all()
    found = {relation: readable(Path(name), tokens) for relation, name in files if Path(name).exists()}
    return {f"{token} in {relation}" for relation, tokens in found.items() for token in tokens}
