"""Read in a séance's resolution whether it approves the minutes of the one before. Pure, and deaf to any doubt."""

import re

from pdp.cases.rules.search import fold

_YES = re.compile(r"(?:(?:le )?proces verbal (?:\w+ ){0,12}?)?(?:approuve|adopte)e?\b")
_DOUBT = re.compile(r"\b(?:pas|non|ni|refus\w*|report\w*|sauf)\b")
_CHANGES = re.compile(r"\b(?:correction|modification|rectification|reserve)s?\b")
_NO_CHANGE = re.compile(r"\bsans (?:\w+ )?(?:correction|modification|rectification|reserve)s?\b")


def approval_in(resolution: str) -> bool | None:
    """Return True when it approves with changes, False as they are, None when it does not plainly approve.

    « Approuvé. », « Le procès-verbal du 3 mars est approuvé avec une correction au point 2. » are plain; anything
    that does not begin so is left to the coordinator.
    """
    text = fold(resolution)
    if not _YES.match(text) or _DOUBT.search(text):
        return None
    return bool(_CHANGES.search(_NO_CHANGE.sub("", text)))
