"""Where the conditions of an opinion, or what an adjournment waits for, stand taken together. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.meetings.enums import ActionKind, ActionState, OpinionCode, ReserveState

# Which opinion holds which kind of things to do.
HELD_BY: dict[OpinionCode, ActionKind] = {
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: ActionKind.CONDITION,
    OpinionCode.ADJOURNED: ActionKind.MISSING,
}
# How long is usually given, until somebody says another date.
_USUAL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A condition, or a thing awaited, as it is said: `owner` is an organisation's public id, empty for one's own."""

    text: str
    owner: str = ""
    due_on: date | None = None


def usual_due(said_on: date) -> date:
    """Return the date proposed for what is said on a day."""
    return said_on + _USUAL


def lines_of(text: str) -> tuple[HeldLine, ...]:
    """Return one line to hold per line of a text; empty lines count for nothing."""
    return tuple(HeldLine(line.strip()) for line in text.splitlines() if line.strip())


def wording(lines: Sequence[HeldLine]) -> str:
    """Return the text that the minutes keep: one line each."""
    return "\n".join(line.text for line in lines)


def stand(states: Collection[ActionState]) -> ReserveState | None:
    """Tell where conditions stand together: one not met breaks them, one open keeps them; None without any.

    Those that a correction took away do not count.
    """
    counted = [state for state in states if state is not ActionState.DROPPED]
    if not counted:
        return None
    if ActionState.UNMET in counted:
        return ReserveState.BROKEN
    return ReserveState.OPEN if ActionState.OPEN in counted else ReserveState.LIFTED


def sends_back(state: ActionState, due_on: date, today: date) -> bool:
    """Tell whether a condition sends its request back: it was said not met, or its last day is over."""
    return state is ActionState.UNMET or (state is ActionState.OPEN and due_on < today)
