"""The PDF of a document: its plain form, given to the template of the minutes."""

from typing import Any

from pdp.core.typeset import typeset
from pdp.minutes.document import Document
from pdp.minutes.render import wording
from pdp.minutes.serial import content_hash, to_plain


def render_pdf(document: Document) -> bytes:
    """Return the PDF, the same bytes each time."""
    return typeset("minutes.typ", _data(document), wording.composed_utc(document.meta))


def _data(document: Document) -> Any:
    meta = document.meta
    at = meta.composed_at
    return {
        **to_plain(document),
        "full-title": wording.full_title(meta),
        "description": f"{meta.cellule}, {meta.caisse}",
        "composed": {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute},
        "corner": wording.corner(meta),
        "footer": wording.footer(meta),
        "hash": content_hash(document),
    }
