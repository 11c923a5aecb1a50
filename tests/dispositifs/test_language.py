"""The closed language of conditions: what parses, what it means, what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.rules import RuleError, check, parse, parse_facts, render
from pdp.dispositifs.rules.logic import holds, shifted, undecided_facts
from pdp.dispositifs.rules.syntax import (
    And,
    Comparison,
    Count,
    Every,
    Expression,
    Fact,
    Literal,
    Membership,
    Not,
    Or,
    Presence,
    Shift,
)
from pdp.dispositifs.rules.vocabulary import VOCABULARY, Kind


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ald", Fact("ald")),
        ("false", Literal(False)),
        ("scheme == GENERAL", Comparison(Fact("scheme"), "==", Literal("GENERAL"))),
        ("trial.initial_working_days<=14", Comparison(Fact("trial.initial_working_days"), "<=", Literal(14))),
        ("measure.months < 1.5", Comparison(Fact("measure.months"), "<", Literal(1.5))),
        ("measure.start >= 2022-03-31", Comparison(Fact("measure.start"), ">=", Literal(date(2022, 3, 31)))),
        ("status in [SE_CRAFT, SE_TRADE]", Membership("status", ("SE_CRAFT", "SE_TRADE"))),
        ("contract.end is null", Presence("contract.end", expected=False)),
        ("trial.tutor_name is set", Presence("trial.tutor_name", expected=True)),
        ("count(pmsmp.objects) == 1", Comparison(Count("pmsmp.objects"), "==", Literal(1))),
        (
            "measure.end <= stoppage.start + 3y",
            Comparison(Fact("measure.end"), "<=", Shift("stoppage.start", 3, "y")),
        ),
        (
            "every(measure.orgs_needed, sharing_agreement == GIVEN)",
            Every("measure.orgs_needed", Comparison(Fact("sharing_agreement"), "==", Literal("GIVEN"))),
        ),
        ("ald or is_micro and tpt.active", Or((Fact("ald"), And((Fact("is_micro"), Fact("tpt.active")))))),
        ("(ald or is_micro) and tpt.active", And((Or((Fact("ald"), Fact("is_micro"))), Fact("tpt.active")))),
        ("not ald and is_micro", And((Not(Fact("ald")), Fact("is_micro")))),
        ("not (ald and is_micro)", Not(And((Fact("ald"), Fact("is_micro"))))),
    ],
)
def test_a_condition_parses_to_its_tree(text: str, tree: Expression) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ald and",
        "ald or or is_micro",
        "(ald",
        "ald)",
        "ald ald",
        "scheme == ",
        "== GENERAL",
        "14",
        "GENERAL",
        "count(pmsmp.objects)",
        "measure.end + 1y",
        "measure.end + 1",
        "measure.end + 1w == 2026-01-01",
        "scheme in []",
        "scheme in [GENERAL",
        "scheme in [14]",
        "scheme is empty",
        "scheme = GENERAL",
        "a.b.__class__()",
        "__import__('os')",
        "measure.start == 2026-02-30",
        "1 < 2 < 3",
        "ald; is_micro",
        "every(measure.orgs_needed)",
        "(" * 60 + "ald" + ")" * 60,
        "not " * 60 + "ald",
    ],
)
def test_a_text_outside_the_language_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse(text)


def test_a_refusal_says_where_and_what_was_expected() -> None:
    with pytest.raises(RuleError, match="valeur énumérée était attendu à la position 12"):
        parse("scheme in [14]")


@pytest.mark.parametrize(
    "text",
    [
        "nonsense == GENERAL",
        "scheme == MUTUELLE",
        "scheme",
        "status in [EMPLOYEE_CDI, CHIEF]",
        "scheme < GENERAL",
        "trial.initial_working_days <= true",
        "measure.end <= 14",
        "ald == 1",
        "count(scheme) == 1",
        "scheme + 1y == 2026-01-01",
        "sharing_agreement == GIVEN",
        "sharing_agreement in [GIVEN]",
        "every(pmsmp.objects, ald)",
        "every(measure.orgs_needed, every(measure.orgs_needed, ald))",
        "stoppage.active == stoppage.start",
        "pmsmp.objects == external_org_on_case",
        "scheme == scheme < GENERAL",
    ],
)
def test_a_condition_that_the_vocabulary_does_not_allow_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        check(parse(text))


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        # Kleene: an unknown operand decides nothing unless the other one does.
        ("ald and is_micro", {"ald": True}, None),
        ("ald and is_micro", {"ald": False}, False),
        ("ald and is_micro", {"is_micro": False}, False),
        ("ald and is_micro", {"ald": True, "is_micro": True}, True),
        ("ald or is_micro", {"ald": True}, True),
        ("ald or is_micro", {"ald": False}, None),
        ("ald or is_micro", {"ald": False, "is_micro": False}, False),
        ("not ald", {}, None),
        ("not ald", {"ald": False}, True),
        ("not ald", {"ald": True}, False),
        ("ald and not ald", {}, None),
        # A null is a value of its own: known, equal to nothing else, without order.
        ("ald", {"ald": None}, False),
        ("ald == false", {"ald": None}, False),
        ("ald != true", {"ald": None}, True),
        ("scheme == GENERAL", {"scheme": None}, False),
        ("scheme != GENERAL", {"scheme": None}, True),
        ("scheme in [GENERAL, MSA]", {"scheme": None}, False),
        ("scheme in [GENERAL, MSA]", {"scheme": "MSA"}, True),
        ("scheme in [GENERAL, MSA]", {"scheme": "UNKNOWN"}, None),
        ("measure.months <= 18", {"measure.months": None}, None),
        ("measure.months > 18", {"measure.months": None}, None),
        ("measure.end <= stoppage.start + 3y", {"measure.end": "2026-01-01", "stoppage.start": None}, None),
        ("contract.end is null", {"contract.end": None}, True),
        ("contract.end is null", {"contract.end": "2026-01-01"}, False),
        ("contract.end is null", {}, None),
        ("contract.end is set", {"contract.end": None}, False),
        ("contract.end is set", {"contract.end": "2026-01-01"}, True),
        ("contract.end is set", {"contract.end": "UNKNOWN"}, None),
        ("count(pmsmp.objects) == 1", {"pmsmp.objects": None}, False),
        ("count(pmsmp.objects) < 1", {"pmsmp.objects": []}, True),
        # Any of a person's statuses is enough.
        ("status == SE_CRAFT", {"status": ["SE_TRADE", "SE_CRAFT"]}, True),
        ("status in [SE_CRAFT]", {"status": ["SE_TRADE"]}, False),
    ],
)
def test_a_condition_is_true_false_or_unknown(text: str, facts: dict[str, object], expected: bool | None) -> None:
    assert holds(parse(text), parse_facts(facts)) is expected


@pytest.mark.parametrize(
    ("day", "amount", "unit", "expected"),
    [
        ("2024-02-29", 3, "y", "2027-02-28"),
        ("2024-02-29", 4, "y", "2028-02-29"),
        ("2026-01-31", 1, "m", "2026-02-28"),
        ("2026-12-15", 1, "m", "2027-01-15"),
        ("2026-11-30", 15, "m", "2028-02-29"),
        ("2026-12-31", 1, "d", "2027-01-01"),
        ("9998-06-01", 3, "y", "9999-12-31"),
        ("9999-12-31", 1, "m", "9999-12-31"),
        ("9999-12-31", 1, "d", "9999-12-31"),
    ],
)
def test_a_date_moves_by_whole_periods_and_never_past_the_calendar(
    day: str, amount: int, unit: str, expected: str
) -> None:
    assert shifted(date.fromisoformat(day), amount, unit).isoformat() == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("stoppage.active and stoppage.indemnified == true", {"stoppage.active": True}, ("stoppage.indemnified",)),
        ("stoppage.active or tpt.active", {}, ("stoppage.active", "tpt.active")),
        ("stoppage.active or tpt.active", {"tpt.active": True}, ()),
        ("ald and is_micro", {"ald": False}, ()),
        ("not ald", {}, ("ald",)),
        ("trial.end <= stoppage.prescribed_end", {"trial.end": "2026-03-24"}, ("stoppage.prescribed_end",)),
        (
            "every(measure.orgs_needed, sharing_agreement == GIVEN)",
            {"measure.orgs_needed": ["spst"]},
            ("sharing_agreement",),
        ),
        (
            "every(measure.orgs_needed, sharing_agreement == GIVEN)",
            {"measure.orgs_needed": "UNKNOWN"},
            ("measure.orgs_needed",),
        ),
    ],
)
def test_the_facts_that_keep_a_condition_undecided_are_named(
    text: str, facts: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert undecided_facts(parse(text), parse_facts(facts)) == expected


_BOOLEANS = [path for path, fact in VOCABULARY.items() if fact.kind is Kind.BOOLEAN]
_DATES = [path for path, fact in VOCABULARY.items() if fact.kind is Kind.DATE]
_tests: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Fact, st.sampled_from(_BOOLEANS)),
    st.builds(Literal, st.booleans()),
    st.builds(Presence, st.sampled_from(_DATES), st.booleans()),
    st.builds(Membership, st.just("scheme"), st.lists(st.sampled_from(["MSA", "GENERAL"]), min_size=1).map(tuple)),
    st.builds(
        Comparison,
        st.builds(Fact, st.sampled_from(_DATES)),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.one_of(
            st.builds(Literal, st.dates()),
            st.builds(Shift, st.sampled_from(_DATES), st.integers(0, 9999), st.sampled_from(["y", "m", "d"])),
        ),
    ),
)
_expressions = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Every, st.just("measure.orgs_needed"), inner),
    ),
    max_leaves=8,
)


@given(_expressions)
def test_the_canonical_text_of_any_tree_parses_back_to_it(tree: Expression) -> None:
    assert parse(render(tree)) == tree


@given(st.text(alphabet="ald()[],.+=!<> 0123456789-ymornetisuGENRAL", max_size=60))
def test_any_text_is_parsed_or_refused_and_nothing_else(text: str) -> None:
    try:
        tree = parse(text)
    except RuleError:
        return
    assert parse(render(tree)) == tree


def test_the_shipped_conditions_parse_back_from_their_canonical_text() -> None:
    needs = [rule.need for rule in load_ruleset().rules]
    assert [parse(render(need)) for need in needs] == needs
