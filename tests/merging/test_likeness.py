"""How traits compare, against a table made by hand."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pdp.merging.enums import Likeness, Trait
from pdp.merging.rules.likeness import compare_dates, compare_names, compare_numbers, compare_towns
from pdp.merging.rules.traits import Identity, alarms, compare, deserves_a_look, disputed, retained

with (Path(__file__).parent / "likeness.csv").open(encoding="utf-8", newline="") as source:
    TABLE = list(csv.DictReader(source))

_COMPARERS: dict[str, Callable[[str, str], Any]] = {
    "name": compare_names,
    "town": compare_towns,
    "date": lambda left, right: compare_dates(date.fromisoformat(left), date.fromisoformat(right)),
    "nir": lambda left, right: compare_numbers(left or None, right or None),
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['kind']} {row['left']} / {row['right']}")
def test_each_pair_of_the_table_compares_as_written(row: dict[str, str]) -> None:
    comparing = _COMPARERS[row["kind"]]
    found = {comparing(row["left"], row["right"]).likeness, comparing(row["right"], row["left"]).likeness}
    assert found == {Likeness(row["expected"])}


def test_the_table_is_large_enough_to_mean_something(figure: Callable[[str, object], None]) -> None:
    assert len(TABLE) >= 60
    assert {row["expected"] for row in TABLE} == {"identical", "close", "different", "unknown"}
    figure("merging.traits", f"{len(TABLE)} pairs of traits compared both ways as a hand-made table says")


ANNE = Identity("Lefèvre", "Anne", date(1980, 3, 5), "Albi", nir="280057800608492")
# (the other record, whether the pair deserves a look, the traits that alarm)
PAIRS: tuple[tuple[str, Identity, bool, set[Trait]], ...] = (
    ("the same but for accents", Identity("Lefevre", "Anne", date(1980, 3, 5), "Albi"), True, set()),
    ("day and month swapped", Identity("Lefèvre", "Anne", date(1980, 5, 3), "Albi"), True, set()),
    ("names in each other’s place", Identity("Anne", "Lefèvre", date(1980, 3, 5)), True,
     {Trait.FAMILY_NAME, Trait.GIVEN_NAME}),
    ("a twin", Identity("Lefèvre", "Claire", date(1980, 3, 5), "Albi"), False, {Trait.GIVEN_NAME}),
    ("a married name", Identity("Roux", "Anne", date(1980, 3, 5), "Albi"), True, {Trait.FAMILY_NAME}),
    ("another of that first name born that day", Identity("Roux", "Anne", date(1980, 3, 5), "Brest"), False,
     {Trait.FAMILY_NAME}),
    ("a full homonym of another age", Identity("Lefèvre", "Anne", date(1992, 11, 23)), True, {Trait.BIRTH_DATE}),
    ("a near homonym of another age", Identity("Lefevre", "Anna", date(1992, 11, 23)), False, {Trait.BIRTH_DATE}),
    ("a stranger with her number", Identity("Roux", "Paul", date(1971, 1, 1), nir="280057800608492"), True,
     {Trait.FAMILY_NAME, Trait.GIVEN_NAME, Trait.BIRTH_DATE}),
    ("the same with another number", Identity("Lefèvre", "Anne", date(1980, 3, 5), nir="284127511654316"), True,
     {Trait.NIR}),
    ("a stranger", Identity("Roux", "Paul", date(1971, 1, 1)), False,
     {Trait.FAMILY_NAME, Trait.GIVEN_NAME, Trait.BIRTH_DATE}),
)  # fmt: skip


@pytest.mark.parametrize(("what", "other", "looked_at", "alarming"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_pair_deserves_a_look_and_alarms_as_written(
    what: str, other: Identity, looked_at: bool, alarming: set[Trait]
) -> None:
    lines = compare(ANNE, other)
    assert {line.trait for line in lines if line.alarm} == alarming
    assert len(alarms(lines)) == len(alarming)
    assert (deserves_a_look(ANNE, other), deserves_a_look(other, ANNE)) == (looked_at, looked_at)


def test_no_line_ever_holds_a_number() -> None:
    other = Identity("Lefèvre", "Anne", date(1980, 3, 5), nir="284127511654316")
    line = compare(ANNE, other)[-1]
    assert (line.left, line.right, line.likeness) == ("Connu", "Connu", Likeness.DIFFERENT)


def test_what_one_record_alone_holds_is_retained_without_a_choice() -> None:
    kept = Identity("Lefèvre", "Anne", date(1980, 3, 5), phone="0102030405")
    absorbed = Identity("Lefevre", "Anne", date(1980, 3, 5), "Albi", phone="0605040302", nir="280057800608492")
    assert disputed(kept, absorbed) == ("family_name", "phone")
    after = retained(kept, absorbed, {"family_name": "kept", "phone": "absorbed"})
    assert after == Identity("Lefèvre", "Anne", date(1980, 3, 5), "Albi", "0605040302", "", "280057800608492")
