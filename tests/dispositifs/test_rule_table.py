"""Each of the 95 rules against a table written by hand: satisfied, not satisfied, not known."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.enums import Dispositif, Doctrine, StatusGroup
from pdp.dispositifs.rules import evaluate, parse_facts

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "rule_cases.yaml").read_text(encoding="utf-8")
)
MEASURES = {
    "EE": Dispositif.ESSAI_ENCADRE,
    "CRPE": Dispositif.CRPE,
    "TPT": Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE,
    "INC": Dispositif.INCLUPRO,
    "BC": Dispositif.BILAN_COMPETENCES,
    "PM": Dispositif.PMSMP,
    "REM": Dispositif.ACTION_REMOBILISATION,
}
WORDS = {"pass": "pass", "X": "ineligible", "V": "a_verifier", "P": "piece_manquante"}
DAY = date(2026, 3, 2)


def _cases() -> list[Any]:
    cases = []
    for rule_id, row in TABLE.items():
        default_unknown = [{}] if "undecided" in row else []
        for expected, facts_list in (
            ("pass", row.get("pass", [])),
            (row.get("failed"), row.get("fail", [])),
            (row.get("undecided"), row.get("unknown", default_unknown)),
        ):
            for rank, facts in enumerate(facts_list):
                cases.append(pytest.param(rule_id, facts, WORDS[expected], id=f"{rule_id}-{expected}-{rank}"))
    return cases


@pytest.mark.parametrize(("rule_id", "facts", "expected"), _cases())
def test_a_rule_answers_as_the_hand_made_table_says(rule_id: str, facts: dict[str, Any], expected: str) -> None:
    row = TABLE[rule_id]
    assessment = evaluate(
        load_ruleset(),
        parse_facts(row.get("always", {})).overlaid(parse_facts(facts)),
        dispositif=MEASURES[row["measure"]],
        group=StatusGroup(row.get("group", "salarie")),
        evaluated_on=DAY,
        doctrine=Doctrine(row.get("doctrine", "regional")),
    )
    answers = {result.id: result.verdict.value for result in assessment.rules}
    assert answers[rule_id] == expected


def test_the_hand_made_table_covers_exactly_the_rules_that_are_shipped(
    figure: Callable[[str, object], None],
) -> None:
    assert set(TABLE) == {rule.id for rule in load_ruleset().rules}
    assert len(TABLE) == 95
    figure("eligibility.cells", f"{len(TABLE)} rules, {len(_cases())} cases")


def test_every_row_of_the_table_has_a_case_that_does_not_pass_unless_the_status_group_makes_it_sure() -> None:
    # EE-E-01 lists every status of its group, so nobody evaluated under that group can fail it.
    assert [rule_id for rule_id, row in TABLE.items() if not row.get("fail")] == ["EE-E-01"]


@pytest.mark.parametrize("rule_id", ["EE-E-01", "CRPE-E-01", "TPT-E-01"])
def test_a_rule_about_the_status_is_to_be_verified_when_the_status_is_not_known(rule_id: str) -> None:
    assessment = evaluate(
        load_ruleset(),
        parse_facts({}),
        dispositif=MEASURES[rule_id.split("-")[0]],
        group=StatusGroup.SALARIE,
        evaluated_on=DAY,
        doctrine=Doctrine.REGIONAL,
    )
    assert {result.id: result.verdict.value for result in assessment.rules}[rule_id] == "a_verifier"
