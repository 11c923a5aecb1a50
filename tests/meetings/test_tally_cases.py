"""The written cases of the count, `tally_cases.csv`, and what holds whatever the votes."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.accounts.enums import Voice
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.rules import secret
from pdp.meetings.rules.tally import CountedVote, Majority, Tally, tally, tally_agreed, tally_secret

VALUES = {
    "F": VoteValue.FOR,
    "C": VoteValue.FOR_WITH_CONDITIONS,
    "X": VoteValue.AGAINST,
    "a": VoteValue.ABSTAIN,
    "d": VoteValue.RECUSED,
    "-": None,
}
# The seat of the first consultative letter; the deliberative ones are counted from 1.
FIRST_CONSULTATIVE = 50


def _cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "tally_cases.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


CASES = _cases()


def named(votes: str, consultative: str = "", chair: int | None = None, *, casting: bool = True) -> Tally:
    counted = [CountedVote(seat, Voice.DELIBERATIVE, VALUES[each]) for seat, each in enumerate(votes, start=1)]
    counted += [
        CountedVote(seat, Voice.CONSULTATIVE, VALUES[each])
        for seat, each in enumerate(consultative, start=FIRST_CONSULTATIVE)
    ]
    return tally(counted, chair_seat=chair, casting_vote=casting)


def in_secret(votes: str, consultative: str = "") -> Tally:
    counters = secret.blank()
    for voice, letters in ((Voice.DELIBERATIVE, votes), (Voice.CONSULTATIVE, consultative)):
        for value in (VALUES[letter] for letter in letters if letter in "FXa"):
            assert value is not None
            counters = secret.added(counters, voice, value)
    recused = Counter({Voice.DELIBERATIVE: votes.count("d"), Voice.CONSULTATIVE: consultative.count("d")})
    seats = Counter({Voice.DELIBERATIVE: len(votes), Voice.CONSULTATIVE: len(consultative)})
    return tally_secret(counters, recused=recused, seats=seats)


def count(case: dict[str, str]) -> Tally:
    if case["mode"] == "CONSENSUS":
        return tally_agreed(OpinionCode(case["votes"]))
    if case["mode"] == "SECRET":
        return in_secret(case["votes"], case["consultative"])
    chair = int(case["chair"]) if case["chair"] else None
    return named(case["votes"], case["consultative"], chair, casting=case["casting"] == "yes")


@pytest.mark.parametrize("case", CASES, ids=["-".join(case.values()) for case in CASES])
def test_each_written_case_gives_its_majority(case: dict[str, str]) -> None:
    found = count(case)
    assert found.majority is Majority(case["majority"])
    assert found.by_chair is (case["by_chair"] == "yes")


def test_the_written_cases_are_many_and_each_is_written_once(figure: Callable[[str, object], None]) -> None:
    wrong = [case for case in CASES if count(case).majority is not Majority(case["majority"])]
    figure("tally.cases", f"{len(wrong)} of {len(CASES)} written cases wrong")
    assert wrong == []
    assert len(CASES) >= 150
    assert len({tuple(case.values()) for case in CASES}) == len(CASES)


LETTERS = st.text(alphabet="FCXad-", max_size=12)
SECRET_LETTERS = st.text(alphabet="FXad-", max_size=12)


@given(st.permutations(list("FFCXXad-")), LETTERS)
def test_the_order_of_the_seats_changes_nothing(votes: list[str], consultative: str) -> None:
    assert named("".join(votes)).deliberative == named("FFCXXad-").deliberative
    assert named("".join(votes), consultative).majority is Majority.CARRIED


@given(SECRET_LETTERS, st.randoms(use_true_random=False), SECRET_LETTERS)
def test_a_secret_count_is_the_same_whatever_the_order(votes: str, chance: object, consultative: str) -> None:
    shuffled = list(votes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_secret(votes, consultative) == in_secret("".join(shuffled), consultative)


@given(SECRET_LETTERS, SECRET_LETTERS)
def test_a_secret_count_is_that_of_the_same_votes_by_name_without_casting_vote(votes: str, others: str) -> None:
    hidden, known = in_secret(votes, others), named(votes, others, casting=False)
    assert (hidden.deliberative, hidden.consultative) == (known.deliberative, known.consultative)
    assert hidden.majority is known.majority


@given(LETTERS, LETTERS, st.integers(1, 12))
def test_consultative_voices_never_change_the_majority(votes: str, consultative: str, chair: int) -> None:
    assert named(votes, consultative, chair).majority is named(votes, chair=chair).majority


@given(LETTERS, st.integers(1, 12), st.integers(0, 11))
def test_one_more_pour_never_turns_what_is_carried(votes: str, chair: int, place: int) -> None:
    order = (Majority.REJECTED, Majority.TIED, Majority.CARRIED)
    before = named(votes, chair=chair).majority
    # A new seat, or a seat that changes its answer.
    assert order.index(named(f"{votes}F", chair=chair).majority) >= order.index(before)
    changed = f"{votes[:place]}F{votes[place + 1 :]}" if place < len(votes) else votes
    assert order.index(named(changed, chair=chair).majority) >= order.index(before)


@given(LETTERS, st.integers(1, 12))
def test_the_chair_decides_a_tie_and_nothing_else(votes: str, chair: int) -> None:
    found, alone = named(votes, chair=chair), named(votes)
    if alone.majority is not Majority.TIED:
        assert (found.majority, found.by_chair) == (alone.majority, False)


def test_a_counter_is_as_long_at_the_end_as_at_the_opening() -> None:
    counters = secret.blank()
    for _ in range(120):
        counters = secret.added(counters, Voice.DELIBERATIVE, VoteValue.FOR)
    assert len(counters) == len(secret.blank())
    assert counters == "0120 0000 0000 0000 0000 0000"
