"""Read the words back out of the three formats, with nothing of the code that wrote them."""

import io
import re
import zipfile
from typing import Any

import pikepdf

_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def words(name: str, data: bytes) -> str:
    """Return everything that can be read in a file: text, properties and, for archives, every part."""
    return pdf_words(data) if name == "pdf" else archive_words(data)


def archive_words(data: bytes) -> str:
    """Return every part of an office file, tags included: what is hidden in an attribute is found too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def pdf_words(data: bytes) -> str:
    """Return the text of each page, of the properties and of the metadata."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [_page_text(page) for page in pdf.pages]
        properties = [str(value) for value in (pdf.trailer.get("/Info") or {}).values()]
        metadata = pdf.Root.Metadata.read_bytes().decode()
    return "\n".join([*pages, *properties, metadata])


def _page_text(page: pikepdf.Page) -> str:
    fonts = {str(name): _characters(font) for name, font in page.resources.Font.items()}
    text: list[str] = []
    current: dict[str, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            current = fonts[str(operands[0])]
        elif operator == "Tj":
            text.append(_decode(operands[0], current))
        elif operator == "TJ":
            text += [_decode(part, current) for part in operands[0] if isinstance(part, pikepdf.String)]
    return "".join(text)


def _decode(codes: Any, characters: dict[str, str]) -> str:
    raw = bytes(codes).hex().upper()
    return "".join(characters.get(raw[at : at + 4], "") for at in range(0, len(raw), 4))


def _characters(font: Any) -> dict[str, str]:
    """Read the table of a font that gives each glyph its Unicode text."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[str, str] = {}
    for body in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in _PAIR.findall(body):
            found[code.upper()] = bytes.fromhex(text).decode("utf-16-be")
    for body in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in _RANGE.findall(body):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + step:04X}"] = chr(int(text, 16) + step)
    return found
