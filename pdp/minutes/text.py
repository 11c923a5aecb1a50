"""The guard at the door of a document: text that no office format can carry is refused here.

Everything else passes through unchanged: markup, formulas and template signs are plain text in a
document and stay literal in the three formats.
"""

import re

# What XML 1.0 (and so DOCX and ODT) cannot hold, even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class IllegalText(ValueError):
    """A text holds a character that a document cannot carry. The message is a French sentence."""


def clean_text(text: str) -> str:
    """Return the text unchanged, or raise `IllegalText` if it holds a control character."""
    found = _ILLEGAL.search(text)
    if found is None:
        return text
    start = max(0, found.start() - 20)
    around = _ILLEGAL.sub("", text[start : found.end() + 20])
    raise IllegalText(
        f"Le texte «\u00a0{around}\u00a0» contient un caractère invisible (U+{ord(found[0]):04X}) "
        "qui ne peut pas figurer dans un procès-verbal. Ressaisissez ce passage."
    )
