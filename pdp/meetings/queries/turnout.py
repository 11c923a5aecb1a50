"""Who took part in a secret ballot: a line per seat, laid down at the opening, changed in place, without a time.

What was voted is elsewhere in the same row, counted and sealed: no line here, nor their order, tells it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from pdp.accounts.enums import BallotMode
from pdp.meetings.models import Ballot


def laid_down(seats: Iterable[int]) -> list[Any]:
    """Return the lines of a ballot that opens: nobody took part yet."""
    return [[seat, 0, ""] for seat in seats]


def took_part(ballot: Ballot) -> Mapping[int, int]:
    """Return, for each seat that voted in secret, the membership that sat there."""
    if ballot.mode is not BallotMode.SECRET:
        return {}
    return {seat: membership for seat, membership, _ in ballot.turnout or [] if membership}


def is_replay(ballot: Ballot, seat_id: int, key: str | None) -> bool:
    """Tell whether the seat took part by this very request."""
    kept = next((line[2] for line in ballot.turnout or [] if line[0] == seat_id), "")
    return bool(key) and kept == _fingerprint(key)


def marked(ballot: Ballot, seat_id: int, membership_id: int, key: str | None) -> list[Any]:
    """Return the lines with this seat marked; the key that replays the request goes with the closing."""
    return [
        [seat_id, membership_id, _fingerprint(key) if key else ""] if line[0] == seat_id else line
        for line in ballot.turnout or []
    ]


def settled(ballot: Ballot) -> list[Any]:
    """Return the lines that a closed ballot keeps: who took part."""
    return [[seat, membership, ""] for seat, membership, _ in ballot.turnout or []]


def _fingerprint(key: str | None) -> str:
    return hashlib.sha256((key or "").encode()).hexdigest()
