"""Every stored column carries a security label or a technical mark, and what must be sealed is sealed."""

from collections.abc import Callable

from pdp.core.db import Base
from pdp.core.schema import import_models
from pdp.policy.columns import COLUMNS, mark_of
from pdp.policy.labels import Label


def _columns() -> set[tuple[str, str]]:
    import_models()
    return {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}


def test_every_column_of_every_table_has_a_label_or_a_mark(figure: Callable[[str, object], None]) -> None:
    stored = _columns()
    unmarked = sorted(f"{table}.{column}" for table, column in stored if mark_of(table, column) is None)
    assert unmarked == [], "add a line to pdp/policy/columns.py for each"
    labels = sum(isinstance(mark_of(*key), Label) for key in stored)
    figure("columns.labels", f"{len(stored)} columns marked, {labels} with a label of the access matrix")


def test_the_table_names_no_column_that_is_gone() -> None:
    assert sorted(COLUMNS.keys() - _columns()) == []
