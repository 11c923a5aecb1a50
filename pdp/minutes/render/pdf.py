"""The PDF of a document: PDF/A-2a and PDF/UA-1 in one file, the same bytes each time."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from pdp.core.resources import data_dir
from pdp.minutes.document import Document
from pdp.minutes.render import wording
from pdp.minutes.render.glyphs import printable_text
from pdp.minutes.serial import content_hash, to_plain

if TYPE_CHECKING:
    from typst import PDFStandard

_STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]


def render_pdf(document: Document) -> bytes:
    """Return the PDF. Texts reach the template as JSON, so that none is ever read as markup."""
    root = data_dir("templates") / "documents"
    return typst.compile(
        root / "minutes.typ",
        root=root,
        font_paths=[root / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_data(document, root / "fonts"), ensure_ascii=False)},
        pdf_standards=_STANDARDS,
        timestamp=wording.composed_utc(document.meta),
    )


def _data(document: Document, fonts: Path) -> Any:
    meta = document.meta
    at = meta.composed_at
    data = {
        **to_plain(document),
        "full-title": wording.full_title(meta),
        "description": f"{meta.cellule}, {meta.caisse}",
        "composed": {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute},
        "corner": wording.corner(meta),
        "footer": wording.footer(meta),
        "hash": content_hash(document),
    }
    return _printable(data, fonts)


def _printable(value: Any, fonts: Path) -> Any:
    if isinstance(value, str):
        return printable_text(value, fonts)
    if isinstance(value, list):
        return [_printable(part, fonts) for part in value]
    if isinstance(value, dict):
        return {name: _printable(part, fonts) for name, part in value.items()}
    return value
