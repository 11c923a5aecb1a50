"""What may be done in a séance by its status, and the order of its agenda."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.core.errors import RuleViolation
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.rules.agenda import moved, neighbours, next_to_treat
from pdp.meetings.rules.workflow import BallotAction, MeetingAction, can_act, next_ballot_status, next_status

# One line per act; a dot where it is not possible, otherwise the status that follows.
TABLE = """
action          PLANNED    OPEN    CLOSED   CANCELLED
reschedule      PLANNED    .       .        .
edit_agenda     PLANNED    OPEN    .        .
set_chair       PLANNED    OPEN    .        .
open            OPEN       .       .        .
set_attendance  .          OPEN    .        .
select_item     .          OPEN    .        .
discuss         .          OPEN    .        .
vote            .          OPEN    .        .
give_opinion    .          OPEN    .        .
add_action      .          OPEN    .        .
cancel          CANCELLED  .       .        .
close           .          CLOSED  .        .
"""
CELLS = [
    (MeetingAction(line.split()[0]), MeetingStatus(status), after)
    for line in TABLE.strip().splitlines()[1:]
    for status, after in zip(TABLE.split()[1:5], line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("action", "status", "after"), CELLS)
def test_each_act_is_possible_only_where_the_table_says(
    action: MeetingAction, status: MeetingStatus, after: str
) -> None:
    assert can_act(status, action) is (after != ".")
    if after == ".":
        with pytest.raises(RuleViolation):
            next_status(status, action)
    else:
        assert next_status(status, action) == after


def test_the_table_names_every_act() -> None:
    assert {action for action, _, _ in CELLS} == set(MeetingAction)


@pytest.mark.parametrize(
    ("status", "action", "message"),
    [
        (BallotStatus.CLOSED, BallotAction.CAST, "Le scrutin est clos\u00a0: ce vote n’est pas enregistré."),
        (BallotStatus.CLOSED, BallotAction.CLOSE, "Le scrutin est déjà clos\u00a0: rien n’a changé."),
        (
            BallotStatus.OPEN,
            BallotAction.GIVE_OPINION,
            "Le scrutin est encore ouvert. Fermez-le avant de rendre l’avis.",
        ),
    ],
)
def test_a_ballot_refuses_in_plain_words(status: BallotStatus, action: BallotAction, message: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        next_ballot_status(status, action)
    assert refused.value.message == message


def test_a_closed_ballot_never_opens_again() -> None:
    assert next_ballot_status(BallotStatus.OPEN, BallotAction.CLOSE) is BallotStatus.CLOSED
    assert next_ballot_status(BallotStatus.CLOSED, BallotAction.GIVE_OPINION) is BallotStatus.CLOSED


MOVES = (
    ((1, 2, 3, 4), 3, 1, (3, 1, 2, 4)),
    ((1, 2, 3, 4), 1, 4, (2, 3, 4, 1)),
    ((1, 2, 3, 4), 2, 2, (1, 2, 3, 4)),
    ((1, 2, 3, 4), 4, 99, (1, 2, 3, 4)),
    ((1, 2, 3, 4), 4, -5, (4, 1, 2, 3)),
    ((1,), 1, 1, (1,)),
)


@pytest.mark.parametrize(("order", "item", "position", "after"), MOVES)
def test_an_item_moves_to_a_rank(order: tuple[int, ...], item: int, position: int, after: tuple[int, ...]) -> None:
    assert moved(order, item, position) == after


@given(st.permutations([1, 2, 3, 4, 5]), st.integers(1, 5), st.integers(-2, 9))
def test_a_move_loses_nothing_and_keeps_the_order_of_the_others(order: list[int], item: int, position: int) -> None:
    after = moved(order, item, position)
    assert sorted(after) == [1, 2, 3, 4, 5]
    assert [key for key in after if key != item] == [key for key in order if key != item]


def test_the_neighbours_of_an_item() -> None:
    assert (neighbours((7, 8, 9), 7).previous, neighbours((7, 8, 9), 7).following) == (None, 8)
    assert (neighbours((7, 8, 9), 8).previous, neighbours((7, 8, 9), 8).following) == (7, 9)
    assert neighbours((7, 8, 9), 9).rank == 3
    assert neighbours((7, 8, 9), 9).following is None


def test_the_next_item_to_treat_skips_those_done_and_comes_round() -> None:
    assert next_to_treat((1, 2, 3), frozenset()) == 1
    assert next_to_treat((1, 2, 3), frozenset({2}), after=1) == 3
    assert next_to_treat((1, 2, 3), frozenset({3}), after=2) == 1
    assert next_to_treat((1, 2, 3), frozenset({1, 3}), after=2) is None
