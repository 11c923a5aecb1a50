"""Small files made by code: honest ones by the libraries that people's own programs resemble, others by hand."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

import docx
import pikepdf
import typst
from odfdo import Document as Odf
from odfdo import Paragraph

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 4, height: int = 4, *, before_end: bytes = b"", pixels: bytes | None = None) -> bytes:
    """Return a grey PNG; `pixels` replaces the rows that the header announces."""
    rows = pixels if pixels is not None else b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    image = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
    return SIGNATURE + image + before_end + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """Return a JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*extra: bytes, width: int = 8, height: int = 8, tail: bytes = b"") -> bytes:
    """Return a baseline grey JPEG of one block, with extra segments after its first one."""
    quantisation = segment(0xDB, b"\x00" + b"\x01" * 64)
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    dc = segment(0xC4, b"\x00" + bytes([0, 1] + [0] * 14) + b"\x00")
    ac = segment(0xC4, b"\x10" + bytes([0, 1] + [0] * 14) + b"\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    return start + b"".join(extra) + quantisation + frame + dc + ac + scan + b"\xff\xd9" + tail


def exif(orientation: int, *, place: bytes = b"") -> bytes:
    """Return an EXIF segment that says which side is up, and anything else after it."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">H", 1) + entry + b"\x00" * 4 + place
    return segment(0xE1, b"Exif\x00\x00" + tiff)


def zip_of(entries: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return an archive of these entries, in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def entries_of(body: bytes) -> dict[str, bytes]:
    """Return what an archive holds."""
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@lru_cache(maxsize=1)
def docx_file() -> bytes:
    """Return a Word text as python-docx writes it, with a heading and a table."""
    document = docx.Document()
    document.add_heading("Convention d’essai encadré", 1)
    document.add_paragraph("Entre l’entreprise d’accueil, l’assuré et la caisse.")
    document.add_table(rows=2, cols=2).cell(0, 0).text = "Dates"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def odt_file() -> bytes:
    """Return a LibreOffice text as odfdo writes it."""
    document = Odf("text")
    document.body.append(Paragraph("Attestation de présence."))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with(changes: Mapping[str, bytes | None]) -> bytes:
    """Return the Word text with entries added, replaced, or left out (None)."""
    return zip_of(_changed(docx_file(), changes))


def odt_with(changes: Mapping[str, bytes | None]) -> bytes:
    """Return the LibreOffice text with entries added, replaced, or left out (None)."""
    return zip_of(_changed(odt_file(), changes), stored=("mimetype",))


def _changed(body: bytes, changes: Mapping[str, bytes | None]) -> dict[str, bytes]:
    merged = {**entries_of(body), **changes}
    return {name: content for name, content in merged.items() if content is not None}


def docx_part(name: str, before: str, after: str) -> bytes:
    """Return a part of the Word text with a text inserted before another one."""
    text = entries_of(docx_file())[name].decode()
    assert before in text, f"{before} is not in {name}"
    return text.replace(before, after + before, 1).encode()


def odt_content(after: str, *, before: str = "</office:text>") -> bytes:
    """Return the content of the LibreOffice text with something inserted."""
    text = entries_of(odt_file())["content.xml"].decode()
    assert before in text, f"{before} is not in content.xml"
    return text.replace(before, after + before, 1).encode()


@lru_cache(maxsize=1)
def pdf_file() -> bytes:
    """Return a PDF as typst writes it."""
    return bytes(typst.compile(b"= Avis\nLe poste peut etre amenage."))


def pdf_with(**root: object) -> bytes:
    """Return a PDF of one blank page whose catalogue holds these entries."""
    opened = pikepdf.new()
    opened.add_blank_page(page_size=(200, 200))
    for name, value in root.items():
        opened.Root[f"/{name}"] = opened.make_indirect(value) if isinstance(value, pikepdf.Dictionary) else value
    return saved(opened)


def saved(opened: pikepdf.Pdf, **options: object) -> bytes:
    """Return the bytes of a PDF."""
    out = BytesIO()
    opened.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """Return a PDF written by hand: its objects in order, a plain table, a trailer."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
