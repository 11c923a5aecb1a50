"""Dates, hours, lists and counts read as a French secretary would write them."""

from datetime import date, datetime

import pytest

from pdp.core import french
from pdp.minutes import words
from tests.minutes.example import PARIS


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_date_names_its_weekday_and_the_first_is_1er() -> None:
    assert plain(french.weekday(date(2026, 3, 12))) == "jeudi 12 mars 2026"
    assert plain(french.weekday(date(2026, 8, 1))) == "samedi 1er août 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(14, 2, "14 h 02"), (9, 12, "9 h 12"), (16, 0, "16 h"), (0, 5, "0 h 05")]
)
def test_an_hour_is_written_with_h(hour: int, minute: int, expected: str) -> None:
    assert plain(french.hour(datetime(2026, 3, 12, hour, minute, tzinfo=PARIS))) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 3, 23), date(2026, 4, 24), "du 23 mars au 24 avril 2026"),
        (date(2026, 4, 1), date(2026, 4, 16), "du 1er au 16 avril 2026"),
        (date(2026, 12, 20), date(2027, 1, 3), "du 20 décembre 2026 au 3 janvier 2027"),
        (date(2026, 3, 23), None, "à partir du 23 mars 2026"),
        (None, date(2026, 4, 24), "jusqu’au 24 avril 2026"),
        (None, None, ""),
    ],
)
def test_a_period_says_no_more_than_it_must(start: date | None, end: date | None, expected: str) -> None:
    assert plain(french.period(start, end)) == expected


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ((), ""),
        (("EE-E-05",), "règle EE-E-05"),
        (("A-01", "A-02"), "règles A-01 et A-02"),
        (("A-01", "A-02", "A-03", "A-06", "B-07"), "règles A-01 à A-03, A-06 et B-07"),
    ],
)
def test_rule_identifiers_in_a_row_become_a_range(ids: tuple[str, ...], expected: str) -> None:
    assert words.rule_ids(ids) == expected


def test_small_numbers_are_words() -> None:
    assert [words.count(number) for number in (1, 8, 16, 17)] == ["un", "huit", "seize", "17"]


def test_a_sentence_ends_once() -> None:
    assert [words.sentence(text) for text in ("Oui", "Oui.", "Oui ?", "")] == ["Oui.", "Oui.", "Oui ?", ""]
