"""The practical cases of the service social: who may have which dispositif, and why not."""

import copy
from datetime import date
from typing import Any

import pytest

from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.rules import assess_all
from tests.dispositifs.people import CONTRACT_EXAMPLE, PAUL, VALERIE, VALERIE_REQUESTS

DAY = "2026-03-02"
FIVE = ["essai_encadre", "crpe", "temps_partiel_therapeutique", "inclupro", "bilan_competences"]


def ask(
    facts: Any, *, doctrine: str = "regional", requests: Any = None, all_rules: bool = False
) -> list[dict[str, Any]]:
    document = {"evaluated_on": DAY, "doctrine": doctrine, "facts": facts, "requests": requests}
    results: list[dict[str, Any]] = assess_all(load_ruleset(), document, today=date(2026, 3, 2), all_rules=all_rules)[
        "results"
    ]
    return results


def by_dispositif(results: list[dict[str, Any]], group: str) -> dict[str, dict[str, Any]]:
    return {result["dispositif"]: result for result in results if result["status_group"] == group}


def verdicts(results: list[dict[str, Any]], group: str) -> dict[str, str]:
    return {code: result["verdict"] for code, result in by_dispositif(results, group).items()}


def with_facts(person: dict[str, Any], **flat: Any) -> dict[str, Any]:
    return copy.deepcopy(person) | {name.replace("__", "."): value for name, value in flat.items()}


def test_the_example_of_the_contract_misses_the_agreement_of_the_medecin_conseil() -> None:
    answer = assess_all(load_ruleset(), CONTRACT_EXAMPLE, today=date(2030, 1, 1))
    (rule,) = answer["results"][0].pop("rules")
    assert answer == {
        "results": [
            {
                "dispositif": "essai_encadre",
                "status_group": "salarie",
                "verdict": "piece_manquante",
                "divergence": None,
            }
        ]
    }
    assert rule.pop("version").startswith("2026.1-")
    assert rule == {
        "id": "EE-E-05",
        "verdict": "piece_manquante",
        "reason": "Accord du médecin-conseil manquant.",
        "source": "Art. D. 323-6-3 du code de la sécurité sociale",
        "basis": "LAW",
        "doctrine": "any",
    }


@pytest.mark.parametrize(("days", "verdict"), [(14, "piece_manquante"), (15, "ineligible")])
def test_fourteen_working_days_are_the_limit_of_a_first_trial(days: int, verdict: str) -> None:
    document = copy.deepcopy(CONTRACT_EXAMPLE)
    document["requests"][0]["facts"]["trial"]["initial_working_days"] = days
    result = assess_all(load_ruleset(), document, today=date(2026, 3, 2))["results"][0]
    assert result["verdict"] == verdict
    assert ("EE-E-10" in {rule["id"] for rule in result["rules"]}) is (days == 15)


def test_paul_self_employed_is_open_to_bilan_and_inclupro_and_closed_to_what_supposes_an_employer() -> None:
    assert verdicts(ask(PAUL), "ti") == {
        "essai_encadre": "ineligible",
        "crpe": "ineligible",
        "temps_partiel_therapeutique": "ineligible",
        "inclupro": "a_verifier",
        "bilan_competences": "a_verifier",
        "pmsmp": "a_verifier",
        "action_remobilisation": "a_verifier",
    }


def test_paul_reaches_eligible_for_bilan_and_inclupro_once_nothing_is_missing() -> None:
    complete = with_facts(
        PAUL,
        agreement={"ATTENDING": "GIVEN", "ADVISER": "GIVEN"},
        boeth={"state": "PENDING"},
        fund={"participates": True},
        funding={"source": "AMA"},
        measure={"end": "2026-05-29"},
    )
    found = verdicts(ask(complete), "ti")
    assert found["bilan_competences"] == found["inclupro"] == found["action_remobilisation"] == "eligible"
    assert found["essai_encadre"] == found["crpe"] == "ineligible"


@pytest.mark.parametrize(
    ("dispositif", "rule_id", "source", "basis"),
    [
        ("essai_encadre", "EE-S-01", "Art. D. 323-6 du code de la sécurité sociale", "LAW"),
        ("crpe", "CRPE-S-01", "Art. L. 5213-3-1 du code du travail", "LAW"),
        ("temps_partiel_therapeutique", "TPT-S-00", "Support régional du service social", "SEED"),
    ],
)
def test_each_refusal_to_paul_comes_with_its_reason_and_source(
    dispositif: str, rule_id: str, source: str, basis: str
) -> None:
    rules = by_dispositif(ask(PAUL), "ti")[dispositif]["rules"]
    (blocking,) = [rule for rule in rules if rule["verdict"] == "ineligible"]
    assert (blocking["id"], blocking["basis"]) == (rule_id, basis)
    assert source in blocking["source"]
    assert "indépendants" in blocking["reason"] or "uniquement aux salariés" in blocking["reason"]


def test_under_the_law_doctrine_paul_may_have_a_part_time_return_and_the_divergence_is_shown() -> None:
    facts = with_facts(
        PAUL,
        tpt={"total_days": 60},
        agreement={"ADVISER": "GIVEN"},
        document={"TPT_PRESCRIPTION": "PRESENT"},
    )
    for doctrine, verdict in (("law", "eligible"), ("regional", "ineligible")):
        result = by_dispositif(ask(facts, doctrine=doctrine, all_rules=True), "ti")["temps_partiel_therapeutique"]
        assert result["verdict"] == verdict
        assert {rule["doctrine"] for rule in result["rules"]} == {"any", doctrine}
        divergence = result["divergence"]
        assert (divergence["regional"], divergence["law"]) == ("ineligible", "eligible")
        assert "accessible uniquement aux salariés" in divergence["explanation"]
        assert "Support régional du service social" in divergence["explanation"]


def test_paul_on_part_time_for_more_than_ninety_days_is_closed_by_both_doctrines_and_nothing_diverges() -> None:
    facts = with_facts(PAUL, tpt={"total_days": 91})
    for doctrine, rule_id in (("law", "TPT-S-04"), ("regional", "TPT-S-00")):
        result = by_dispositif(ask(facts, doctrine=doctrine), "ti")["temps_partiel_therapeutique"]
        assert result["verdict"] == "ineligible"
        assert result["divergence"] is None
        assert [rule["id"] for rule in result["rules"] if rule["verdict"] == "ineligible"] == [rule_id]


def test_a_self_employed_person_with_an_invalidity_pension_is_to_be_verified() -> None:
    facts = with_facts(PAUL, pension={"old_age": False, "invalidity": True})
    rules = by_dispositif(ask(facts), "ti")["inclupro"]["rules"]
    assert "INC-S-03" in {rule["id"] for rule in rules if rule["verdict"] == "a_verifier"}


def test_valerie_reaches_eligible_on_the_five_dispositifs_with_complete_facts() -> None:
    results = ask(VALERIE, requests=VALERIE_REQUESTS)
    assert verdicts(results, "salarie") == dict.fromkeys(FIVE, "eligible")
    assert [result["rules"] for result in results] == [[]] * 5
    assert [result["divergence"] for result in results] == [None] * 5


def test_all_adds_the_rules_that_passed() -> None:
    results = by_dispositif(ask(VALERIE, requests=VALERIE_REQUESTS, all_rules=True), "salarie")
    # 5 common rules and the 17 of the essai encadré.
    assert len(results["essai_encadre"]["rules"]) == 22
    assert {rule["verdict"] for rule in results["essai_encadre"]["rules"]} == {"pass"}


def test_valerie_without_any_other_fact_is_open_to_all_but_what_is_missing() -> None:
    bare = {"status": ["EMPLOYEE_CDI"], "stoppage": {"exists": True, "active": True, "indemnified": True}}
    assert "ineligible" not in verdicts(ask(bare), "salarie").values()
    assert "eligible" not in verdicts(ask(bare), "salarie").values()


def test_a_double_status_gets_two_independent_answers() -> None:
    facts = with_facts(VALERIE, status=["EMPLOYEE_CDD", "SE_CRAFT"])
    results = ask(facts, requests=VALERIE_REQUESTS)
    assert [(result["dispositif"], result["status_group"]) for result in results] == [
        (dispositif, group) for dispositif in FIVE for group in ("salarie", "ti")
    ]
    assert verdicts(results, "salarie") == dict.fromkeys(FIVE, "eligible")
    assert verdicts(results, "ti")["essai_encadre"] == "ineligible"
    for result in results:
        groups = {rule["id"].split("-")[1] for rule in result["rules"]}
        assert groups <= ({"A", "E"} if result["status_group"] == "salarie" else {"A", "S"})


@pytest.mark.parametrize(
    "status", [["RETIREE"], ["JOBSEEKER"], ["PUBLIC_AGENT"], ["FARMER"], ["NONE"], None, "UNKNOWN"]
)
def test_a_status_of_neither_group_is_to_be_verified(status: Any) -> None:
    results = ask({"status": status, "scheme": "MSA"})
    assert {(result["status_group"], result["verdict"]) for result in results} == {("autre", "a_verifier")}
    assert len(results) == 7
    assert all(result["divergence"] is None for result in results)


def test_christian_who_works_and_asks_about_retirement_is_closed_to_what_supposes_an_arret() -> None:
    christian = {"status": ["EMPLOYEE_CDI"], "stoppage": None, "tpt": {"active": False}, "case": {"axis": "SANTE"}}
    assert set(verdicts(ask(christian), "salarie").values()) == {"ineligible"}


def test_catherine_with_heavy_illness_is_open_and_her_employers_must_agree() -> None:
    catherine = with_facts(VALERIE, agreement__EMPLOYER="MISSING")
    catherine["agreement"].pop("EMPLOYER")
    found = by_dispositif(ask(catherine, requests=VALERIE_REQUESTS), "salarie")
    assert found["temps_partiel_therapeutique"]["verdict"] == "piece_manquante"
    assert [rule["id"] for rule in found["temps_partiel_therapeutique"]["rules"]] == ["TPT-E-05"]
    assert found["crpe"]["verdict"] == "piece_manquante"


def test_the_facts_of_a_request_win_over_the_common_ones() -> None:
    requests = [
        {"dispositif": "inclupro", "facts": {"stoppage": {"active": False}}},
        {"dispositif": "inclupro"},
        {"dispositif": "inclupro", "facts": {"status": ["EMPLOYEE_CDI"]}},
    ]
    results = ask(PAUL, requests=requests)
    assert [(result["status_group"], result["verdict"]) for result in results] == [
        ("ti", "ineligible"),
        ("ti", "a_verifier"),
        ("salarie", "a_verifier"),
    ]


def test_without_doctrine_the_regional_one_decides_and_without_date_today_does() -> None:
    document: dict[str, Any] = {"facts": PAUL, "requests": [{"dispositif": "temps_partiel_therapeutique"}]}
    results = {
        day: assess_all(load_ruleset(), document, today=date.fromisoformat(day))["results"][0]
        for day in ("2021-12-31", "2022-01-01")
    }
    # The regional rule begins with 2022; before, none of that doctrine closes the measure.
    assert results["2021-12-31"]["verdict"] != "ineligible"
    assert [rule["id"] for rule in results["2022-01-01"]["rules"]] == ["TPT-S-00"]


@pytest.mark.parametrize("requests", [None, []])
def test_without_any_request_every_dispositif_is_assessed(requests: Any) -> None:
    assert len(ask(PAUL, requests=requests)) == 7
