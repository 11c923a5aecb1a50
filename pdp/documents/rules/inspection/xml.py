"""XML parts of an office document, read as a stream: no tree in memory, no definition followed."""

from collections.abc import Callable, Iterable, Mapping
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pdp.documents.rules.inspection.refusals import Reason, Unfit

_DEEPEST, _MOST_ELEMENTS = 200, 2_000_000
See = Callable[[str, Mapping[str, str]], None]
Hear = Callable[[str, str], None]


class _Reader:
    """What the parser talks to: local names only, since each format has its own list of them."""

    def __init__(self, see: See, hear: Hear | None) -> None:
        self._see, self._hear = see, hear
        self._path: list[str] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        self._path.append(local(tag))
        if len(self._path) > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise Unfit(Reason.BOMB)
        self._see(self._path[-1], {local(name): value for name, value in attributes.items()})

    def end(self, _tag: str) -> None:
        self._path.pop()

    def data(self, text: str) -> None:
        if self._hear and self._path:
            self._hear(self._path[-1], text)

    def close(self) -> None:
        return None


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rpartition("}")[2]


def read(pieces: Iterable[bytes], see: See, hear: Hear | None = None) -> None:
    """Show every element, with its attributes, to `see`, and every text to `hear`. Raises `Unfit`."""
    parser = DefusedXMLParser(target=_Reader(see, hear), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except DefusedXmlException:
        raise Unfit(Reason.ENTITIES) from None
    except (ParseError, UnicodeError, LookupError):
        raise Unfit(Reason.DAMAGED) from None
