"""Where a question stands and when organisations read each other, against tables written by hand."""

from datetime import date, timedelta

import pytest

from pdp.advice.enums import AdviceValue, AskAct, AskState
from pdp.advice.rules import standing
from pdp.advice.rules.standing import AskFacts
from pdp.core.errors import InvalidInput, RuleViolation

DUE = date(2026, 3, 10)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ({}, BEFORE, AskState.WAITING),
        ({}, DUE, AskState.WAITING),
        ({}, AFTER, AskState.LATE),
        ({"answered": True}, BEFORE, AskState.ANSWERED),
        ({"answered": True}, AFTER, AskState.ANSWERED),
        ({"declined": True}, BEFORE, AskState.DECLINED),
        ({"revoked": True}, BEFORE, AskState.REVOKED),
        ({"revoked": True}, AFTER, AskState.REVOKED),
    ],
)
def test_a_question_stands_where_the_table_says(facts: dict[str, bool], day: date, expected: AskState) -> None:
    assert standing.state_of(AskFacts(1, **facts), DUE, day) is expected


WAITING, GIVEN = AskFacts(1), AskFacts(2, answered=True)
DECLINED, REVOKED = AskFacts(3, declined=True), AskFacts(4, revoked=True)


@pytest.mark.parametrize(
    ("asks", "day", "expected"),
    [
        ([WAITING, GIVEN], BEFORE, False),
        ([WAITING, GIVEN], DUE, False),
        ([WAITING, GIVEN], AFTER, True),
        ([GIVEN, GIVEN], BEFORE, True),
        ([GIVEN, DECLINED], BEFORE, True),
        ([GIVEN, REVOKED], BEFORE, True),
        ([WAITING, REVOKED], BEFORE, False),
        ([WAITING, DECLINED], BEFORE, False),
    ],
)
def test_organisations_read_each_other_once_all_are_in_or_time_is_up(
    asks: list[AskFacts], day: date, expected: bool
) -> None:
    assert standing.is_revealed(asks, DUE, day) is expected


# (state, revealed) → what may be done
ALLOWED = {
    (AskState.WAITING, False): {AskAct.REPLY, AskAct.DECLINE, AskAct.REVOKE},
    (AskState.LATE, True): {AskAct.REPLY, AskAct.DECLINE, AskAct.REVOKE},
    (AskState.ANSWERED, False): {AskAct.REPLY},
    (AskState.ANSWERED, True): set(),
    (AskState.DECLINED, False): set(),
    (AskState.DECLINED, True): set(),
    (AskState.REVOKED, False): set(),
    (AskState.REVOKED, True): set(),
}


@pytest.mark.parametrize(("state", "revealed"), list(ALLOWED))
def test_only_the_acts_of_the_table_are_possible(state: AskState, revealed: bool) -> None:
    for act in AskAct:
        assert standing.may(act, state, revealed=revealed) is (act in ALLOWED[state, revealed])
        if act not in ALLOWED[state, revealed]:
            with pytest.raises(RuleViolation):
                standing.ensure_may(act, state, revealed=revealed)


@pytest.mark.parametrize("value", [AdviceValue.RESERVED, AdviceValue.UNFAVOURABLE, AdviceValue.NONE])
def test_an_answer_that_says_too_little_alone_needs_words(value: AdviceValue) -> None:
    with pytest.raises(InvalidInput) as refused:
        standing.check_reply(value, "")
    assert "text" in refused.value.errors
    standing.check_reply(value, "Des réserves sur les horaires.")
    standing.check_reply(AdviceValue.FAVOURABLE, "")


@pytest.mark.parametrize(
    ("question", "organisations", "due_on", "wrong"),
    [
        ("", ["x"], DUE, {"question"}),
        ("Oui ?", [], DUE, {"organisations"}),
        ("Oui ?", ["x"], BEFORE - timedelta(days=1), {"due_on"}),
        ("Oui ?", ["x"], BEFORE + timedelta(days=184), {"due_on"}),
        ("", [], BEFORE - timedelta(days=1), {"question", "organisations", "due_on"}),
    ],
)
def test_an_impossible_round_is_refused(
    question: str, organisations: list[str], due_on: date, wrong: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        standing.check_round(question, organisations, due_on, BEFORE)
    assert set(refused.value.errors) == wrong


def test_more_time_is_given_only_before_the_time_is_up() -> None:
    standing.ensure_extensible(DUE, DUE)
    with pytest.raises(RuleViolation, match="nouvelle question"):
        standing.ensure_extensible(DUE, AFTER)
    with pytest.raises(InvalidInput, match=r"erreurs"):
        standing.check_extension(DUE, DUE, BEFORE)
    standing.check_extension(AFTER, DUE, BEFORE)
