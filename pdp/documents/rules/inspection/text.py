"""Plain text: readable characters only, and nothing that a program would run."""

import re

from pdp.documents.rules.inspection.refusals import Reason, Unfit

_MARKUP = re.compile(
    r"<\s*(?:script|html|head|body|iframe|svg|object|embed|img|\?php|\?xml|!doctype|!entity|hta:|job|meta|link|form)\b"
    r"|javascript\s*:|<%",
    re.IGNORECASE,
)
# First lines that make a text something else: a script, a mail, a web archive, a shortcut, rich text.
_PROGRAMS = re.compile(
    r"\A\s*(?:#!|\{\\rtf|@echo\b|@?rem\s|powershell\b|\[internetshortcut\]|\[autorun\]|function\s*\(|\(function\b"
    r"|on error resume next|sub auto_?open|import\s+os\b|"
    r"(?:mime-version|return-path|received|delivered-to|x-mozilla-status|content-type|message-id)\s*:|begin:v|%!ps)",
    re.IGNORECASE,
)
_LINES = frozenset("\t\n\r\f")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")


def looks_like_text(body: bytes) -> bool:
    """Tell whether there is any hope of reading the bytes as a text."""
    return not _BINARY.search(body[:4096])


def carries_markup(data: bytes) -> bool:
    """Tell whether bytes that are shown to nobody hold what a browser would run."""
    return bool(_MARKUP.search(data.decode("latin-1")))


def check(body: bytes) -> bytes:
    """Return the text in UTF-8. Raises `Unfit`."""
    text = _decoded(body)
    if any(ord(character) < 32 and character not in _LINES for character in text) or _INVISIBLE.search(text):
        raise Unfit(Reason.TEXT)
    if _MARKUP.search(text) or _PROGRAMS.search(text):
        raise Unfit(Reason.MARKUP)
    return text.encode()


def _decoded(body: bytes) -> str:
    """Read UTF-8, else the old Windows encoding of western Europe."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(Reason.TEXT)
