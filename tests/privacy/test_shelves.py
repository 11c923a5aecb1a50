"""What a copy of a person's data takes derives from the table of columns: nothing about a person is forgotten."""

from collections.abc import Callable

from pdp.core.schema import import_models
from pdp.policy.columns import COLUMNS
from pdp.privacy.rules.shelves import BY_TABLE, LEFT_OUT, OMITTED, columns_of, is_taken, title_of

# The words of the access matrix and of the case, by hand: a column under one of them is about a person.
PERSONAL = frozenset(
    (
        *("signal", "identity", "nir", "employment", "stoppage", "allowance", "medical", "conclusion"),
        *("restrictions", "boeth", "social", "plan", "request", "agreements", "ballot", "opinion", "action"),
        *("decision", "outcome", "journal", "row", "case", "core", "rights"),
    )
)


def about_people() -> set[tuple[str, str]]:
    import_models()
    return {key for key, mark in COLUMNS.items() if mark.value in PERSONAL}


def test_every_column_about_a_person_is_in_the_copy_or_left_out_with_a_reason(
    figure: Callable[[str, object], None],
) -> None:
    taken = {(table, column) for table in BY_TABLE for column in columns_of(table)}
    reasons = {key for key in about_people() if key in OMITTED or key[0] in LEFT_OUT}
    assert about_people() - taken - reasons == set(), "put the table on a shelf, or leave it out with a reason"
    assert all(OMITTED.values())
    assert all(LEFT_OUT.values())
    figure("pack.columns", f"{len(taken)} columns in the copy, {len(reasons)} left out with a reason")


def test_nothing_that_serves_the_machine_or_another_person_is_taken() -> None:
    taken = {str(mark) for table in BY_TABLE for mark in columns_of(table).values()}
    assert taken <= PERSONAL
    assert not is_taken(COLUMNS["user_account", "password_hash"])
    assert not is_taken(COLUMNS["closed_case_tally", "count"])


def test_every_column_of_the_copy_has_a_french_title() -> None:
    untitled = [(table, column) for table in BY_TABLE for column in columns_of(table) if not title_of(table, column)]
    assert untitled == []


def test_what_is_left_out_exists_and_is_about_a_person() -> None:
    assert set(OMITTED) <= about_people()
    assert set(LEFT_OUT) <= {table for table, _ in COLUMNS}
    assert not set(LEFT_OUT) & set(BY_TABLE)
