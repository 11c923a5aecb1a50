"""Which typed texts may be printed and sent: beside them, words of the body or of private life are told."""

import re

from pdp.core import intimate

# The names of such fields, whatever the page; a correction of an erratum has its number besides.
_PRINTED = re.compile(r"(body|discussion|conditions|reasons?|dissent|resolution|objection|wrong|holds)(_\d+)?")


def is_printed(name: str) -> bool:
    """Tell whether a field of this name holds a text that minutes, letters or opinions may print."""
    return _PRINTED.fullmatch(name) is not None


def told_words(text: object) -> str:
    """Return what a text already typed holds, as a sentence; empty when it holds nothing."""
    return intimate.told(text, intimate.read_lexicon()) if isinstance(text, str) else ""
