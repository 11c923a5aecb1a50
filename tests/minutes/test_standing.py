"""Where a sending and an approval stand, and what a resolution says: cases written by hand, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from pdp.minutes.enums import ApprovalState, EventReason, MinutesEventKind, SendingState
from pdp.minutes.resolution import approval_in
from pdp.minutes.standing import EventRow, approval, obstacle, sending

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
P, C, S, H, R = (
    MinutesEventKind.PREPARED,
    MinutesEventKind.CANCELLED,
    MinutesEventKind.SENT,
    MinutesEventKind.HELD,
    MinutesEventKind.RECALLED,
)
OP, D = MinutesEventKind.OPENED, MinutesEventKind.DOWNLOADED
W, X, A = MinutesEventKind.WINDOW_OPENED, MinutesEventKind.CONTESTED, MinutesEventKind.APPROVED


def lines(*kinds: MinutesEventKind, version: int | None = 1) -> list[EventRow]:
    return [
        EventRow(number, 7, version, 3, 5, "Claire Essai", kind, NOON + timedelta(minutes=number))
        for number, kind in enumerate(kinds, start=1)
    ]


@pytest.mark.parametrize(
    ("kinds", "state", "left"),
    [
        ((), SendingState.NOT_SENT, False),
        ((P,), SendingState.WAITING, False),
        ((P, C), SendingState.NOT_SENT, False),
        ((P, C, P), SendingState.WAITING, False),
        ((P, H), SendingState.HELD, False),
        ((P, H, P, S), SendingState.SENT, True),
        ((P, S), SendingState.SENT, True),
        ((P, S, OP, D), SendingState.SENT, True),
        ((P, S, R), SendingState.RECALLED, True),
        ((P, S, R, P), SendingState.WAITING, True),
        ((P, S, R, P, S), SendingState.SENT, True),
        ((P, S, R, P, C), SendingState.NOT_SENT, True),
        ((OP,), SendingState.NOT_SENT, False),
        ((W, A), SendingState.NOT_SENT, False),
    ],
)
def test_the_last_line_of_a_sending_says_where_it_stands(
    kinds: tuple[MinutesEventKind, ...], state: SendingState, left: bool
) -> None:
    found = sending(lines(*kinds), 1)
    assert (found.state, found.has_left) == (state, left)
    assert sending(lines(*kinds), 2).state is SendingState.NOT_SENT


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), ApprovalState.AWAITED),
        ((W,), ApprovalState.OPEN),
        ((W, X), ApprovalState.CONTESTED),
        ((W, X, W), ApprovalState.OPEN),
        ((W, A), ApprovalState.APPROVED),
        ((A,), ApprovalState.APPROVED),
        ((W, X, A), ApprovalState.APPROVED),
        ((A, W), ApprovalState.APPROVED),
    ],
)
def test_what_is_approved_stays_so(kinds: tuple[MinutesEventKind, ...], state: ApprovalState) -> None:
    assert approval(lines(*kinds, version=None), 7).state is state
    assert approval(lines(*kinds, version=None), 8).state is ApprovalState.AWAITED


@pytest.mark.parametrize(
    ("newest", "restricted", "still_open", "people", "expected"),
    [
        (True, False, True, 1, None),
        (True, False, True, 0, EventReason.NO_ACCOUNT),
        (True, False, False, 3, EventReason.SHARING_ENDED),
        (True, True, True, 3, EventReason.RESTRICTED),
        (False, False, True, 3, EventReason.REPLACED),
        (True, True, False, 0, EventReason.RESTRICTED),
        (True, False, False, 0, EventReason.SHARING_ENDED),
        (False, True, False, 0, EventReason.REPLACED),
    ],
)
def test_the_gravest_obstacle_is_said(
    newest: bool, restricted: bool, still_open: bool, people: int, expected: EventReason | None
) -> None:
    assert obstacle(newest=newest, restricted=restricted, still_open=still_open, people=people) is expected


@pytest.mark.parametrize(
    ("resolution", "with_changes"),
    [
        ("Approuvé.", False),
        ("approuvé à l’unanimité", False),
        ("Adopté sans modification.", False),
        ("Approuvé sans aucune réserve.", False),
        ("Le procès-verbal est approuvé.", False),
        ("Le procès-verbal de la séance du 3 mars 2026 est approuvé.", False),
        ("Procès-verbal approuvé.", False),
        ("Approuvé avec une correction au point 2.", True),
        ("Le procès-verbal est adopté avec les modifications demandées.", True),
        ("Approuvé sous réserve de rectifier le vote du point 4.", True),
        ("", None),
        ("Le procès-verbal n’est pas approuvé.", None),
        ("Non approuvé.", None),
        ("Approbation reportée à la prochaine séance.", None),
        ("Approuvé, sauf le point 3 qui est reporté.", None),
        ("À relire par la CPAM avant d’être approuvé.", None),
        ("La cellule refuse d’approuver.", None),
        ("Désapprouvé.", None),
        ("Discussion sur le point 2, approuvé ensuite.", None),
    ],
)
def test_only_a_plain_resolution_approves(resolution: str, with_changes: bool | None) -> None:
    assert approval_in(resolution) is with_changes
