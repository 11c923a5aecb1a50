"""Facts: nested or flat, known or not, laid over one another; whatever is not understood is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pdp.dispositifs.enums import StatusGroup
from pdp.dispositifs.rules import UNKNOWN, FactError, Facts, parse_facts


def test_nested_and_flat_facts_are_the_same_facts() -> None:
    nested = parse_facts({"stoppage": {"active": True, "start": "2025-11-24"}, "sharing_agreement": {"spst": "GIVEN"}})
    flat = parse_facts({"stoppage.active": True, "stoppage.start": "2025-11-24", "sharing_agreement.spst": "GIVEN"})
    assert nested == flat
    assert nested.get("stoppage.start") == date(2025, 11, 24)


def test_an_absent_fact_and_the_word_unknown_are_both_unknown() -> None:
    facts = parse_facts(
        {"scheme": "UNKNOWN", "ald": "UNKNOWN", "trial.tutor_name": "UNKNOWN", "stoppage.end": "UNKNOWN"}
    )
    for path in ("scheme", "ald", "trial.tutor_name", "stoppage.end", "affiliation.months"):
        assert facts.get(path) is UNKNOWN


def test_a_null_is_a_known_absence() -> None:
    assert parse_facts({"contract": {"end": None}}).get("contract.end") is None


def test_a_whole_group_may_be_null_or_unknown() -> None:
    assert parse_facts({"stoppage": None}).get("stoppage.active") is None
    assert parse_facts({"stoppage": "UNKNOWN"}).get("stoppage.active") is UNKNOWN


def test_the_two_lists_of_partners_are_empty_when_absent() -> None:
    facts = parse_facts({})
    assert facts.get("external_org_on_case") == ()
    assert facts.get("measure.orgs_needed") == ()
    assert facts.get("pmsmp.objects") is UNKNOWN


def test_facts_of_a_request_are_laid_over_the_common_ones_leaf_by_leaf() -> None:
    common = parse_facts({"stoppage": {"active": True, "start": "2025-11-24"}, "agreement": {"ADVISER": "MISSING"}})
    own = parse_facts({"stoppage": {"active": False}, "agreement": {"ADVISER": "UNKNOWN"}, "status": "SE_CRAFT"})
    merged = common.overlaid(own)
    assert merged.get("stoppage.active") is False
    assert merged.get("stoppage.start") == date(2025, 11, 24)
    assert merged.get("agreement.ADVISER") is UNKNOWN
    assert merged.get("status") == ("SE_CRAFT",)
    assert common.get("stoppage.active") is True


def test_a_null_over_the_sharing_agreements_takes_each_of_them_away() -> None:
    common = parse_facts({"sharing_agreement": {"spst": "GIVEN"}})
    assert common.overlaid(parse_facts({"sharing_agreement": None})).sharing_with("spst") is None
    assert common.overlaid(parse_facts({"sharing_agreement": {"mdph": "GIVEN"}})).sharing_with("spst") == "GIVEN"


@pytest.mark.parametrize(
    ("status", "groups"),
    [
        (["EMPLOYEE_CDI"], ["salarie"]),
        ("SE_CRAFT", ["ti"]),
        (["SE_TRADE", "EMPLOYEE_CDD", "SE_CRAFT"], ["salarie", "ti"]),
        (["RETIREE"], ["autre"]),
        (["EMPLOYEE_CDI", "RETIREE"], ["salarie", "autre"]),
        (["NONE"], ["autre"]),
        ([], ["autre"]),
        (None, ["autre"]),
        ("UNKNOWN", ["autre"]),
        (["UNKNOWN"], ["autre"]),
    ],
)
def test_each_status_group_of_the_person_is_found(status: Any, groups: list[str]) -> None:
    assert parse_facts({"status": status}).groups == tuple(StatusGroup(group) for group in groups)


def test_without_any_status_the_group_is_another_one() -> None:
    assert Facts().groups == (StatusGroup.AUTRE,)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"stopage.active": True}, "Vouliez-vous dire « stoppage.active »"),
        ({"stoppage": {"activ": True}}, "stoppage.activ"),
        ({"colour": "red"}, "colour"),
        ({"agreement": {"NURSE": "GIVEN"}}, "agreement.NURSE"),
        ({"document.UNICORN": "PRESENT"}, "document.UNICORN"),
        ({"stoppage": True}, "Un objet est attendu"),
        ({"stoppage": {"start": {"day": 1}}}, "stoppage.start"),
        ({"scheme": "general"}, "GENERAL, MSA, SPECIAL"),
        ({"scheme": ["GENERAL"]}, "scheme"),
        ({"agreement.ADVISER": "YES"}, "GIVEN, REFUSED, MISSING"),
        ({"status": ["EMPLOYEE"]}, "status"),
        ({"status": 3}, "status"),
        ({"pmsmp.objects": "DISCOVER"}, "une liste est attendue"),
        ({"pmsmp.objects": ["LEARN"]}, "LEARN"),
        ({"measure.orgs_needed": ["spst", 3]}, "organisation"),
        ({"measure.orgs_needed": [""]}, "organisation"),
        ({"sharing_agreement": {"spst": "REFUSED"}}, "GIVEN, MISSING, WITHDRAWN"),
        ({"sharing_agreement": ["spst"]}, "un objet est attendu"),
        ({"sharing_agreement": {"": "GIVEN"}}, "Fait inconnu"),
        ({"stoppage.start": "24/11/2025"}, "AAAA-MM-JJ"),
        ({"stoppage.start": "2025-11-31"}, "n’existe pas"),
        ({"stoppage.start": "20251124"}, "AAAA-MM-JJ"),
        ({"stoppage.start": "2025-W48-1"}, "AAAA-MM-JJ"),
        ({"stoppage.start": "2025-11-24T00:00"}, "AAAA-MM-JJ"),
        ({"stoppage.start": "٢٠٢٥-١١-٢٤"}, "AAAA-MM-JJ"),
        ({"stoppage.start": datetime(2025, 11, 24, tzinfo=UTC)}, "AAAA-MM-JJ"),
        ({"stoppage.start": 20251124}, "AAAA-MM-JJ"),
        ({"ald": "true"}, "true, false, null"),
        ({"ald": 1}, "true, false, null"),
        ({"trial.initial_working_days": "14"}, "un nombre"),
        ({"trial.initial_working_days": True}, "un nombre"),
        ({"trial.initial_working_days": -1}, "positif ou nul"),
        ({"trial.initial_working_days": float("nan")}, "positif ou nul"),
        ({"pay.before_stoppage": float("inf")}, "positif ou nul"),
        ({"funding.source": 12}, "un texte"),
        ({"stoppage": {"active": True}, "stoppage.active": False}, "deux fois"),
        ({"stoppage": None, "stoppage.active": True}, "deux fois"),
        (["ald"], "objet"),
        (None, "objet"),
        ({3: True}, "3"),
    ],
)
def test_what_is_outside_the_vocabulary_is_refused_with_a_clear_message(facts: Any, message: str) -> None:
    with pytest.raises(FactError) as refusal:
        parse_facts(facts)
    assert message in refusal.value.message.replace("\u00a0", " ")


def test_the_same_value_given_twice_is_accepted() -> None:
    assert parse_facts({"stoppage": {"active": True}, "stoppage.active": True}).get("stoppage.active") is True


def test_a_huge_whole_number_is_a_number() -> None:
    assert parse_facts({"trial.initial_working_days": 10**400}).get("trial.initial_working_days") == 10**400


def test_facts_written_as_json_read_back_equal() -> None:
    facts = parse_facts(
        {
            "status": ["SE_CRAFT", "EMPLOYEE_CDI"],
            "stoppage": {"start": "2025-11-24", "active": None},
            "ald": "UNKNOWN",
            "sharing_agreement": {"spst": "GIVEN"},
            "measure.orgs_needed": ["spst"],
            "pay.before_stoppage": 1800.5,
        }
    )
    assert parse_facts(facts.to_json()) == facts
    assert facts.to_json()["stoppage.start"] == "2025-11-24"
    assert facts.to_json()["ald"] == "UNKNOWN"
