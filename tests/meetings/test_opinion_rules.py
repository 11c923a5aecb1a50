"""Which opinions may be given: what the law, the physicians, the pieces and the quorum leave open."""

import pytest

from pdp.accounts.enums import Voice
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.rules.opinion import Grounds, QuorumFinding, propose
from pdp.meetings.rules.tally import CountedVote, Tally, tally

FAV, FAV_C, UNF, ADJ, NO, REO = (
    OpinionCode.FAVOURABLE,
    OpinionCode.FAVOURABLE_WITH_CONDITIONS,
    OpinionCode.UNFAVOURABLE,
    OpinionCode.ADJOURNED,
    OpinionCode.NO_OBJECT,
    OpinionCode.REORIENTED,
)
VALUES = {"F": VoteValue.FOR, "C": VoteValue.FOR_WITH_CONDITIONS, "X": VoteValue.AGAINST, "a": VoteValue.ABSTAIN}
REACHED = QuorumFinding(True, "Quorum atteint.")
NOT_REACHED = QuorumFinding(False, "Quorum non atteint.")
NONE = Grounds()
LAW = Grounds(by_law=("La convention dépasse 14 jours.",))
MEDICAL = Grounds(medical_refusals=("médecin-conseil",))
PRACTICE = Grounds(by_practice=("Le support réserve ce dispositif aux salariés.",))
MISSING = Grounds(missing=("accord du médecin traitant", "convention signée"))


def votes(letters: str) -> Tally:
    return tally(CountedVote(rank, Voice.DELIBERATIVE, VALUES[letter]) for rank, letter in enumerate(letters))


# quorum, votes (None: no ballot), grounds, proposed, also allowed
CASES = (
    (REACHED, "FFF", NONE, FAV, {FAV, FAV_C}),
    (REACHED, "FFC", NONE, FAV_C, {FAV, FAV_C}),
    (REACHED, "CCC", NONE, FAV_C, {FAV, FAV_C}),
    (REACHED, "FXX", NONE, UNF, {UNF, NO, REO}),
    (REACHED, "CXX", NONE, UNF, {UNF, NO, REO}),
    (REACHED, "FX", NONE, ADJ, {ADJ}),
    (REACHED, "aa", NONE, ADJ, {ADJ}),
    (NOT_REACHED, "FFF", NONE, ADJ, {ADJ}),
    (NOT_REACHED, "XXX", LAW, ADJ, {ADJ}),
    (None, None, NONE, ADJ, {ADJ}),
    (None, None, LAW, ADJ, {ADJ}),
    (None, None, MISSING, ADJ, {ADJ}),
    (REACHED, "FFF", LAW, UNF, {UNF, NO, REO}),
    (REACHED, "XXX", LAW, UNF, {UNF, NO, REO}),
    (REACHED, "FX", LAW, UNF, {UNF, NO, REO}),
    (REACHED, "FFF", MEDICAL, UNF, {UNF, ADJ, NO, REO}),
    (REACHED, "CCC", MEDICAL, UNF, {UNF, ADJ, NO, REO}),
    (REACHED, "FFF", PRACTICE, UNF, {UNF, ADJ, NO, REO}),
    (REACHED, "FFF", MISSING, ADJ, {ADJ}),
    (REACHED, "XXX", MISSING, ADJ, {ADJ}),
    (REACHED, "FFF", Grounds(by_law=("A.",), missing=("B",)), UNF, {UNF, NO, REO}),
    (REACHED, "FFF", Grounds(by_law=("A.",), medical_refusals=("B",)), UNF, {UNF, NO, REO}),
    (REACHED, "FFF", Grounds(medical_refusals=("A",), missing=("B",)), UNF, {UNF, ADJ, NO, REO}),
    (REACHED, "FFF", Grounds(by_practice=("A.",), missing=("B",)), UNF, {UNF, ADJ, NO, REO}),
)


@pytest.mark.parametrize(("quorum", "letters", "grounds", "code", "allowed"), CASES)
def test_the_opinion_follows_from_quorum_grounds_and_votes(
    quorum: QuorumFinding | None, letters: str | None, grounds: Grounds, code: OpinionCode, allowed: set[OpinionCode]
) -> None:
    found = propose(quorum, votes(letters) if letters is not None else None, grounds)
    assert found.code is code
    assert set(found.allowed) == allowed
    assert {each for each in OpinionCode if found.allows(each)} == allowed


@pytest.mark.parametrize("letters", ["FFFFFF", "CCCCCC", "FX", "XXXXXX", "aaaaaa"])
@pytest.mark.parametrize("grounds", [LAW, MEDICAL, PRACTICE, MISSING])
def test_no_vote_makes_a_blocked_request_favourable(letters: str, grounds: Grounds) -> None:
    found = propose(REACHED, votes(letters), grounds)
    assert not found.allows(FAV)
    assert not found.allows(FAV_C)


def test_the_pieces_that_are_missing_are_listed() -> None:
    found = propose(REACHED, votes("FFF"), MISSING)
    assert "Il manque\u00a0: accord du médecin traitant et convention signée. L’avis est ajourné." in found.explanation


def test_the_rule_of_law_is_quoted() -> None:
    found = propose(REACHED, votes("FFF"), LAW)
    assert "Non éligible selon un texte\u00a0: La convention dépasse 14 jours." in found.explanation


def test_who_refused_the_medical_agreement_is_said() -> None:
    assert "Accord médical refusé\u00a0: médecin-conseil." in propose(REACHED, votes("F"), MEDICAL).explanation


def test_the_want_of_quorum_is_the_reason_of_the_adjournment() -> None:
    assert propose(NOT_REACHED, votes("F"), NONE).explanation == "Quorum non atteint. L’avis est ajourné."
