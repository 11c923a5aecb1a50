"""The reference data: complete, sourced, and of one mind with itself."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.core.resources import data_dir
from pdp.dispositifs.catalogue import load_ruleset, load_sheets, sheet
from pdp.dispositifs.enums import AgreementKind, Basis, Dispositif, DocumentKind, PersonStatus, StatusGroup, Verdict
from pdp.dispositifs.rules import Rule, RuleSet
from pdp.dispositifs.rules.syntax import paths_of
from pdp.dispositifs.rules.vocabulary import VOCABULARY

RULES = load_ruleset().rules
BY_ID = {rule.id: rule for rule in RULES}


def test_the_rules_are_counted_by_hand() -> None:
    counted = Counter((rule.dispositif and rule.dispositif.value, rule.group and rule.group.value) for rule in RULES)
    assert counted == {
        (None, None): 5,
        ("essai_encadre", "salarie"): 17,
        ("essai_encadre", "ti"): 1,
        ("crpe", "salarie"): 16,
        ("crpe", "ti"): 1,
        ("temps_partiel_therapeutique", "salarie"): 8,
        ("temps_partiel_therapeutique", "ti"): 9,
        ("inclupro", "salarie"): 6,
        ("inclupro", "ti"): 6,
        ("bilan_competences", "salarie"): 5,
        ("bilan_competences", "ti"): 7,
        ("pmsmp", "salarie"): 5,
        ("pmsmp", "ti"): 1,
        ("action_remobilisation", "salarie"): 3,
        ("action_remobilisation", "ti"): 5,
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_never_a_bare_key(rule: Rule) -> None:
    assert len(rule.source) >= 10
    assert not re.search(r"\[|\]|\bF\d|\bS\d\b|\bOK\b|\bdesign\b", rule.source)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_french_of_a_rule_has_its_typography(rule: Rule) -> None:
    for text in (rule.reason, rule.source):
        assert not re.search(r"['\"]| [:;?!]|\s$", text)
    assert rule.reason.endswith(".")


def test_all_rules_but_these_rest_on_a_text() -> None:
    assert {rule.id: rule.basis.value for rule in RULES if rule.basis is not Basis.LAW} == {
        **dict.fromkeys(["COM-A-01", "COM-A-04", "TPT-E-08", "TPT-S-00", "INC-E-01", "INC-S-01"], "SEED"),
        **dict.fromkeys(["EE-E-16", "CRPE-E-10", "CRPE-E-15", "TPT-S-08"], "LOCAL"),
        **dict.fromkeys(["INC-E-03", "BC-E-05", "BC-S-06", "PM-S-01"], "LOCAL"),
        "CRPE-E-00": "HIST",
    }


def test_only_the_rules_of_part_time_return_belong_to_a_doctrine() -> None:
    own = {rule.id: rule.doctrine.value for rule in RULES if rule.doctrine.value != "any"}
    assert own == {"TPT-E-08": "regional", "TPT-S-00": "regional"} | {f"TPT-S-0{n}": "law" for n in range(1, 9)}


def test_one_rule_only_belongs_to_the_past() -> None:
    assert {rule.id: rule.valid_to for rule in RULES if rule.valid_to} == {"CRPE-E-00": date(2022, 3, 30)}
    assert all(rule.valid_from for rule in RULES)


@pytest.mark.parametrize(
    ("rule_id", "day"),
    [
        ("COM-A-01", "2022-01-01"),
        ("COM-A-05", "2018-01-01"),
        ("EE-E-10", "2022-03-31"),
        ("CRPE-E-00", "2008-05-01"),
        ("TPT-E-01", "2020-01-01"),
        ("TPT-S-02", "2017-05-01"),
        ("TPT-S-04", "2021-07-01"),
        ("INC-E-02", "2023-01-01"),
        ("BC-S-02", "2013-05-18"),
        ("PM-E-01", "2024-01-01"),
        ("PM-E-02", "2014-11-14"),
        ("RM-E-01", "2011-01-01"),
    ],
)
def test_a_rule_begins_on_the_day_of_its_text(rule_id: str, day: str) -> None:
    assert BY_ID[rule_id].valid_from == date.fromisoformat(day)


def test_the_version_of_a_rule_changes_with_anything_it_says() -> None:
    rule = BY_ID["EE-E-10"]
    changed = [
        replace(rule, reason="Autre raison."),
        replace(rule, source="Autre source"),
        replace(rule, fail=Verdict.A_VERIFIER),
        replace(rule, need=BY_ID["EE-E-11"].need),
        replace(rule, valid_to=date(2030, 1, 1)),
        replace(rule, basis=Basis.LOCAL),
    ]
    versions = {each.version for each in [rule, *changed]}
    assert len(versions) == len(changed) + 1
    assert replace(rule).version == rule.version
    assert RuleSet((changed[0],)).version != RuleSet((rule,)).version


def test_every_fact_that_a_rule_reads_has_a_french_label() -> None:
    read = set().union(*(paths_of(rule.need) for rule in RULES))
    assert all(VOCABULARY[path].label for path in read)


def test_the_seven_dispositifs_have_a_sheet_in_their_order() -> None:
    assert list(load_sheets()) == list(Dispositif)
    for code, entry in load_sheets().items():
        assert entry.label == code.label
        assert entry.question.startswith("La cellule est-elle favorable à un")


def test_each_dispositif_names_who_decides() -> None:
    assert {code.value: entry.decided_by for code, entry in load_sheets().items()} == {
        "essai_encadre": "CPAM",
        "crpe": "CPAM",
        "temps_partiel_therapeutique": "CPAM",
        "inclupro": "Agefiph",
        "bilan_competences": "Financeur du bilan",
        "pmsmp": "Prescripteur",
        "action_remobilisation": "CPAM",
    }


def test_the_question_put_to_the_vote_may_name_the_period() -> None:
    trial = sheet(Dispositif.ESSAI_ENCADRE)
    assert trial.question_for() == "La cellule est-elle favorable à un essai encadré\u00a0?"
    assert trial.question_for("du 9 au 24 mars 2026") == (
        "La cellule est-elle favorable à un essai encadré, du 9 au 24 mars 2026\u00a0?"
    )


@pytest.mark.parametrize("dispositif", Dispositif)
@pytest.mark.parametrize("group", [StatusGroup.SALARIE, StatusGroup.TI])
def test_a_sheet_asks_for_exactly_what_the_rules_read(dispositif: Dispositif, group: StatusGroup) -> None:
    read = set().union(*(paths_of(rule.need) for rule in load_ruleset().for_measure(dispositif, group)))
    asked = sheet(dispositif).requirements(group)
    assert {f"agreement.{kind}" for kind in asked.agreements} == {p for p in read if p.startswith("agreement.")}
    assert {f"document.{each.kind}" for each in asked.documents} == {p for p in read if p.startswith("document.")}


def test_partners_that_must_act_are_kinds_of_organisations() -> None:
    kinds = {kind.value for kind in OrganisationKind}
    for entry in load_sheets().values():
        for asked in entry.groups.values():
            assert set(asked.orgs_needed) <= kinds


def test_each_status_belongs_to_its_group() -> None:
    assert [status.value for status in PersonStatus if status.group is StatusGroup.SALARIE] == [
        "EMPLOYEE_CDI",
        "EMPLOYEE_CDD",
        "TEMP_WORKER",
        "APPRENTICE",
        "VOCATIONAL_TRAINEE",
    ]
    assert {s.value for s in PersonStatus if s.group is StatusGroup.AUTRE} == {
        *("JOBSEEKER", "PUBLIC_AGENT", "FARMER", "RETIREE", "NONE")
    }


def test_three_agreements_are_medical() -> None:
    assert {kind.value for kind in AgreementKind if kind.is_medical} == {"ATTENDING", "ADVISER", "OCCUPATIONAL"}
    assert len(DocumentKind) == 8


def test_data_folders_are_found_by_name_only() -> None:
    assert (data_dir("seeds") / "reference" / "dispositifs.yaml").is_file()
    with pytest.raises(ValueError, match="secrets"):
        data_dir("secrets")
