"""The coded outcomes against a table written by hand from the domain notes, and each refusal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pdp.core.errors import InvalidInput, RuleViolation
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.outcomes import rules
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.outcomes.rules import Measure, Observation
from pdp.requests.enums import RequestStatus

TODAY = date(2026, 6, 1)

# code | group | statuses (s salarié, t TI, a autre) | works (o oui, n non, ? not said by the code) | comment asked
BY_HAND = """
SAME_JOB              EMPLOI        s   o -
SAME_JOB_ADAPTED      EMPLOI        s   o -
PART_TIME_THERAPEUTIC EMPLOI        sta o -
INTERNAL_REDEPLOYMENT EMPLOI        s   o -
EXTERNAL_JOB          EMPLOI        sta o -
CRPE_RUNNING          EMPLOI        s   o -
OWN_BUSINESS_RESUMED  EMPLOI        t   o -
OWN_BUSINESS_ADAPTED  EMPLOI        t   o -
BUSINESS_CREATED      EMPLOI        sta o -
TRAINING              MARCHE_EMPLOI sta ? -
JOBSEEKER             MARCHE_EMPLOI sta n -
STILL_ON_LEAVE        EN_COURS      sta n -
UNFIT_DISMISSED       HORS_EMPLOI   s   n -
UNFIT_PENDING         EN_COURS      s   ? -
BUSINESS_CLOSED       HORS_EMPLOI   t   n -
INVALIDITY_1          INVALIDITE    s   ? -
INVALIDITY_2          INVALIDITE    s   ? -
INVALIDITY_3          INVALIDITE    s   ? -
TI_PARTIAL_INCAPACITY INVALIDITE    t   ? -
TI_TOTAL_INVALIDITY   INVALIDITE    t   ? -
RETIREMENT            RETRAITE      sta ? -
MOVED_OR_LOST         INCONNU       sta ? x
WITHDRAWN             INCONNU       sta ? x
DECEASED              EXCLU         sta n -
"""
ROWS = [line.split() for line in BY_HAND.strip().splitlines()]
LETTERS = {"s": StatusGroup.SALARIE, "t": StatusGroup.TI, "a": StatusGroup.AUTRE}
WORKS = {"o": True, "n": False, "?": None}

MEASURE = Measure(
    dispositif=Dispositif.ESSAI_ENCADRE,
    status=RequestStatus.RUNNING,
    requested_on=date(2026, 1, 12),
    start=date(2026, 3, 9),
    statuses=frozenset({StatusGroup.SALARIE}),
)
SEEN = Observation(
    status_group=StatusGroup.SALARIE,
    code=OutcomeCode.SAME_JOB_ADAPTED,
    in_work=True,
    result=MeasureResult.COMPLETED,
    conclusion=MeasureConclusion.COMPATIBLE_WITH_ADAPTATION,
    observed_on=date(2026, 4, 1),
    comment="",
)


def refused(seen: Observation, measure: Measure = MEASURE) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refusal:
        rules.ensure_coherent(seen, measure, TODAY)
    return refusal.value.errors


@pytest.mark.parametrize(("code", "group", "statuses", "works", "comment"), ROWS)
def test_each_code_has_its_group_its_statuses_and_its_work(
    code: str, group: str, statuses: str, works: str, comment: str
) -> None:
    coded = rules.TABLE[OutcomeCode(code)]
    assert coded.group == group
    assert coded.statuses == {LETTERS[letter] for letter in statuses}
    assert coded.in_work is WORKS[works]
    assert coded.needs_comment is (comment == "x")


def test_the_table_by_hand_holds_every_code_once() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(OutcomeCode)
    assert set(rules.TABLE) == set(OutcomeCode)


@pytest.mark.parametrize(("letter", "status"), LETTERS.items())
def test_a_status_is_offered_its_codes_only(letter: str, status: StatusGroup) -> None:
    offered = [code for _, codes in rules.choices(status) for code in codes]
    assert sorted(offered) == sorted(row[0] for row in ROWS if letter in row[2])


def test_coherent_values_are_accepted() -> None:
    rules.ensure_coherent(SEEN, MEASURE, TODAY)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("status_group", {"status_group": StatusGroup.TI, "code": OutcomeCode.EXTERNAL_JOB}),
        ("code", {"code": OutcomeCode.OWN_BUSINESS_RESUMED}),
        ("in_work", {"in_work": False}),
        ("in_work", {"code": OutcomeCode.STILL_ON_LEAVE, "in_work": True}),
        ("conclusion", {"result": MeasureResult.NOT_STARTED}),
        ("observed_on", {"observed_on": date(2026, 6, 2)}),
        ("observed_on", {"observed_on": date(2026, 3, 8)}),
        ("comment", {"code": OutcomeCode.MOVED_OR_LOST, "in_work": None}),
        ("comment", {"code": OutcomeCode.WITHDRAWN, "in_work": None, "comment": "  "}),
        ("comment", {"result": MeasureResult.CONVERTED}),
    ],
)
def test_each_contradiction_is_told_on_its_field(field: str, changes: dict[str, Any]) -> None:
    errors = refused(replace(SEEN, **changes))
    assert list(errors) == [field]


def test_every_contradiction_is_told_at_once() -> None:
    seen = replace(SEEN, code=OutcomeCode.BUSINESS_CLOSED, observed_on=date(2027, 1, 1))
    assert sorted(refused(seen)) == ["code", "in_work", "observed_on"]


def test_a_measure_that_never_began_may_be_observed_before_its_start_but_not_before_the_request() -> None:
    seen = replace(SEEN, result=MeasureResult.NOT_STARTED, conclusion=None, observed_on=date(2026, 2, 1))
    rules.ensure_coherent(seen, MEASURE, TODAY)
    assert list(refused(replace(seen, observed_on=date(2026, 1, 11)))) == ["observed_on"]


def test_only_a_trial_or_an_immersion_concludes_on_a_post() -> None:
    asked = {each for each in Dispositif if rules.asks_conclusion(each)}
    assert asked == {Dispositif.ESSAI_ENCADRE, Dispositif.PMSMP}
    measure = replace(MEASURE, dispositif=Dispositif.BILAN_COMPETENCES)
    assert list(refused(SEEN, measure)) == ["conclusion"]


def test_a_refused_measure_was_not_started() -> None:
    measure = replace(MEASURE, status=RequestStatus.REFUSED)
    assert list(refused(replace(SEEN, conclusion=None), measure)) == ["result"]
    assert rules.results_for(RequestStatus.REFUSED) == (MeasureResult.NOT_STARTED,)


def test_statuses_that_the_writer_does_not_read_are_not_checked() -> None:
    measure = replace(MEASURE, statuses=frozenset())
    rules.ensure_coherent(replace(SEEN, status_group=StatusGroup.TI, code=OutcomeCode.EXTERNAL_JOB), measure, TODAY)


def test_work_follows_the_code_then_what_was_said() -> None:
    assert rules.works(OutcomeCode.SAME_JOB, None) is True
    assert rules.works(OutcomeCode.JOBSEEKER, None) is False
    assert [rules.works(OutcomeCode.INVALIDITY_1, said) for said in (True, False, None)] == [True, False, False]


@pytest.mark.parametrize("status", list(RequestStatus))
def test_an_outcome_waits_for_the_decision(status: RequestStatus) -> None:
    after = {"DECIDED", "RUNNING", "ENDED", "REFUSED", "REORIENTED", "WITHDRAWN"}
    assert rules.may_record(status) is (status in after)
    if status not in after:
        with pytest.raises(RuleViolation, match="une fois la décision enregistrée"):
            rules.ensure_may_record(status)
