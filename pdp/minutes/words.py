"""French wording that only minutes need: counts in words, sentences, runs of rules."""

import re
from collections.abc import Sequence

from pdp.core.french import listing

_NUMBERS = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
)
_RULE_ID = re.compile(r"^(?P<stem>.*\D)(?P<number>\d+)$")


def count(number: int) -> str:
    """Return the number in words up to seize, in digits above."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def sentence(text: str) -> str:
    """Return the text with a full stop, unless it already ends as a sentence does."""
    stripped = text.rstrip()
    return stripped if not stripped or stripped[-1] in ".!?…" else f"{stripped}."


def rule_ids(ids: Sequence[str]) -> str:
    """Return « règles BC-S-01 à BC-S-03 et BC-S-06 »: three or more in a row become a range."""
    if not ids:
        return ""
    words = [word for run in _runs(ids) for word in _name_run(run)]
    return f"règle{'s' if len(ids) > 1 else ''} {listing(words)}"


def _runs(ids: Sequence[str]) -> list[list[str]]:
    runs: list[list[str]] = []
    for rule_id in ids:
        if runs and _follows(runs[-1][-1], rule_id):
            runs[-1].append(rule_id)
        else:
            runs.append([rule_id])
    return runs


def _follows(first: str, second: str) -> bool:
    before, after = _RULE_ID.match(first), _RULE_ID.match(second)
    if before is None or after is None or before["stem"] != after["stem"]:
        return False
    return int(after["number"]) == int(before["number"]) + 1


def _name_run(run: list[str]) -> list[str]:
    return run if len(run) < 3 else [f"{run[0]} à {run[-1]}"]
