"""Count of the votes, majority and tie: every boundary, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.accounts.enums import Voice
from pdp.meetings.enums import VoteValue
from pdp.meetings.rules.tally import CountedVote, Majority, Tally, tally

VALUES = {
    "F": VoteValue.FOR,
    "C": VoteValue.FOR_WITH_CONDITIONS,
    "X": VoteValue.AGAINST,
    "a": VoteValue.ABSTAIN,
    "d": VoteValue.RECUSED,
    "-": None,
}
CARRIED, REJECTED, TIED = Majority.CARRIED, Majority.REJECTED, Majority.TIED


def count(letters: str, chair: int | None = None, casting: bool = True, consultative: str = "") -> Tally:
    """Count one letter per seat: F pour, C sous conditions, X contre, a abstention, d déport, - nothing."""
    votes = [CountedVote(rank, Voice.DELIBERATIVE, VALUES[letter]) for rank, letter in enumerate(letters, start=1)]
    votes += [
        CountedVote(rank, Voice.CONSULTATIVE, VALUES[letter]) for rank, letter in enumerate(consultative, start=50)
    ]
    return tally(votes, chair_seat=chair, casting_vote=casting)


# votes, majority, in favour, of which conditional, against
MAJORITIES = (
    ("FFFFFF", CARRIED, 6, 0, 0),
    ("XXXXXX", REJECTED, 0, 0, 6),
    ("FFFX--", CARRIED, 3, 0, 1),
    ("FFFXXX", TIED, 3, 0, 3),
    ("FFFFXX", CARRIED, 4, 0, 2),
    ("FFXXXX", REJECTED, 2, 0, 4),
    ("F-----", CARRIED, 1, 0, 0),
    ("X-----", REJECTED, 0, 0, 1),
    ("FX----", TIED, 1, 0, 1),
    ("Faaaaa", CARRIED, 1, 0, 0),
    ("Xaaaaa", REJECTED, 0, 0, 1),
    ("FXaaaa", TIED, 1, 0, 1),
    ("aaaaaa", TIED, 0, 0, 0),
    ("dddddd", TIED, 0, 0, 0),
    ("------", TIED, 0, 0, 0),
    ("", TIED, 0, 0, 0),
    ("CCCCCC", CARRIED, 6, 6, 0),
    ("CX----", TIED, 1, 1, 1),
    ("FCX---", CARRIED, 2, 1, 1),
    ("CXX---", REJECTED, 1, 1, 2),
    ("FFCa--", CARRIED, 3, 1, 0),
    ("FCXXad", TIED, 2, 1, 2),
    ("FFdddd", CARRIED, 2, 0, 0),
    ("FXdddd", TIED, 1, 0, 1),
)


@pytest.mark.parametrize(("letters", "majority", "in_favour", "conditions", "against"), MAJORITIES)
def test_more_for_than_against_among_the_votes_cast_carries(
    letters: str, majority: Majority, in_favour: int, conditions: int, against: int
) -> None:
    found = count(letters)
    assert found.majority is majority
    figures = found.deliberative
    assert (figures.in_favour, figures.conditions, figures.against) == (in_favour, conditions, against)
    assert not found.by_chair


# votes, rank of the chair's seat, casting vote given, majority, settled by the chair
TIES = (
    ("FFFXXX", 1, True, CARRIED, True),
    ("FFFXXX", 4, True, REJECTED, True),
    ("CFFXXX", 1, True, CARRIED, True),
    ("FFFXXX", 1, False, TIED, False),
    ("FFFXXX", None, True, TIED, False),
    ("FFFXXX", 9, True, TIED, False),
    ("FXaaaa", 3, True, TIED, False),
    ("FXdaaa", 3, True, TIED, False),
    ("FX----", 3, True, TIED, False),
    ("FX----", 2, True, REJECTED, True),
    ("aaaaaa", 1, True, TIED, False),
    ("FFFX--", 4, True, CARRIED, False),
    ("FXXX--", 1, True, REJECTED, False),
)


@pytest.mark.parametrize(("letters", "chair", "casting", "majority", "by_chair"), TIES)
def test_a_tie_is_settled_by_the_chair_only_if_the_chair_said_for_or_against(
    letters: str, chair: int | None, casting: bool, majority: Majority, by_chair: bool
) -> None:
    found = count(letters, chair, casting)
    assert (found.majority, found.by_chair) == (majority, by_chair)


def test_a_chair_with_a_consultative_voice_has_no_casting_vote() -> None:
    assert count("FX", chair=50, consultative="F").majority is TIED


def test_consultative_voices_are_counted_apart() -> None:
    found = count("FX", consultative="FFFC")
    assert found.majority is TIED
    assert found.deliberative.in_favour == 1
    assert (found.consultative.in_favour, found.consultative.conditions) == (4, 1)


# « _ » stands for a no-break space.
SENTENCES = (
    ("FFCa", None, "3 pour, dont 1 sous conditions_; 0 contre_; 1 abstention. La majorité est acquise."),
    ("FFFF", None, "4 pour_; 0 contre. La majorité est acquise."),
    ("FXX", None, "1 pour_; 2 contre. La majorité n’est pas acquise."),
    ("FXaa", None, "1 pour_; 1 contre_; 2 abstentions. Égalité_: l’avis est ajourné."),
    ("FX", 1, "1 pour_; 1 contre. Égalité_: la voix du président, pour, l’emporte."),
    ("FX", 2, "1 pour_; 1 contre. Égalité_: la voix du président, contre, l’emporte."),
    ("FFd-", None, "2 pour_; 0 contre_; 1 déport_; 1 siège sans vote. La majorité est acquise."),
    ("Fdd--", None, "1 pour_; 0 contre_; 2 déports_; 2 sièges sans vote. La majorité est acquise."),
    ("aa", None, "0 pour_; 0 contre_; 2 abstentions. Aucune voix ne s’est exprimée_: l’avis est ajourné."),
)


@pytest.mark.parametrize(("letters", "chair", "sentence"), SENTENCES)
def test_the_result_is_said_in_words_with_its_figures(letters: str, chair: int | None, sentence: str) -> None:
    assert count(letters, chair).sentence == sentence.replace("_", "\u00a0")


def test_consultative_voices_have_their_own_sentence() -> None:
    found = count("F", consultative="FX")
    assert found.consultative_sentence == "Voix consultatives\u00a0: 1 pour\u00a0; 1 contre."
    assert count("F").consultative_sentence == ""


# While votes are awaited: 3 pour, 0 contre and one to come is already certain (« _ » as above).
RUNNING = (
    ("FFF-", "La majorité est acquise, quel que soit le dernier vote."),
    ("FFF--", "La majorité est acquise, quels que soient les 2 derniers votes."),
    ("FF--", "Rien n’est acquis_: 2 votes attendus."),
    ("FX-", "Rien n’est acquis_: 1 vote attendu."),
    ("XX-", "La majorité n’est pas acquise, quel que soit le dernier vote."),
    ("F-", "Rien n’est acquis_: 1 vote attendu."),
    ("FFX", "La majorité est acquise."),
    ("FX", "Égalité_: l’avis est ajourné."),
)


@pytest.mark.parametrize(("letters", "sentence"), RUNNING)
def test_what_is_certain_is_said_before_the_last_vote(letters: str, sentence: str) -> None:
    assert count(letters).running == sentence.replace("_", "\u00a0")


@given(st.text(alphabet="FCXad-", max_size=6))
def test_what_is_certain_holds_whatever_comes(letters: str) -> None:
    if count(letters).running.startswith("La majorité est acquise"):
        assert count(letters.replace("-", "X")).majority is CARRIED


LETTERS = st.text(alphabet="FCXad-", max_size=12)


@given(LETTERS, LETTERS)
def test_every_seat_is_counted_once(letters: str, consultative: str) -> None:
    found = count(letters, consultative=consultative)
    assert found.deliberative.seats == len(letters)
    assert found.consultative.seats == len(consultative)


@given(LETTERS, LETTERS)
def test_neither_the_order_nor_the_consultative_voices_change_the_majority(letters: str, others: str) -> None:
    shuffled = "".join(sorted(letters))
    assert count(letters).majority is count(shuffled, consultative=others).majority


@given(LETTERS)
def test_one_more_vote_for_never_makes_a_majority_worse(letters: str) -> None:
    order = (REJECTED, TIED, CARRIED)
    assert order.index(count(f"{letters}F").majority) >= order.index(count(letters).majority)


@given(LETTERS)
def test_abstentions_and_silence_change_nothing(letters: str) -> None:
    assert count(letters).majority is count(f"{letters}a-d").majority
