"""What a log may hold: when, how grave, which request, where in the code. Never a value.

A message of an exception often quotes what it failed on: a name, a number, a whole row. So a log keeps
the kind of each error and the lines of code it crossed, and for the database the code and the
constraint; the words of the error stay out. One event is one line, whatever someone typed.
"""

import logging
import re
import sys
import unicodedata
from datetime import UTC, datetime
from traceback import extract_tb

from pdp.core.trace import request_id

# An address keeps its path, made of opaque ids; what follows « ? » may be anything.
_QUERY = re.compile(r"\?[^\s\"'<>)\]]*")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"\d(?:[ .\u00a0]?\d){9,}")


class ScrubbingFormatter(logging.Formatter):
    """Write an event on one line of printable characters, without any value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        parts = [at, record.levelname, record.name, f"request={request_id.get() or '-'}", _message(record)]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(describe(record.exc_info[1]))
        return one_line(" ".join(parts))


def describe(error: BaseException) -> str:
    """Return the kinds of an error and of its causes, and the last lines of code of each."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append(f"{_kind(current)} at {_place(current)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " <- ".join(told)


def one_line(text: str) -> str:
    """Return a text that cannot pass for another event: line ends, escapes and turns of direction in letters."""
    return "".join(_visible(character) for character in text)


def install(level: int = logging.INFO) -> None:
    """Send every log of the process to standard error, scrubbed; a second call changes nothing."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, ScrubbingFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbingFormatter())
    for plain in [other for other in root.handlers if type(other) is logging.StreamHandler]:
        root.removeHandler(plain)
    root.addHandler(handler)
    root.setLevel(level)
    # The development server would write each address with its query, and each visitor's; the others, every step.
    for talkative in ("werkzeug", "apscheduler", "pikepdf"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = "[message that could not be written]"
    # What a library folds into its message is a traceback with the words of the error.
    text = text.partition("Traceback (most recent call last)")[0]
    return _LONG_NUMBER.sub("[number]", _MAIL.sub("[address]", _QUERY.sub("?[…]", text)))


def _kind(error: BaseException) -> str:
    """Return the class of an error; for the database also its code and the constraint broken."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    code, diagnosis = getattr(error, "sqlstate", None), getattr(error, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    return " ".join(str(part) for part in (name, code, constraint) if part)


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{frame.filename.rpartition('/pdp/')[2]}:{frame.lineno}" for frame in frames) or "-"


def _visible(character: str) -> str:
    if character.isprintable() or character == "\u00a0":
        return character
    hidden = unicodedata.category(character)
    return f"\\u{ord(character):04x}" if hidden[0] in "CZ" and character != " " else character
