"""The PDF of a pack, or of one sheet: the blocks of the minutes, in the same type.

It is not sealed: it is composed again at each opening, nothing of it is kept, and it proves nothing to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pdp.core import french
from pdp.core.french import NBSP
from pdp.core.typeset import typeset
from pdp.minutes.document import Block
from pdp.minutes.serial import to_plain
from pdp.packs.rules.pack import Pack
from pdp.packs.rules.sheet import Sheet

TEMPLATE = "pack.typ"


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every page says: from whom it is, for whom, when it was made (local time)."""

    cellule: str
    caisse: str
    recipient: str
    made_at: datetime
    fictitious: bool = False

    @property
    def footer(self) -> str:
        """Return whom the page was made for, and when."""
        at = f"le {french.day(self.made_at)} à {french.hour(self.made_at)}"
        return f"Composé pour {self.recipient}, {at}"

    @property
    def notice(self) -> str:
        """Return what to do of the page."""
        fictitious = f"{NBSP}· Données fictives" if self.fictitious else ""
        return f"Document personnel, à détruire après la séance{fictitious}"


def render_pack(pack: Pack, imprint: Imprint) -> bytes:
    """Return the PDF of a pack."""
    return _typeset(f"{pack.title}, {imprint.recipient}", pack.title, imprint, pack.cover, pack.sheets)


def render_sheet(sheet: Sheet, imprint: Imprint) -> bytes:
    """Return the PDF of one sheet: one page."""
    title = f"Fiche de séance, dossier {sheet.reference}"
    return _typeset(title, title, imprint, (), (sheet,))


def _typeset(title: str, heading: str, imprint: Imprint, cover: Sequence[Block], sheets: Sequence[Sheet]) -> bytes:
    # A PDF is dated in whole seconds.
    at = imprint.made_at.replace(microsecond=0)
    data: dict[str, Any] = {
        "title": title,
        "heading": heading,
        "description": f"{imprint.cellule}, {imprint.caisse}",
        "cellule": imprint.cellule,
        "caisse": imprint.caisse,
        "made": {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute},
        "footer": imprint.footer,
        "notice": imprint.notice,
        "confidentiality": "Confidentiel",
        "cover": [to_plain(block) for block in cover],
        "sheets": [to_plain(sheet.point) for sheet in sheets],
    }
    return typeset(TEMPLATE, data, at.astimezone(UTC))
