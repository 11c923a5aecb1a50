"""Each deadline against a table reckoned by hand and by a second, separate reckoning. No database."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdp.cases.enums import StoppageOrigin
from pdp.core.calendar import Territory, working_days
from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.measures.catalogue import load_clocks
from pdp.measures.enums import Fit, Unit
from pdp.measures.rules.alerts import deadlines, last_call
from pdp.measures.rules.clocks import Clock, applying, read_clock
from pdp.measures.rules.fit import fit_in_stoppage
from pdp.measures.rules.renewal import follow_ons
from pdp.requests.rules import trial
from pdp.requests.rules.stoppage import Episode, Period
from pdp.requests.rules.trial import Segment
from tests.measures import oracle

TABLE = list(csv.DictReader(Path(__file__).with_name("deadlines.csv").open(encoding="utf-8")))
PLACES = {"Paris": Territory.METROPOLE, "Strasbourg": Territory.ALSACE_MOSELLE, "Réunion": Territory.REUNION}
CLOCKS = {clock.code: clock for clock in load_clocks()}
# Typed from the texts: what each clock counts, and up to how many.
LIMITS = {
    "EE-14": ("working_days", 14),
    "EE-28": ("working_days", 28),
    "CRPE-18": ("months", 18),
    "TPT-TI-90": ("days", 90),
    "TPT-TI-270": ("days", 270),
    "PMSMP-1": ("months", 1),
}
DAY = timedelta(days=1)


def periods(row: dict[str, str]) -> list[tuple[date, date]]:
    found = [stretch.split("..") for stretch in row["periods"].split()]
    return [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in found]


def segments(row: dict[str, str]) -> list[Segment]:
    return [Segment(start, end) for start, end in periods(row)]


def arret(start: date, end: date, ended_on: date | None = None) -> Episode:
    return Episode((Period(StoppageOrigin.ILLNESS, start, end, ended_on),))


def test_every_clock_reads_each_case_of_the_table_as_reckoned_by_hand(figure: Callable[[str, object], None]) -> None:
    wrong = []
    for row in TABLE:
        found = read_clock(CLOCKS[row["clock"]], segments(row), PLACES[row["place"]])
        said = (str(found.used), str(found.last_day), "yes" if found.exceeded else "no")
        if said != (row["used"], row["last_day"], row["exceeded"]):
            wrong.append((row["case"], said))
    assert wrong == []
    places = Counter(row["place"] for row in TABLE)
    assert len(TABLE) >= 200
    assert min(places.values()) >= 40
    figure("measures.deadlines", f"{len(TABLE)} cases on the calendars of Paris, Strasbourg and La Réunion, 0 wrong")


def test_every_case_of_the_table_says_what_the_arret_leaves_to_be_prescribed() -> None:
    wrong = []
    for row in TABLE:
        end = date.fromisoformat(row["stoppage_end"])
        fitting = fit_in_stoppage(segments(row), arret(date(2023, 1, 1), end))
        said = "..".join(str(day) for day in fitting.needed) if fitting.needed else fitting.fit.value
        if said != row["fit"]:
            wrong.append((row["case"], said))
    assert wrong == []


def test_a_separate_reckoning_day_by_day_finds_the_same_table() -> None:
    wrong = []
    for row in TABLE:
        unit, limit = LIMITS[row["clock"]]
        used, last = oracle.reckon(unit, limit, periods(row), row["place"])
        fit = oracle.fit(periods(row), date.fromisoformat(row["stoppage_end"]))
        if (str(used), str(last), fit) != (row["used"], row["last_day"], row["fit"]):
            wrong.append(row["case"])
    assert wrong == []


def test_the_limits_shipped_are_those_of_the_texts_and_of_the_eligibility_rules() -> None:
    assert {code: (clock.unit.value, clock.limit) for code, clock in CLOCKS.items() if code != "TPT-S"} == LIMITS
    assert CLOCKS["TPT-S"].unit is Unit.FIXED
    assert (CLOCKS["EE-14"].limit, CLOCKS["EE-28"].limit) == (trial.FIRST_PERIOD, trial.WHOLE_STOPPAGE)
    needs = " ".join(str(rule.need) for rule in load_ruleset().rules)
    assert all(f"{limit}" in needs for _, limit in LIMITS.values())
    assert all(clock.source.startswith("Art. ") for clock in CLOCKS.values())


@pytest.mark.parametrize(
    ("statuses", "ald", "expected"),
    [
        ([PersonStatus.EMPLOYEE_CDI], None, ["TPT-S"]),
        ([PersonStatus.SE_CRAFT], None, ["TPT-TI-90"]),
        ([PersonStatus.SE_CRAFT], False, ["TPT-TI-90"]),
        ([PersonStatus.SE_CRAFT], True, ["TPT-TI-270"]),
        ([PersonStatus.SE_LIBERAL_REGULATED], False, ["TPT-TI-90"]),
        # Its own section decides: no number can be said.
        ([PersonStatus.SE_LIBERAL_REGULATED], True, []),
        ([PersonStatus.EMPLOYEE_CDD, PersonStatus.SE_TRADE], True, ["TPT-S", "TPT-TI-270"]),
        ([], None, []),
    ],
)
def test_a_part_time_return_has_the_clock_of_the_status_and_of_the_ald(
    statuses: list[PersonStatus], ald: bool | None, expected: list[str]
) -> None:
    found = applying(load_clocks(), Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE, statuses, ald=ald, day=date(2026, 11, 2))
    assert [clock.code for clock in found] == expected


def test_a_clock_runs_from_the_day_of_its_text() -> None:
    def codes(day: date) -> list[str]:
        return [c.code for c in applying(load_clocks(), Dispositif.ESSAI_ENCADRE, [], ald=None, day=day)]

    assert codes(date(2022, 3, 30)) == []
    assert codes(date(2022, 3, 31)) == ["EE-14", "EE-28"]


def test_the_renewal_of_a_trial_leaves_the_first_period_as_it_was() -> None:
    both = [Segment(date(2026, 3, 9), date(2026, 3, 24)), Segment(date(2026, 6, 1), date(2026, 6, 16), renewal=True)]
    first, whole = read_clock(CLOCKS["EE-14"], both), read_clock(CLOCKS["EE-28"], both)
    assert (first.used, first.exceeded, first.left) == (14, False, 0)
    assert (whole.used, whole.exceeded, whole.last_day) == (28, False, date(2026, 6, 16))


@pytest.mark.parametrize(
    ("ended_on", "start", "expected"),
    [
        (None, date(2026, 3, 1), Fit.INSIDE),
        (None, date(2026, 3, 10), Fit.OUTSIDE),
        (date(2026, 3, 20), date(2026, 3, 1), Fit.OUTSIDE),
        (date(2026, 3, 24), date(2026, 3, 1), Fit.INSIDE),
    ],
)
def test_a_trial_before_the_arret_or_after_the_return_is_outside(
    ended_on: date | None, start: date, expected: Fit
) -> None:
    held = arret(start, date(2026, 3, 31), ended_on)
    assert fit_in_stoppage([Segment(date(2026, 3, 9), date(2026, 3, 24))], held).fit is expected
    assert fit_in_stoppage([Segment(date(2026, 3, 9), date(2026, 3, 24))], None).fit is Fit.UNKNOWN


@pytest.mark.parametrize(
    ("code", "stretch", "expected"),
    [
        # Fourteen more, from the next working day: Wednesday 25 March to Friday 10 April, without Easter Monday.
        ("EE-28", ("2026-03-09", "2026-03-24"), ("2026-03-25", "2026-04-10")),
        # Fifteen were used of the whole: thirteen are left, and the renewal is what remains.
        ("EE-28", ("2026-03-09", "2026-03-25"), ("2026-03-26", "2026-04-10")),
        ("EE-28", ("2026-03-02", "2026-04-02"), None),
        ("CRPE-18", ("2026-01-15", "2026-07-14"), ("2026-07-15", "2027-07-14")),
        ("CRPE-18", ("2026-03-01", "2027-08-31"), None),
        ("TPT-TI-90", ("2026-01-01", "2026-02-28"), ("2026-03-01", "2026-03-31")),
        ("TPT-TI-90", ("2026-01-01", "2026-03-31"), None),
        ("PMSMP-1", ("2026-03-02", "2026-03-07"), None),
    ],
)
def test_a_renewal_is_dated_by_what_the_limit_leaves(
    code: str, stretch: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    start, end = (date.fromisoformat(day) for day in stretch)
    clock = CLOCKS[code]
    readings = [read_clock(clock, [Segment(start, end)])]
    if code == "EE-28" and working_days(start, end) <= 14:
        readings.append(read_clock(CLOCKS["EE-14"], [Segment(start, end)]))
    found = [each for each in follow_ons(clock.dispositif, readings, end, Territory.METROPOLE) if each.renewal]
    assert [(str(each.starts_on), str(each.ends_on)) for each in found] == ([expected] if expected else [])


def test_a_trial_leads_to_a_part_time_return_or_to_a_reskilling_from_the_next_day() -> None:
    found = follow_ons(Dispositif.ESSAI_ENCADRE, (), date(2026, 4, 30), Territory.METROPOLE)
    assert [(each.dispositif, each.starts_on, each.renewal) for each in found] == [
        (Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE, date(2026, 5, 1), False),
        (Dispositif.CRPE, date(2026, 5, 1), False),
    ]
    assert follow_ons(Dispositif.CRPE, (), date(2026, 4, 30), Territory.METROPOLE) == ()


def test_the_referent_is_told_on_each_threshold_then_once_the_day_has_passed() -> None:
    stretch = [Segment(date(2026, 3, 9), date(2026, 3, 24))]
    readings = [read_clock(CLOCKS["EE-14"], stretch), read_clock(CLOCKS["EE-28"], stretch)]
    fitting = fit_in_stoppage(stretch, arret(date(2026, 1, 5), date(2026, 3, 20)))
    found = deadlines(readings, fitting, date(2026, 3, 24))
    # The whole of 28 days is not reached by what is planned: it asks for nothing yet.
    assert [(each.code, str(each.day), str(each.alert_from)) for each in found] == [
        ("stoppage_end", "2026-03-20", "2026-03-10"),
        ("EE-14", "2026-03-24", "2026-03-17"),
        ("planned_end", "2026-03-24", "2026-03-17"),
    ]
    calls = [last_call(found, date(2026, 3, day)) for day in (9, 10, 16, 17, 18, 21, 22, 24, 25, 30)]
    assert [call and call.day for call in calls] == [None, 10, 10, 17, 17, 21, 22, 22, 25, 25]


STARTS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
ANY_CLOCK = st.sampled_from([CLOCKS[code] for code in LIMITS])
ANY_PLACE = st.sampled_from(sorted(PLACES))


@st.composite
def split_periods(draw: st.DrawFn) -> list[Segment]:
    """Draw one to four stretches that do not overlap."""
    found, day = [], draw(STARTS)
    for _ in range(draw(st.integers(1, 4))):
        end = day + draw(st.integers(0, 30)) * DAY
        found.append(Segment(day, end))
        day = end + draw(st.integers(1, 20)) * DAY
    return found


@settings(max_examples=150)
@given(ANY_CLOCK, split_periods(), ANY_PLACE)
def test_any_split_periods_read_as_the_separate_reckoning_reads_them(
    clock: Clock, found: list[Segment], place: str
) -> None:
    unit, limit = LIMITS[clock.code]
    reading = read_clock(clock, list(reversed(found)), PLACES[place])
    expected = oracle.reckon(unit, limit, [(each.start, each.end) for each in found], place)
    assert (reading.used, reading.last_day) == expected


@settings(max_examples=80)
@given(ANY_CLOCK, STARTS, ANY_PLACE)
def test_the_last_day_uses_the_limit_up_and_the_next_that_counts_breaks_it(
    clock: Clock, start: date, place: str
) -> None:
    territory = PLACES[place]
    last = read_clock(clock, [Segment(start, start)], territory).last_day
    assert last is not None
    whole = read_clock(clock, [Segment(start, last)], territory)
    assert (whole.used, whole.left, whole.exceeded) == (clock.limit, 0, False)
    after = last + DAY
    while clock.unit is Unit.WORKING_DAYS and oracle.is_off(after, place):
        after += DAY
    assert read_clock(clock, [Segment(start, after)], territory).exceeded


@settings(max_examples=80)
@given(split_periods(), ANY_PLACE)
def test_cutting_a_stretch_in_two_changes_no_count_of_days(found: list[Segment], place: str) -> None:
    first = found[0]
    cut = [Segment(first.start, first.start), Segment(first.start + DAY, first.end)] if first.end > first.start else []
    for code in ("EE-28", "TPT-TI-90"):
        whole = read_clock(CLOCKS[code], found, PLACES[place])
        assert read_clock(CLOCKS[code], [*(cut or [first]), *found[1:]], PLACES[place]) == whole
