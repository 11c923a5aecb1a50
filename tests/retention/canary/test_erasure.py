"""A person of the canary world is erased: none of their words is left, and no row of anybody else changed."""

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from pdp.core import clock
from pdp.core.db import Base
from pdp.retention import erasures, queries
from pdp.retention.erasures import Erased
from pdp.retention.service import erasing
from tests.access.canary.world import CanaryWorld
from tests.retention.test_cascade import CASCADE, EMPTIED, GOES, GOES_WITH_PERSON
from tests.support.databases import as_owner

NAME = "a.mine"
# Rows that tell of the erasure itself.
TOLD = {"audit_entry", "audit_segment", "case_erasure", "closed_case_tally", "minutes_reseal"}
MERGING = {"merge_proposal", "person_alias", "person_merge", "person_merge_line", "person_unmerge"}
MINUTES = {"minutes_version", "minutes_file"}


def line(found: CanaryWorld) -> Erased:
    case_id, public_id = found.world.case_id[NAME], found.world.case[NAME]
    return Erased(
        at=clock.now().isoformat(),
        cellule=found.world.cellule["a"],
        case=case_id,
        case_mark=erasures.case_mark(public_id),
        person_mark="",
        last_contact_on="2022-03-31",
        hidden_at="2024-05-01T04:00:00+00:00",
    )


def fingerprints() -> dict[str, dict[int, str]]:
    """Return a hash of each row of each table, whole, as the owner reads it."""
    found: dict[str, dict[int, str]] = {}
    with as_owner() as session:
        for table in Base.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = session.execute(text(f'SELECT {columns} FROM "{table.name}"')).all()
            found[table.name] = {row.id: hashlib.sha256(repr(tuple(row)).encode()).hexdigest() for row in rows}
    return found


def erase(found: CanaryWorld) -> None:
    assert erasing.erase_again(line(found))


def rows_of(found: CanaryWorld) -> dict[str, set[int]]:
    """Return the rows of each table that the canary world itself knows as those of the case."""
    case_id = found.world.case_id[NAME]
    return {
        table: {row["id"] for row in rows if row["_case_id"] == case_id} | _merged(table, rows, found)
        for table, rows in found.rows.items()
    }


def _merged(table: str, rows: list[dict[str, Any]], found: CanaryWorld) -> set[int]:
    """Return the records merged into the person, and what tells of the merge: they are the person's too."""
    person = next(row["person_id"] for row in found.rows["case_file"] if row["id"] == found.world.case_id[NAME])
    merges = [row for row in found.rows["person_merge"] if person in (row["kept_id"], row["absorbed_id"])]
    absorbed = {row["absorbed_id"] for row in merges if row["kept_id"] == person}
    if table == "insured_person":
        with_case = {row["person_id"] for row in found.rows["case_file"]}
        return absorbed - with_case
    keys = {row["id"] for row in merges}
    names = ("person_id", "former_id", "kept_id", "absorbed_id")
    return {
        row["id"]
        for row in rows
        if table in MERGING and (row.get("merge_id") in keys or person in [row.get(name) for name in names])
    }


def test_the_rows_of_the_case_go_and_no_other_row_changes(
    canary: CanaryWorld,
    engine_name: str,
    figure: Callable[[str, object], None],
) -> None:
    before = fingerprints()
    with as_owner():
        figures = queries.statistics(canary.world.cellule["a"])
    erase(canary)
    after = fingerprints()
    gone = {table: before[table].keys() - after[table].keys() for table in before}
    changed = {
        table: {key for key in before[table].keys() & after[table].keys() if before[table][key] != after[table][key]}
        for table in before
    }
    assert {table for table, keys in gone.items() if keys} <= {
        table for table, action in CASCADE.items() if action in {GOES, GOES_WITH_PERSON}
    }
    ours = rows_of(canary)
    for table, keys in gone.items():
        assert keys <= ours[table], f"{table}: a row of another case went"
    assert {table for table, keys in changed.items() if keys} <= MINUTES | TOLD | {
        table for table, action in CASCADE.items() if action == EMPTIED
    }
    left = {
        table: ours[table] & after[table].keys()
        for table, action in CASCADE.items()
        if action == GOES and ours[table] & after[table].keys()
    }
    assert left == {}
    with as_owner():
        assert queries.statistics(canary.world.cellule["a"]) == figures
    neighbours = sum(len(rows) for rows in after.values())
    figure(
        "retention.neighbours",
        f"{engine_name}: {sum(map(len, gone.values()))} rows of one case gone, 0 of {neighbours} others changed "
        "but the minutes' points",
    )
