"""The facts of a request, worked out by hand from a case."""

from datetime import date
from typing import Any

import pytest

from pdp.cases.enums import Axis, BoethKind, BoethState, Scheme, StoppageOrigin, UnfitnessState
from pdp.core.calendar import Territory
from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.dispositifs.rules import UNKNOWN
from pdp.dispositifs.rules.periods import months_begun
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor
from pdp.requests.rules.facts import RENEWAL, Ask, Occupation, Piece, Situation, build_facts
from pdp.requests.rules.stoppage import Period, current_episode
from pdp.requests.rules.trial import Segment, count_days

DAY = date(2026, 3, 3)
ILLNESS = StoppageOrigin.ILLNESS
SALARIE, TI = StatusGroup.SALARIE, StatusGroup.TI


def period(start: str, end: str, **values: Any) -> Period:
    return Period(ILLNESS, date.fromisoformat(start), date.fromisoformat(end), **values)


# An arrêt of 24 November with two extensions, the last one already prescribed beyond today.
ARRET = (
    period("2025-11-24", "2025-12-31", indemnified=True),
    period("2026-01-01", "2026-02-28", indemnified=True),
    period("2026-03-01", "2026-04-12", indemnified=True),
)
VALERIE = Situation(
    occupations=(Occupation(PersonStatus.EMPLOYEE_CDI),),
    periods=ARRET,
    scheme=Scheme.GENERAL,
    axis=Axis.PDP,
    insured_request_on=date(2026, 2, 23),
    social_evaluation_on=date(2026, 2, 10),
    work_exclusion_risk=True,
    old_age_pension=False,
    sharing={"spst": "GIVEN", "cap_emploi": "WITHDRAWN"},
)
TRIAL = Ask(
    Dispositif.ESSAI_ENCADRE,
    author=RequestAuthor.INSURED,
    start=date(2026, 3, 16),
    end=date(2026, 3, 25),
    details={"trial.tutor_name": "Mme T."},
    pieces=(
        Piece(PieceNature.AGREEMENT, "ATTENDING", PieceState.GIVEN),
        Piece(PieceNature.AGREEMENT, "ADVISER", PieceState.MISSING),
        Piece(PieceNature.DOCUMENT, "TRIAL_CONVENTION", PieceState.ABSENT),
    ),
    earlier=(Segment(date(2026, 2, 16), date(2026, 2, 20)),),
    orgs_needed={SALARIE: ("spst",)},
)


def test_a_complete_case_gives_the_facts_worked_out_by_hand() -> None:
    facts = build_facts(VALERIE, TRIAL, SALARIE, DAY)
    assert facts.to_json() == {
        "status": ["EMPLOYEE_CDI"],
        "scheme": "GENERAL",
        "case.axis": "PDP",
        "insured.request": True,
        "social_evaluation.done": True,
        "work_exclusion_risk": True,
        "pension.old_age": False,
        "contract.end": None,
        "stoppage.exists": True,
        "stoppage.active": True,
        "stoppage.indemnified": True,
        "stoppage.full_time": True,
        "stoppage.full_time_indemnified_just_before": True,
        "stoppage.origin": "ILLNESS",
        "stoppage.start": "2025-11-24",
        "stoppage.prescribed_end": "2026-04-12",
        "request.author": "INSURED",
        "agreement.ATTENDING": "GIVEN",
        "agreement.ADVISER": "MISSING",
        "document.TRIAL_CONVENTION": "ABSENT",
        "trial.tutor_name": "Mme T.",
        "trial.start": "2026-03-16",
        "trial.end": "2026-03-25",
        "trial.initial_working_days": 14,
        "trial.total_working_days_for_stoppage": 14,
        "measure.start": "2026-03-16",
        "measure.end": "2026-03-25",
        "measure.months": 1,
        "measure.orgs_needed": ["spst"],
        "external_org_on_case": ["spst"],
        "sharing_agreement.spst": "GIVEN",
        "sharing_agreement.cap_emploi": "WITHDRAWN",
    }


def test_what_a_case_does_not_say_is_left_out_and_never_false() -> None:
    facts = build_facts(Situation(), Ask(Dispositif.BILAN_COMPETENCES), StatusGroup.AUTRE, DAY)
    assert facts.to_json() == {"measure.orgs_needed": [], "external_org_on_case": []}
    for path in ("stoppage.active", "stoppage.exists", "insured.request", "boeth.state", "pension.old_age"):
        assert facts.get(path) is UNKNOWN


@pytest.mark.parametrize(
    ("periods", "group", "expected"),
    [
        # A period of the employee alone says nothing of the self-employed.
        ((period("2026-01-05", "2026-04-12", group=SALARIE, indemnified=True),), TI, {}),
        (
            (
                period("2026-01-05", "2026-04-12", group=SALARIE, indemnified=True),
                period("2026-01-05", "2026-03-31", group=TI, indemnified=False),
            ),
            TI,
            {"indemnified": False, "prescribed_end": "2026-03-31", "active": True},
        ),
        # The prescribed end has passed and no return is recorded: an extension may be missing.
        ((period("2026-01-05", "2026-02-28"),), SALARIE, {"active": None, "prescribed_end": "2026-02-28"}),
        (
            (period("2026-01-05", "2026-02-28", ended_on=date(2026, 2, 14)),),
            SALARIE,
            {"active": False, "end": "2026-02-14"},
        ),
        # A week of work between two periods: the second one only.
        (
            (period("2025-11-03", "2025-11-30"), period("2025-12-08", "2026-03-15")),
            SALARIE,
            {"start": "2025-12-08", "active": True, "prescribed_end": "2026-03-15"},
        ),
        # An extension that begins tomorrow already moves the end.
        (
            (period("2026-01-05", "2026-03-03"), period("2026-03-04", "2026-04-30")),
            SALARIE,
            {"prescribed_end": "2026-04-30", "active": True},
        ),
    ],
)
def test_the_arret_is_read_per_status(
    periods: tuple[Period, ...], group: StatusGroup, expected: dict[str, Any]
) -> None:
    facts = build_facts(Situation(periods=periods), Ask(Dispositif.INCLUPRO), group, DAY).to_json()
    found = {path.removeprefix("stoppage."): value for path, value in facts.items() if path.startswith("stoppage.")}
    assert {name: found.get(name) for name in expected} == expected
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-09", "2026-03-24", 14),
        ("2026-03-09", "2026-03-25", 15),
        # Easter Monday, 6 April, is no working day.
        ("2026-04-04", "2026-04-07", 2),
    ],
)
def test_a_trial_counts_jours_ouvrables(start: str, end: str, expected: int) -> None:
    asked = Segment(date.fromisoformat(start), date.fromisoformat(end))
    assert count_days(asked, (), None).first_period == expected


def test_good_friday_counts_nowhere_but_in_alsace_moselle() -> None:
    friday = Segment(date(2026, 4, 3), date(2026, 4, 3))
    assert count_days(friday, (), None, Territory.METROPOLE).asked == 1
    assert count_days(friday, (), None, Territory.ALSACE_MOSELLE).asked == 0


def test_a_renewal_counts_towards_28_and_not_towards_14() -> None:
    episode = current_episode(ARRET, SALARIE, DAY)
    earlier = (Segment(date(2026, 2, 2), date(2026, 2, 14)),)  # 12 working days
    days = count_days(Segment(date(2026, 3, 9), date(2026, 3, 24), renewal=True), earlier, episode)
    assert (days.first_period, days.total, days.limit, days.engaged, days.left) == (12, 26, 28, 12, 16)


def test_a_trial_of_a_former_arret_does_not_count() -> None:
    episode = current_episode(ARRET, SALARIE, DAY)
    former = Segment(date(2025, 9, 1), date(2025, 9, 5))
    assert count_days(Segment(date(2026, 3, 9), date(2026, 3, 10)), (former,), episode).total == 2


@pytest.mark.parametrize(
    ("occupations", "expected"),
    [
        ((Occupation(PersonStatus.EMPLOYEE_CDI), Occupation(PersonStatus.EMPLOYEE_CDI)), {"contract.end": None}),
        ((Occupation(PersonStatus.EMPLOYEE_CDD),), {}),
        ((Occupation(PersonStatus.EMPLOYEE_CDD, date(2026, 6, 30)),), {"contract.end": "2026-06-30"}),
        (
            (Occupation(PersonStatus.EMPLOYEE_CDI), Occupation(PersonStatus.TEMP_WORKER, date(2026, 5, 1))),
            {"contract.end": "2026-05-01"},
        ),
        ((Occupation(PersonStatus.SE_TRADE),), {}),
    ],
)
def test_the_contract_ends_with_the_first_one_that_does(
    occupations: tuple[Occupation, ...], expected: dict[str, Any]
) -> None:
    facts = build_facts(Situation(occupations=occupations), Ask(Dispositif.CRPE), SALARIE, DAY).to_json()
    assert {path: value for path, value in facts.items() if path == "contract.end"} == expected


def test_a_lapsed_title_is_not_known_any_more() -> None:
    held = Situation(
        boeth_state=BoethState.HELD,
        boeth_kind=BoethKind.RQTH,
        boeth_valid_until=date(2026, 3, 2),
        unfitness_state=UnfitnessState.RISK_AT_PRE_RETURN,
    )
    facts = build_facts(held, Ask(Dispositif.INCLUPRO), SALARIE, DAY)
    assert facts.get("boeth.state") is UNKNOWN
    assert facts.get("boeth.kind") is UNKNOWN
    assert facts.get("unfitness.state") == "RISK_AT_PRE_RETURN"


def test_a_detail_kept_for_us_is_no_fact() -> None:
    ask = Ask(Dispositif.ESSAI_ENCADRE, details={RENEWAL: True, "host.type": "OWN"})
    facts = build_facts(Situation(), ask, SALARIE, DAY).to_json()
    assert facts["host.type"] == "OWN"
    assert RENEWAL not in facts


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-01", "2026-08-31", 6),
        ("2026-03-01", "2026-09-01", 7),
        ("2026-01-31", "2026-02-27", 1),
        ("2026-03-01", "2027-08-31", 18),
        ("2026-03-15", "2027-09-15", 19),
        ("2026-12-31", "2027-01-01", 1),
    ],
)
def test_a_begun_month_counts_whole(start: str, end: str, expected: int) -> None:
    assert months_begun(date.fromisoformat(start), date.fromisoformat(end)) == expected
