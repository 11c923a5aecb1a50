"""What holds for any facts: no exception, the worst verdict, knowledge that never turns a sure answer round."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.enums import Dispositif, Doctrine, PersonStatus, StatusGroup, Verdict
from pdp.dispositifs.rules import UNKNOWN, Facts, evaluate, evaluate_groups, parse_facts
from pdp.dispositifs.rules.logic import holds, undecided_facts
from pdp.dispositifs.rules.vocabulary import EMPTY_WHEN_ABSENT, SHARING, VOCABULARY, FactType, Kind

ORGANISATIONS = st.sampled_from(["spst", "mdph", "cap_emploi"])
_BY_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOLEAN: st.booleans(),
    Kind.NUMBER: st.one_of(st.integers(0, 400), st.floats(0, 1e6)),
    Kind.DATE: st.one_of(st.dates(date(2021, 1, 1), date(2028, 12, 31)), st.dates()).map(date.isoformat),
    Kind.TEXT: st.sampled_from(["OK", "CPF", "Madame Ferrand", " "]),
    Kind.ORGANISATION_LIST: st.lists(ORGANISATIONS),
}


def _known(fact: FactType) -> st.SearchStrategy[Any]:
    if fact.kind is Kind.ENUMERATED:
        return st.sampled_from(fact.values)
    if fact.kind is Kind.ENUMERATED_LIST:
        return st.lists(st.sampled_from(fact.values))
    if fact.kind is Kind.BY_ORGANISATION:
        return st.dictionaries(ORGANISATIONS, st.sampled_from(fact.values))
    return _BY_KIND[fact.kind]


def _values(fact: FactType) -> st.SearchStrategy[Any]:
    return st.one_of(_known(fact), st.none(), st.just("UNKNOWN"))


RAW_FACTS = st.fixed_dictionaries({}, optional={path: _values(fact) for path, fact in VOCABULARY.items()})
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@given(RAW_FACTS, DAYS, st.sampled_from(Doctrine))
def test_any_valid_facts_are_answered_with_the_worst_verdict(
    raw: dict[str, Any], day: date, doctrine: Doctrine
) -> None:
    facts = parse_facts(raw)
    order = ["eligible", "piece_manquante", "a_verifier", "ineligible"]
    for dispositif in Dispositif:
        for found in evaluate_groups(
            load_ruleset(), facts, dispositif=dispositif, evaluated_on=day, doctrine=doctrine
        ):
            expected = max((order.index(each.verdict) for each in found.failed), default=0)
            if found.status_group is not StatusGroup.AUTRE:
                assert order.index(found.verdict) == expected
            assert found.explanation.endswith(".")
            assert all(each.doctrine in ("any", doctrine.value) for each in found.rules)
            if found.divergence:
                assert found.divergence.regional is not found.divergence.law
                assert found.verdict.value == found.to_json()["divergence"][doctrine.value]


@given(RAW_FACTS, RAW_FACTS)
def test_learning_an_unknown_fact_never_turns_a_decided_condition_round(
    raw: dict[str, Any], more: dict[str, Any]
) -> None:
    before = parse_facts(raw)
    # Only what was unknown is learned; the lists that are empty by default were known already.
    any_sharing = any(path.startswith(SHARING) for path in before.values)
    learned = {
        path: value
        for path, value in parse_facts(more).values.items()
        if path not in EMPTY_WHEN_ABSENT and before.get(path) is UNKNOWN
        if not (any_sharing and path.startswith(SHARING))
    }
    after = before.overlaid(Facts(learned))
    for rule in load_ruleset().rules:
        decided = holds(rule.need, before)
        if decided is not None:
            assert holds(rule.need, after) is decided


@given(RAW_FACTS)
def test_an_undecided_condition_always_names_a_fact_and_a_decided_one_none(raw: dict[str, Any]) -> None:
    facts = parse_facts(raw)
    for rule in load_ruleset().rules:
        assert bool(undecided_facts(rule.need, facts)) is (holds(rule.need, facts) is None)


@given(RAW_FACTS)
def test_any_facts_survive_a_round_trip_through_json(raw: dict[str, Any]) -> None:
    facts = parse_facts(raw)
    assert parse_facts(facts.to_json()) == facts


@given(RAW_FACTS)
def test_facts_laid_over_themselves_or_over_nothing_are_unchanged(raw: dict[str, Any]) -> None:
    facts = parse_facts(raw)
    assert facts.overlaid(facts) == facts.overlaid(Facts()) == Facts().overlaid(facts) == facts


@settings(max_examples=50)
@given(RAW_FACTS, st.sampled_from([status for status in PersonStatus if status.group is StatusGroup.TI]))
def test_a_second_status_never_changes_the_answer_for_the_first(raw: dict[str, Any], second: PersonStatus) -> None:
    def as_employee(status: list[str]) -> list[Any]:
        return [
            evaluate(
                load_ruleset(),
                parse_facts({**raw, "status": status}),
                dispositif=dispositif,
                group=StatusGroup.SALARIE,
                evaluated_on=date(2026, 3, 2),
                doctrine=Doctrine.REGIONAL,
            )
            for dispositif in Dispositif
        ]

    assert as_employee(["EMPLOYEE_CDD"]) == as_employee(["EMPLOYEE_CDD", second])


@given(RAW_FACTS, st.sampled_from(["ATTENDING", "ADVISER", "OCCUPATIONAL"]))
def test_a_refused_medical_agreement_never_leaves_an_essai_encadre_possible(raw: dict[str, Any], kind: str) -> None:
    facts = parse_facts({**raw, f"agreement.{kind}": "REFUSED", "measure.start": "2026-03-09"})
    found = evaluate(
        load_ruleset(),
        facts,
        dispositif=Dispositif.ESSAI_ENCADRE,
        group=StatusGroup.SALARIE,
        evaluated_on=date(2026, 3, 2),
        doctrine=Doctrine.REGIONAL,
    )
    assert found.verdict is Verdict.INELIGIBLE
