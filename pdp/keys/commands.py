"""What `pdp keys` prints. Counts and key ids only."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from pdp.keys import service

Say = Callable[[str], None]
_NOT_OWNER = (
    "This login may not seal the notes again: they can only be added to. Run the command with PDP_OWNER_URL, "
    "the address of the database as the owner of its tables opens it."
)


class RotationRefused(RuntimeError):
    """The login of the command may not seal values again."""


def rotate(batch: int, say: Say) -> None:
    """Seal everything again under the current key. Raises `RotationRefused`."""
    try:
        done = service.rotate(batch, say)
    except DBAPIError as error:
        if "append-only" in str(error.orig) or "permission denied" in str(error.orig):
            raise RotationRefused(_NOT_OWNER) from error
        raise
    say(f"{done} values sealed again.")
    show(say)


def show(say: Say) -> None:
    """Print what is sealed under which key."""
    for state in service.read_state():
        words = [
            word
            for word, holds in (
                ("current", state.current),
                ("keys the index", state.keys_index),
                ("may be left out", state.retired),
                ("NOT LOADED", not state.loaded),
            )
            if holds
        ]
        say(f"key {state.key_id}: {state.total} values{', ' if words else ''}{', '.join(words)}")
        for name, count in sorted(state.counts.items()):
            say(f"    {name}: {count}")
