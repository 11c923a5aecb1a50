"""Series of séances: days by hand, then the pages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from pdp.core import clock
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.meetings.rules.series import MOST, Nth, monthly, nth_weekday, occurrences, weekly
from pdp.notifications.models import Notice
from tests.meetings.pages import entries, plain, read
from tests.meetings.planning_data import add_meeting, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
MONDAY, TUESDAY, FRIDAY = 0, 1, 4


def said(days: tuple[date, ...]) -> str:
    return " ".join(f"{day.day}/{day.month}" for day in days)


@pytest.mark.parametrize(
    ("year", "month", "nth", "weekday", "expected"),
    [
        (2026, 1, Nth.FIRST, TUESDAY, 6),
        (2026, 9, Nth.FIRST, TUESDAY, 1),
        (2026, 12, Nth.FIRST, TUESDAY, 1),
        (2026, 2, Nth.SECOND, FRIDAY, 13),
        (2026, 3, Nth.THIRD, MONDAY, 16),
        (2026, 5, Nth.FOURTH, FRIDAY, 22),
        (2026, 5, Nth.LAST, FRIDAY, 29),
        (2026, 2, Nth.LAST, MONDAY, 23),
        (2028, 2, Nth.LAST, TUESDAY, 29),
        (2026, 8, Nth.LAST, MONDAY, 31),
    ],
)
def test_the_nth_day_of_a_month(year: int, month: int, nth: Nth, weekday: int, expected: int) -> None:
    assert nth_weekday(year, month, nth, weekday) == date(year, month, expected)


@pytest.mark.parametrize(
    ("first", "nth", "every", "until", "expected"),
    [
        (date(2026, 1, 1), Nth.FIRST, 1, date(2026, 4, 30), "6/1 3/2 3/3 7/4"),
        # The day of the first month is over: the series begins the month after.
        (date(2026, 1, 7), Nth.FIRST, 1, date(2026, 3, 3), "3/2 3/3"),
        (date(2026, 1, 6), Nth.FIRST, 1, date(2026, 1, 6), "6/1"),
        (date(2026, 10, 1), Nth.LAST, 2, date(2027, 2, 28), "27/10 29/12 23/2"),
        (date(2026, 1, 1), Nth.FIRST, 12, date(2027, 12, 31), "6/1 5/1"),
        (date(2026, 1, 7), Nth.FIRST, 1, date(2026, 1, 31), ""),
    ],
)
def test_a_day_of_the_month_comes_back(first: date, nth: Nth, every: int, until: date, expected: str) -> None:
    assert said(monthly(first, nth, TUESDAY, every, until)) == expected


@pytest.mark.parametrize(
    ("first", "every", "until", "expected"),
    [
        (date(2026, 3, 17), 2, date(2026, 4, 28), "17/3 31/3 14/4 28/4"),
        (date(2026, 3, 17), 1, date(2026, 3, 23), "17/3"),
        (date(2026, 12, 22), 1, date(2027, 1, 5), "22/12 29/12 5/1"),
        (date(2026, 3, 17), 1, date(2026, 3, 16), ""),
    ],
)
def test_a_day_of_the_week_comes_back(first: date, every: int, until: date, expected: str) -> None:
    assert said(weekly(first, every, until)) == expected


def test_a_series_has_an_end_even_when_its_form_has_none() -> None:
    assert len(weekly(date(2026, 1, 5), 1, date(2099, 1, 1))) == MOST


def test_holidays_weekends_and_taken_days_are_said() -> None:
    days = [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 5), date(2026, 5, 6)]
    found = occurrences(days, {date(2026, 5, 1): "Fête du Travail"}, {date(2026, 5, 5)})
    assert [row.clash for row in found] == [
        "jour férié : Fête du Travail",
        "fin de semaine",
        "une séance est déjà prévue ce jour-là",
        "",
    ]


def typed(**changes: str) -> dict[str, str]:
    first = _next_tuesday()
    return {
        "rhythm": "semaines",
        "every": "2",
        "first": first.isoformat(),
        "until": (first + timedelta(weeks=4)).isoformat(),
        "start": "14:00",
        "end": "16:30",
        "place": "Salle Iroise",
    } | changes


def _next_tuesday() -> date:
    # Far from the holidays of winter: the first Tuesday of next March.
    return nth_weekday(clock.today().year + 1, 3, Nth.FIRST, TUESDAY)


def _planned() -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).select_from(Meeting)) or 0


def test_a_series_is_shown_then_planned_and_told_once(sign_in_as: SignIn, world: World) -> None:
    client, first = sign_in_as("a.coordinateur"), _next_tuesday()
    with writing():
        add_meeting(world, first + timedelta(weeks=2))
    before = _planned()
    answer = client.post("/seances/serie", data=typed())
    shown = plain(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "3 dates, dont 1 à regarder" in shown
    assert "Une séance est déjà prévue ce jour-là" in shown
    assert answer.get_data(as_text=True).count(" checked>") == 2
    assert _planned() == before
    days = [(first + timedelta(weeks=weeks)).isoformat() for weeks in (0, 4)]
    answer = client.post("/seances/serie", data=typed(act="plan") | {"days": days})
    assert answer.location == f"/seances/calendrier?annee={first.year}"
    assert _planned() == before + 2
    with as_owner() as session:
        points = session.scalar(select(func.count()).select_from(AgendaPoint))
        told = session.scalars(select(Notice.link).distinct()).all()
    assert points == 4, "approval and actions in each"
    assert len(told) == 1
    (entry,) = entries("meeting.plan_series")
    assert entry.detail == {"count": 2}
    assert "Salle Iroise" in read(client, f"/seances/calendrier?annee={first.year}")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": "2020-01-01"}, "La fin doit venir après le début."),
        ({"first": "2020-01-01"}, "Cette date est passée"),
        ({"every": "0"}, "Écrivez un nombre de 1 à 12."),
        ({"place": ""}, "Ce champ est obligatoire."),
        ({"act": "plan"}, "Gardez au moins une date."),
        ({"act": "plan", "end": "13:00", "days": "2099-03-03"}, "La fin doit venir après le début."),
    ],
)
def test_a_wrong_series_says_why_and_plans_nothing(
    sign_in_as: SignIn, world: World, changes: dict[str, str], sentence: str
) -> None:
    before = _planned()
    answer = sign_in_as("a.coordinateur").post("/seances/serie", data=typed(**changes))
    assert answer.status_code == 422
    assert sentence in plain(answer.get_data(as_text=True))
    assert _planned() == before


def test_the_year_belongs_to_those_who_may_know_its_seances(sign_in_as: SignIn, world: World) -> None:
    with writing():
        add_meeting(world, clock.today(), place="Salle Molène")
    year = clock.today().year
    assert "Salle Molène" in read(sign_in_as("a.cpam"), f"/seances/calendrier?annee={year}")
    assert "Salle Molène" not in read(sign_in_as("a.cap_emploi"), f"/seances/calendrier?annee={year}")
    assert "Salle Molène" not in read(sign_in_as("b.coordinateur"), f"/seances/calendrier?annee={year}")
    client = sign_in_as("a.cpam")
    assert client.get("/seances/serie").status_code == 404
    assert [client.get(f"/seances/calendrier?annee={word}").status_code for word in ("demain", "1850", "²")] == [
        404
    ] * 3
