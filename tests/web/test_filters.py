"""French dates, numbers and typography, against tables written by hand (an underscore stands for a no-break space)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pdp.web import filters

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")


def said(text: str) -> str:
    """Read a table's text, where an underscore stands for a no-break space."""
    return text.replace("_", NBSP)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 3), "mardi_3_mars_2026"),
        (date(2026, 3, 1), "dimanche_1er_mars_2026"),
        (date(2026, 12, 1), "mardi_1er_décembre_2026"),
        (date(2024, 2, 29), "jeudi_29_février_2024"),
        (date(2026, 8, 11), "mardi_11_août_2026"),
    ],
)
def test_a_long_date_has_its_weekday_and_the_first_of_a_month_is_ordinal(value: date, expected: str) -> None:
    assert filters.date_long(value) == said(expected)


def test_a_long_date_may_leave_out_weekday_and_year() -> None:
    assert filters.date_long(date(2026, 4, 1), weekday=False, year=False) == said("1er_avril")


@pytest.mark.parametrize(
    ("value", "weekday", "year", "expected"),
    [
        (date(2026, 2, 12), False, False, "12_févr."),
        (date(2026, 2, 27), True, False, "ven._27_févr."),
        (date(2026, 7, 1), False, True, "1er_juil._2026"),
        (date(2026, 5, 20), True, True, "mer._20_mai_2026"),
    ],
)
def test_a_short_date_fits_a_table(value: date, weekday: bool, year: bool, expected: str) -> None:
    assert filters.date_short(value, weekday, year) == said(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 3), "aujourd’hui"),
        (date(2026, 3, 4), "demain"),
        (date(2026, 3, 2), "hier"),
        (date(2026, 3, 5), "dans 2_jours"),
        (date(2026, 3, 9), "dans 6_jours"),
        (date(2026, 2, 27), "il y a 4_jours"),
        (date(2025, 12, 3), "il y a 3_mois"),
        (date(2026, 6, 3), "dans 3_mois"),
        (date(2023, 3, 3), "il y a 3_ans"),
    ],
)
def test_a_relative_date_is_said_as_people_say_it(value: date, expected: str) -> None:
    assert filters.date_relative(value, date(2026, 3, 3)) == said(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (time(14, 5), "14_h_05"),
        (time(18, 0), "18_h"),
        (time(0, 30), "0_h_30"),
        (datetime(2026, 3, 3, 9, 12, tzinfo=PARIS), "9_h_12"),
    ],
)
def test_a_time_uses_h_and_drops_empty_minutes(value: time | datetime, expected: str) -> None:
    assert filters.time_hm(value) == said(expected)


def test_a_moment_joins_date_and_time() -> None:
    assert filters.moment(datetime(2026, 3, 3, 14, 32, tzinfo=PARIS)) == said("3_mars_2026 à_14_h_32")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (45, "45_min"),
        (60, "1_h"),
        (90, "1_h_30"),
        (125, "2_h_05"),
        (timedelta(minutes=10), "10_min"),
        (timedelta(hours=36), "36_h"),
        (timedelta(days=3), "3_jours"),
    ],
)
def test_a_duration_is_said_in_its_natural_unit(value: int | timedelta, expected: str) -> None:
    assert filters.duration(value) == said(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (7, 0, "7"),
        (12480, 0, "12_480"),
        (1234567, 0, "1_234_567"),
        (Decimal("63.25"), 1, "63,3"),
        (0.5, 0, "1"),
        (-3, 0, "−3"),
    ],
)
def test_a_number_has_a_comma_and_spaces(value: int | float | Decimal, decimals: int, expected: str) -> None:
    assert filters.number(value, decimals) == said(expected)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(109, 173, "63,0_%"), (121, 148, "81,8_%"), (0, 0, "sans objet")]
)
def test_a_share_is_a_percentage_or_without_object(part: int, whole: int, expected: str) -> None:
    assert filters.percent(part, whole) == said(expected)


@pytest.mark.parametrize(
    ("count", "noun", "irregular", "expected"),
    [
        (0, "dossier", None, "0_dossier"),
        (1, "dossier", None, "1_dossier"),
        (2, "dossier", None, "2_dossiers"),
        (3, "mois", None, "3_mois"),
        (2, "voix", None, "2_voix"),
        (4, "pièce manquante", None, "4_pièces manquantes"),
        (2, "avis rendu", None, "2_avis rendus"),
        (5, "jour ouvrable", None, "5_jours ouvrables"),
        (2, "procès-verbal", "procès-verbaux", "2_procès-verbaux"),
    ],
)
def test_a_noun_agrees_with_its_count(count: int, noun: str, irregular: str | None, expected: str) -> None:
    assert filters.plural(count, noun, irregular) == said(expected)


def test_a_noun_may_agree_without_showing_its_count() -> None:
    assert filters.plural(2, "demande", with_count=False) == "demandes"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Pourquoi ?", "Pourquoi_?"),
        ("Pourquoi?", "Pourquoi_?"),
        ("Quorum : atteint", "Quorum_: atteint"),
        ("Quorum: atteint", "Quorum_: atteint"),
        ("à 14:30", "à 14:30"),
        ("l'avis d'un siège", "l’avis d’un siège"),
        ('dit "à vérifier" ici', "dit «_à vérifier_» ici"),
        ("« déjà »", "«_déjà_»"),
        ("consultation n° 7", "consultation n°_7"),
        ("81,8 %", "81,8_%"),
        ("https://exemple.fr/?a=1", "https://exemple.fr/?a=1"),
    ],
)
def test_typography_is_french_and_leaves_the_rest_alone(typed: str, expected: str) -> None:
    assert filters.nbsp(typed) == said(expected)
    assert filters.nbsp(said(expected)) == said(expected)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("Paul", "Martin", "P._M."), ("Jean-Pierre", "Morel", "J.-P._M."), ("Élise", "", "É."), ("paul", "", "P.")],
)
def test_a_room_sees_initials_only(first: str, last: str, expected: str) -> None:
    assert filters.initials(first, last) == said(expected)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("essai encadré", "d’essai encadré"), ("bilan", "de_bilan"), ("Inclu’Pro", "d’Inclu’Pro"), ("École", "d’École")],
)
def test_de_is_elided_before_a_vowel(word: str, expected: str) -> None:
    assert filters.de_elision(word) == said(expected)


def test_nothing_is_shown_as_nothing() -> None:
    empty = (
        filters.date_long,
        filters.date_short,
        filters.date_digits,
        filters.time_hm,
        filters.moment,
        filters.duration,
    )
    assert {show(None) for show in empty} == {""}
    assert filters.number(None) == ""


def test_a_sentence_starts_with_a_capital_and_keeps_the_rest() -> None:
    assert filters.capital("mardi 3 mars, à Évry") == "Mardi 3 mars, à Évry"
    assert filters.date_digits(date(2026, 3, 1)) == "01/03/2026"
