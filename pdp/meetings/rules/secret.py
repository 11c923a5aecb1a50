"""A secret ballot: counters by voice and value, in a text whose length tells nothing.

A counter grows under the lock of its ballot, in place: neither the text nor what is kept beside it says
in what order, or by whom, a value was given.
"""

from collections.abc import Mapping

from pdp.accounts.enums import Voice
from pdp.core.errors import RuleViolation
from pdp.meetings.enums import VoteValue

# Below this number of votes the figures say by themselves what each person voted.
FEW = 3
VALUES = (VoteValue.FOR, VoteValue.AGAINST, VoteValue.ABSTAIN)
_PLACES = tuple((voice, value) for voice in (Voice.DELIBERATIVE, Voice.CONSULTATIVE) for value in VALUES)
_WIDTH = 4
_NO_TEXT = "Un vote secret se dit par « Pour », « Contre » ou « Abstention », sans condition ni motif."


def blank() -> str:
    """Return the counters as they are laid down when the ballot opens: all of them, at zero."""
    return _written(dict.fromkeys(_PLACES, 0))


def added(counters: str, voice: Voice, value: VoteValue) -> str:
    """Return the counters with one more vote. Raises `RuleViolation` for a value that needs a text."""
    if value not in VALUES:
        raise RuleViolation(_NO_TEXT)
    figures = dict(read(counters))
    figures[voice, value] += 1
    return _written(figures)


def read(counters: str) -> Mapping[tuple[Voice, VoteValue], int]:
    """Return the figure of each voice and value; zeros while there is nothing to read."""
    figures = [int(figure) for figure in counters.split()] or [0] * len(_PLACES)
    return dict(zip(_PLACES, figures, strict=True))


def _written(figures: Mapping[tuple[Voice, VoteValue], int]) -> str:
    return " ".join(str(figures[place]).zfill(_WIDTH) for place in _PLACES)
