"""Every table of the canary world has rows, every column is filled, and every column has its label."""

from pdp.policy.columns import COLUMNS
from pdp.policy.labels import Label
from tests.access.canary.labels import LINES, Fill, date_columns, text_columns
from tests.access.canary.world import CanaryWorld

# Tables without a row in this world, and why.
EMPTY_TABLES = {
    "job_slot": "written by the scheduler, names no person and no cellule",
    "key_check": "the known answer of each key, written when the product starts",
    "sign_in_attempt": "keyed fingerprints, written by failed sign-ins only",
    "user_session": "written by each sign-in of the walk",
}
# Where this table is finer than the labels, or leaves out codes and hashes: ours, then the product's.
FINER = {
    ("vote", "ballot"),
    ("reply", "ballot"),
    ("advice", "request"),
    ("watch", "journal"),
    ("emergency", "journal"),
    ("register", "journal"),
    ("derived", "opinion"),
    ("technical", "opinion"),
    ("technical", "request"),
    ("technical", "aggregate"),
    ("directory", "ballot"),
    ("directory", "journal"),
    ("secret", "identity"),
    ("secret", "nir"),
}
_FILLED = {Fill.TOKEN, Fill.DATE, Fill.NUMBER, Fill.NIR, Fill.JSON}


def test_every_text_column_has_a_label_written_by_hand() -> None:
    assert sorted(set(text_columns()) - set(LINES)) == [], "a column is without a line in labels.csv"


def test_every_line_of_the_table_speaks_of_a_column() -> None:
    known = set(text_columns()) | set(date_columns()) | {("case_file", "affiliation_months")}
    assert sorted(set(LINES) - known) == []


def test_every_table_has_rows(canary: CanaryWorld) -> None:
    empty = {table for table, rows in canary.rows.items() if not rows}
    assert sorted(empty - set(EMPTY_TABLES)) == []


def test_every_column_is_filled(canary: CanaryWorld) -> None:
    given = {(found.table, found.column) for found in canary.canaries.values()}
    wanted = {key for key, line in LINES.items() if line.fill in _FILLED}
    assert sorted(wanted - given) == []


def test_every_row_of_a_case_is_known_as_its_own(canary: CanaryWorld) -> None:
    assert len(canary.canaries) > 4_000
    for found in canary.canaries.values():
        if found.label not in {"directory", "secret", "seance", "notes", "objection", "watch", "register", "own"}:
            assert found.case, f"{found.name} belongs to no case"


def test_the_product_gives_its_columns_the_same_labels() -> None:
    """Two tables written apart: this one by hand for the tests, the other one in `pdp/policy/columns.py`."""
    # The product's table has no line for what ends in `_id`.
    ours = {key: line.label for key, line in LINES.items() if line.label in set(Label) and key[1][-3:] != "_id"}
    assert {key: (label, str(COLUMNS[key])) for key, label in ours.items() if str(COLUMNS[key]) != label} == {}
    finer = {(LINES[key].label, str(mark)) for key, mark in COLUMNS.items() if key in LINES and mark in set(Label)}
    assert {pair for pair in finer if pair[0] not in set(Label)} <= FINER
