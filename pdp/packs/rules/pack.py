"""What one recipient takes to a séance: a cover, then a sheet per item that it may read. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pdp.core import french
from pdp.core.french import NBSP
from pdp.minutes.document import Block, Column, Definition, Line, Look, Paragraph, Segment, Table
from pdp.packs.rules.sheet import Sheet

_MORE = (
    "Ce dossier est composé à l’ouverture, selon vos droits du moment. Il vous est personnel{nbsp}: ne le transmettez "
    "à personne, détruisez-le après la séance."
)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of the agenda of the cover. `rank` and `at` are empty for a partner, and for a point without a rank.

    `minutes` is 0 where the length is not the reader's to know: a partner could count the other cases from it.
    """

    title: str
    minutes: int
    reference: str = ""
    whom: str = ""
    rank: int | None = None
    at: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a recipient takes: `begins` and `ends` are those of its own venue, in local time."""

    recipient: str
    organisation: str
    place: str
    held_on: date
    begins: datetime
    ends: datetime
    is_whole: bool
    agenda: tuple[AgendaLine, ...]
    sheets: tuple[Sheet, ...]

    @property
    def title(self) -> str:
        """Return how the file is called."""
        return f"Dossier de séance du {french.day(self.held_on)}"

    @property
    def cover(self) -> tuple[Block, ...]:
        """Return the blocks of the first page."""
        return tuple(self._cover())

    def sheet_of(self, item: str) -> Sheet | None:
        """Return the sheet of an item, by its public id."""
        return next((sheet for sheet in self.sheets if sheet.item == item), None)

    def _cover(self) -> Iterator[Block]:
        hours = f"de {french.hour(self.begins)} à {french.hour(self.ends)}"
        yield _row("Séance", f"{french.capital(french.weekday(self.held_on))}, {self.place}")
        yield _row("Votre venue", f"Toute la séance, {hours}" if self.is_whole else f"Pour vos dossiers, {hours}")
        yield _row("Remis à", f"{self.recipient}, {self.organisation}")
        yield self._table()
        yield Paragraph((Segment(_MORE.format(nbsp=NBSP), look=Look.MUTED),))

    def _table(self) -> Table:
        ranked = (Column("Point", 0.6), Column("Heure", 0.9)) if self.is_whole else ()
        columns = (*ranked, Column("Dossier", 3), Column("Demande", 3), Column("Durée", 0.9, "right"))
        return Table("Ordre du jour", columns, tuple(self._line(line) for line in self.agenda))

    def _line(self, line: AgendaLine) -> tuple[Line, ...]:
        whom = f"{line.reference}, {line.whom}" if line.reference else ""
        length = f"{line.minutes}{NBSP}min" if line.minutes else ""
        cells = (whom, line.title, length)
        if not whom:
            cells = (line.title, "", length)
        first = (str(line.rank or ""), line.at) if self.is_whole else ()
        return tuple((Segment(text),) for text in (*first, *cells))


def _row(term: str, text: str) -> Definition:
    return Definition(term, (Paragraph((Segment(text),)),))
