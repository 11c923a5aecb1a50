"""Typeset a page of the house as a PDF: PDF/A-2a and PDF/UA-1 in one file, the same bytes each time."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from pdp.core.glyphs import printable_text
from pdp.core.resources import data_dir

if TYPE_CHECKING:
    from typst import PDFStandard

_STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]


def typeset(template: str, data: Any, made_at: datetime) -> bytes:
    """Return the PDF of a template of `templates/documents`, made from plain values.

    Texts reach the template as JSON (`sys.inputs.document`), so that none is ever read as markup; a
    character that no shipped font draws is printed as its code.
    """
    root = data_dir("templates") / "documents"
    return typst.compile(
        root / template,
        root=root,
        font_paths=[root / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_printable(data, root / "fonts"), ensure_ascii=False)},
        pdf_standards=_STANDARDS,
        timestamp=made_at,
    )


def _printable(value: Any, fonts: Path) -> Any:
    if isinstance(value, str):
        return printable_text(value, fonts)
    if isinstance(value, list | tuple):
        return [_printable(part, fonts) for part in value]
    if isinstance(value, dict):
        return {name: _printable(part, fonts) for name, part in value.items()}
    return value
