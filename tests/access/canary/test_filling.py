"""Every table of the canary world has rows, every column is filled, and every column has its label."""

from tests.access.canary.labels import LINES, Fill, date_columns, text_columns
from tests.access.canary.world import CanaryWorld

# Tables without a row in this world, and why.
EMPTY_TABLES = {
    "sign_in_attempt": "keyed fingerprints, written by failed sign-ins only",
    "user_session": "written by each sign-in of the walk",
}
_FILLED = {Fill.TOKEN, Fill.DATE, Fill.NUMBER, Fill.NIR, Fill.JSON}


def test_every_text_column_has_a_label_written_by_hand() -> None:
    assert sorted(set(text_columns()) - set(LINES)) == [], "a column is without a line in labels.csv"


def test_every_line_of_the_table_speaks_of_a_column() -> None:
    known = set(text_columns()) | set(date_columns()) | {("case_file", "affiliation_months")}
    assert sorted(set(LINES) - known) == []


def test_every_table_has_rows(canary: CanaryWorld) -> None:
    empty = {table for table, rows in canary.rows.items() if not rows}
    assert empty == set(EMPTY_TABLES)


def test_every_column_is_filled(canary: CanaryWorld) -> None:
    given = {(found.table, found.column) for found in canary.canaries.values()}
    wanted = {key for key, line in LINES.items() if line.fill in _FILLED}
    assert sorted(wanted - given) == []


def test_what_is_given_is_what_is_stored(canary: CanaryWorld) -> None:
    for found in canary.canaries.values():
        assert found.value in str(found.row[found.column]), found.name
        if found.label not in {"directory", "secret", "seance"}:
            assert found.case, f"{found.name} belongs to no case"
