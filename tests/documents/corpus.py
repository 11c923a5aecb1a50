"""The corpus of files that must be refused, and of honest ones that must be kept: all made by code.

None is dangerous: each has the shape of an attack and nothing to run. `HOSTILE` and `HONEST` map a name
that tells the case to a function that returns the name given to the file and its bytes.
"""

# ruff: noqa: E501 - a line per file reads better whole.

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from tests.documents import files as f

Sample = tuple[str, bytes]
HOSTILE: dict[str, Callable[[], Sample]] = {}
# Why each is refused, as a person who knows the attack would say: another reason would be luck.
WHY: dict[str, str] = {}
HONEST: dict[str, Callable[[], Sample]] = {}
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
_ROOT = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _PAGE)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_MZ = b"MZ" + bytes(58) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00" + bytes(200)
_ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
_SCRIPT = b"<html><script>alert(1)</script></html>"
_ZIP = f.zip_of({"a.txt": b"bonjour"})


def hostile(why: str, told: str, name: str, body: bytes | Callable[[], bytes]) -> None:
    """Add a file to refuse."""
    assert told not in HOSTILE, told
    WHY[told] = why
    HOSTILE[told] = lambda: (name, body if isinstance(body, bytes) else body())


def honest(told: str, name: str, body: bytes | Callable[[], bytes]) -> None:
    """Add a file to keep."""
    assert told not in HONEST, told
    HONEST[told] = lambda: (name, body if isinstance(body, bytes) else body())


def _relation(kind: str, target: str, mode: str = "External") -> bytes:
    text = f'<Relationship Id="rIdX" Type="{_REL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f.docx_part("word/_rels/document.xml.rels", "</Relationships>", text)


def _docx_relation(kind: str, target: str, mode: str = "External") -> bytes:
    return f.docx_with({"word/_rels/document.xml.rels": _relation(kind, target, mode)})


def _docx_types(content_type: str) -> bytes:
    text = f'<Override PartName="/word/x.xml" ContentType="{content_type}"/>'
    return f.docx_part("[Content_Types].xml", "</Types>", text)


def _docx_body(xml: str) -> bytes:
    return f.docx_with({"word/document.xml": f.docx_part("word/document.xml", "</w:body>", xml)})


def _field(instruction: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{instruction}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'


def _prolog(part: bytes, definition: str) -> bytes:
    """Put a document type before the root element of an XML part."""
    text = part.decode()
    at = text.index("?>") + 2
    return (text[:at] + definition + text[at:]).encode()


def _document() -> bytes:
    return f.entries_of(f.docx_file())["word/document.xml"]


def _laughs() -> str:
    lines = [f'<!ENTITY l{level} "' + f"&l{level - 1};" * 10 + '">' for level in range(1, 10)]
    return '<!DOCTYPE w [<!ENTITY l0 "ha">' + "".join(lines) + "]>"


def _raw_zip(name: bytes, *, mode: int = 0, flags: int = 0, method: int = 0) -> bytes:
    """Return the Word text with one more entry whose header is written by hand."""
    base = BytesIO(f.docx_file())
    with zipfile.ZipFile(base, "a") as archive:
        info = zipfile.ZipInfo("HERE" + "x" * (len(name) - 4) if len(name) > 4 else "HERE")
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, b"bonjour")
    body = base.getvalue().replace(info.filename.encode(), name.ljust(len(info.filename), b"x"))
    central = body.rfind(b"PK\x01\x02")
    patched = bytearray(body)
    struct.pack_into("<HH", patched, central + 8, flags, method)
    return bytes(patched)


def _overlapping() -> bytes:
    """Return an archive whose table of contents names the same bytes many times over."""
    body = f.docx_file()
    end = body.rfind(b"PK\x05\x06")
    count, _, size, start = struct.unpack("<HHII", body[end + 8 : end + 20])
    table = body[start : start + size]
    name = b"[Content_Types].xml"
    copies = b"".join(table.replace(name, b"[%02dntent_Types].xml" % n) for n in range(20))
    total = count * 21
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, total, total, size * 21, start, 0)
    return body[:start] + table + copies + tail


def _bomb(megabytes: int, name: str = "word/media/image1.png") -> bytes:
    return f.docx_with({name: bytes(megabytes * 1_000_000)})


def _zipped(levels: int) -> bytes:
    body = bytes(100_000)
    for level in range(levels):
        body = f.zip_of({f"{level}.zip": body})
    return body


def _deflated(megabytes: int) -> bytes:
    stream, piece = zlib.compressobj(9), bytes(1_000_000)
    return b"".join(stream.compress(piece) for _ in range(megabytes)) + stream.flush()


def _pdf_stream(data: bytes, words: bytes = b"/Filter /FlateDecode") -> bytes:
    stream = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (words, len(data), data)
    return f.raw_pdf(*_ROOT, stream)


def _launch() -> pikepdf.Dictionary:
    return Dictionary(S=Name.Launch, F="calc.exe")


def _pdf_with_attachment() -> bytes:
    opened = pikepdf.new()
    opened.add_blank_page()
    opened.attachments["note.exe"] = b"bonjour"
    return f.saved(opened)


def _pdf_link(action: pikepdf.Dictionary) -> bytes:
    opened = pikepdf.new()
    page = opened.add_blank_page()
    page.obj.Annots = pikepdf.Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)])
    return f.saved(opened)


def _pdf_of_page(key: str, value: object) -> bytes:
    opened = pikepdf.new()
    opened.add_blank_page().obj[key] = value
    return f.saved(opened)


def _encrypted_pdf(user: str) -> bytes:
    opened = pikepdf.new()
    opened.add_blank_page()
    return f.saved(opened, encryption=pikepdf.Encryption(owner="proprietaire", user=user))


def _hidden_script() -> bytes:
    """Return a PDF whose script stands in a compressed object stream, out of sight of a search."""
    opened = pikepdf.new()
    opened.add_blank_page()
    opened.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=["a", opened.make_indirect(Dictionary(S=Name.JavaScript, JS="1"))])
    )
    return f.saved(opened, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _png_pixels(width: int, height: int) -> bytes:
    return f.png(pixels=bytes(width * height))


def _odt_link(tag: str) -> bytes:
    return f.odt_with({"content.xml": f.odt_content(f"<text:p>{tag}</text:p>")})


# fmt: off
# Polyglots, and what hides behind another format.
hostile("format", "a GIF that is also a script", "image.gif", b"GIF89a=1;alert(1);//" + bytes(20))
hostile("format", "a GIF renamed to PNG", "image.png", b"GIF89a" + bytes(40))
hostile("trailing", "a PDF followed by an archive", "piece.pdf", lambda: f.pdf_file() + _ZIP)
hostile("format", "a PDF after a web page", "piece.pdf", lambda: _SCRIPT + f.pdf_file())
hostile(
    "damaged",
    "a PDF with an archive in its comment",
    "piece.pdf",
    lambda: f.pdf_file()[:9] + b"%" + _ZIP + b"\n" + f.pdf_file()[9:],
)
hostile("trailing", "a PDF followed by a web page", "piece.pdf", lambda: f.pdf_file() + _SCRIPT)
hostile("trailing", "a PNG followed by an archive", "image.png", lambda: f.png() + _ZIP)
hostile("trailing", "a PNG followed by a script", "image.png", lambda: f.png() + _SCRIPT)
hostile("markup", "a JPEG with a web page in its comment", "photo.jpg", f.jpeg(f.segment(0xFE, _SCRIPT)))
hostile("markup", "a JPEG with a script in its EXIF", "photo.jpg", f.jpeg(f.exif(1, place=b"<?php system(1);")))
hostile("markup", "a JPEG with a web page in its first segment", "photo.jpg", f.jpeg(f.segment(0xE0, b"JFIF\x00" + _SCRIPT)))
hostile("trailing", "a JPEG followed by an archive", "photo.jpg", f.jpeg(tail=_ZIP))
hostile("trailing", "a JPEG followed by a program", "photo.jpg", f.jpeg(tail=_MZ))
hostile("trailing", "an archive after a program", "piece.docx", lambda: _MZ + f.docx_file())
hostile("trailing", "a Word text after a web page", "piece.docx", lambda: _SCRIPT + f.docx_file())
hostile("trailing", "a Word text followed by a web page", "piece.docx", lambda: f.docx_file() + _SCRIPT)
hostile(
    "trailing",
    "an archive with a web page as its comment",
    "piece.docx",
    lambda: f.docx_file()[:-2] + struct.pack("<H", len(_SCRIPT)) + _SCRIPT,
)
# Macros and objects.
hostile("macros", "a Word text with a macro part", "piece.docx", lambda: f.docx_with({"word/vbaProject.bin": _OLE}))
hostile(
    "macros",
    "a Word text with macros declared",
    "piece.docx",
    lambda: f.docx_with(
        {"[Content_Types].xml": _docx_types("application/vnd.ms-word.document.macroEnabled.main+xml")}
    ),
)
hostile("format", "a Word text with macros, by its own ending", "piece.docm", lambda: f.docx_with({"word/vbaProject.bin": _OLE}))
hostile("embedded", "a macro under another name", "piece.docx", lambda: f.docx_with({"word/styles2.bin": _OLE}))
hostile("macros", "a macro named by a relation", "piece.docx", lambda: _docx_relation("vbaProject", "x.xml", "Internal"))
hostile("embedded", "a Word text with an OLE object", "piece.docx", lambda: f.docx_with({"word/embeddings/oleObject1.bin": _OLE}))
hostile("embedded", "an OLE object named as a picture", "piece.docx", lambda: f.docx_with({"word/media/image1.png": _OLE}))
hostile(
    "embedded",
    "a Word text with an ActiveX control", "piece.docx", lambda: f.docx_with({"word/activeX/activeX1.xml": b"<a/>"})
)
hostile("embedded", "a Word text with an embedded workbook", "piece.docx", lambda: f.docx_with({"word/embeddings/x.xlsx": _ZIP}))
hostile(
    "embedded",
    "a Word text with a foreign chunk",
    "piece.docx",
    lambda: _docx_body('<w:altChunk xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'),
)
hostile("embedded", "a program among the pictures", "piece.docx", lambda: f.docx_with({"word/media/image1.emf": _MZ}))
hostile("macros", "a LibreOffice text with Basic", "piece.odt", lambda: f.odt_with({"Basic/Standard/Module1.xml": b"<a/>"}))
hostile("macros", "a LibreOffice text with scripts", "piece.odt", lambda: f.odt_with({"Scripts/python/a.py": b"1"}))
hostile(
    "macros",
    "a LibreOffice text that acts when opened",
    "piece.odt",
    lambda: f.odt_with(
        {
            "content.xml": f.odt_content(
                '<office:event-listeners xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"><script:event-listener script:language="ooo:script"/></office:event-listeners>'
            )
        }
    ),
)
hostile("embedded", "a LibreOffice text with an object", "piece.odt", lambda: f.odt_with({"Object 1/content.xml": b"<a/>"}))
hostile("format", "an old Word document", "piece.doc", _OLE)
hostile("format", "an old Word document renamed", "piece.docx", _OLE)
hostile("format", "an old workbook", "piece.xls", _OLE)
# What an office text fetches elsewhere.
hostile(
    "external",
    "a Word text with a template elsewhere",
    "piece.docx",
    lambda: _docx_relation("attachedTemplate", "https://example.org/a.dotm"),
)
hostile(
    "external",
    "a Word text with a picture elsewhere", "piece.docx", lambda: _docx_relation("image", "https://example.org/a.png")
)
hostile(
    "external",
    "a Word text with a picture on a share",
    "piece.docx",
    lambda: _docx_relation("image", "file://serveur/a.png", "Internal"),
)
hostile("embedded", "a Word text with a linked object", "piece.docx", lambda: _docx_relation("oleObject", "file:///c:/a.xls"))
hostile(
    "external",
    "a Word text with a link that is a script",
    "piece.docx",
    lambda: _docx_relation("hyperlink", "javascript:alert(1)"),
)
hostile("external", "a Word text that asks another program", "piece.docx", lambda: _docx_body(_field("DDEAUTO c:\\\\a.exe b")))
hostile(
    "external",
    "a Word text that includes another", "piece.docx", lambda: _docx_body(_field("INCLUDETEXT \\\\\\\\serveur\\\\a"))
)
hostile(
    "external",
    "a LibreOffice text with a picture elsewhere",
    "piece.odt",
    lambda: _odt_link(
        '<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://example.org/a.png"/></draw:frame>'
    ),
)
hostile(
    "external",
    "a LibreOffice text with a macro link",
    "piece.odt",
    lambda: _odt_link(
        '<text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="vnd.sun.star.script:a">x</text:a>'
    ),
)
hostile(
    "external",
    "a LibreOffice text with a section elsewhere",
    "piece.odt",
    lambda: f.odt_with(
        {
            "content.xml": f.odt_content(
                '<text:section text:name="a"><text:section-source xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.odt"/></text:section>'
            )
        }
    ),
)
# Bombs.
hostile("bomb", "a Word text that unpacks a thousandfold", "piece.docx", lambda: _bomb(50))
hostile("bomb", "a Word text that announces too much", "piece.docx", lambda: _bomb(70, "word/media/image1.gif"))
hostile("format", "archives in archives", "piece.zip", lambda: _zipped(6))
hostile("embedded", "an archive inside a Word text", "piece.docx", lambda: f.docx_with({"word/media/image1.jpg": _zipped(3)}))
hostile(
    "bomb",
    "a Word text of very many entries",
    "piece.docx",
    lambda: f.docx_with({f"word/p{n}.xml": b"<a/>" for n in range(1100)}),
)
hostile("damaged", "entries that share their bytes", "piece.docx", _overlapping)
hostile(
    "bomb",
    "a part nested beyond reason", "piece.docx", lambda: f.docx_with({"word/deep.xml": b"<a>" * 5000 + b"</a>" * 5000})
)
hostile("entities", "a billion laughs", "piece.docx", lambda: f.docx_with({"word/document.xml": _prolog(_document(), _laughs())}))
hostile("image_size", "a PNG that announces 50,000 × 50,000", "image.png", f.png(50_000, 50_000, pixels=b"\x00"))
hostile("bomb", "a PNG of more pixels than it announces", "image.png", lambda: _png_pixels(4000, 4000))
hostile("image_size", "a JPEG that announces 65,000 × 65,000", "photo.jpg", f.jpeg(width=65_000, height=65_000))
hostile("bomb", "a PDF whose stream inflates to 300 MB", "piece.pdf", lambda: _pdf_stream(_deflated(300)))
hostile(
    "bomb",
    "a PDF whose object table inflates to 60 MB",
    "piece.pdf",
    lambda: _pdf_stream(_deflated(60), b"/Type /ObjStm /N 1 /First 9 /Filter /FlateDecode"),
)
hostile(
    "bomb",
    "a PDF deflated twice",
    "piece.pdf",
    lambda: _pdf_stream(zlib.compress(_deflated(20)), b"/Filter [/FlateDecode /FlateDecode]"),
)
# PDF that act.
hostile(
    "active",
    "a PDF that runs a script when opened",
    "piece.pdf",
    lambda: f.pdf_with(OpenAction=Dictionary(S=Name.JavaScript, JS="app.alert(1)")),
)
hostile("active", "a PDF with a script out of sight", "piece.pdf", _hidden_script)
hostile("active", "a PDF that starts a program", "piece.pdf", lambda: f.pdf_with(OpenAction=_launch()))
hostile("active", "a PDF that starts a program on a click", "piece.pdf", lambda: _pdf_link(_launch()))
hostile("active", "a PDF that opens another file", "piece.pdf", lambda: _pdf_link(Dictionary(S=Name.GoToR, F="a.pdf", D="x")))
hostile(
    "active",
    "a PDF that acts when a page is shown",
    "piece.pdf",
    lambda: _pdf_of_page("/AA", Dictionary(O=Dictionary(S=Name.URI, URI="http://example.org"))),
)
hostile("embedded", "a PDF with a file inside", "piece.pdf", _pdf_with_attachment)
hostile(
    "active",
    "a PDF with a film",
    "piece.pdf",
    lambda: _pdf_of_page("/Annots", pikepdf.Array([Dictionary(Type=Name.Annot, Subtype=Name.Movie)])),
)
hostile("active", "a PDF with a dynamic form", "piece.pdf", lambda: f.pdf_with(AcroForm=Dictionary(XFA="<xdp/>")))
hostile(
    "active",
    "a PDF that sends its form", "piece.pdf", lambda: _pdf_link(Dictionary(S=Name.SubmitForm, F="http://example.org"))
)
hostile("encrypted", "a PDF with a password", "piece.pdf", lambda: _encrypted_pdf("motdepasse"))
hostile("encrypted", "a PDF that forbids reading by programs", "piece.pdf", lambda: _encrypted_pdf(""))
hostile("damaged", "a PDF cut in the middle", "piece.pdf", lambda: f.pdf_file()[: len(f.pdf_file()) // 2])
hostile("damaged", "a PDF whose table lies", "piece.pdf", lambda: f.raw_pdf(*_ROOT).replace(b"startxref\n", b"startxref\n9"))
hostile("damaged", "a PDF without a page", "piece.pdf", f.raw_pdf(_ROOT[0], b"<< /Type /Pages /Kids [] /Count 0 >>"))
# XML that fetches.
hostile(
    "entities",
    "a Word text that reads a file of the server",
    "piece.docx",
    lambda: f.docx_with(
        {"word/document.xml": _prolog(_document(), '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')}
    ),
)
hostile(
    "entities",
    "a Word text with a definition elsewhere",
    "piece.docx",
    lambda: f.docx_with({"word/document.xml": _prolog(_document(), '<!DOCTYPE w SYSTEM "http://example.org/a.dtd">')}),
)
hostile(
    "entities",
    "a LibreOffice text with a definition",
    "piece.odt",
    lambda: f.odt_with({"meta.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
)
# Archives with treacherous paths.
hostile("damaged", "an entry that climbs out", "piece.docx", lambda: _raw_zip(b"../../../etc/cron.xml"))
hostile("damaged", "an entry with an absolute path", "piece.docx", lambda: _raw_zip(b"/etc/passwd.xml"))
hostile("damaged", "an entry with a Windows path", "piece.docx", lambda: _raw_zip(b"c:\\windows\\a.xml"))
hostile("embedded", "an entry that is a link", "piece.docx", lambda: _raw_zip(b"word/link.xml", mode=0o120777))
hostile("damaged", "an entry whose name is cut by a zero", "piece.docx", lambda: _raw_zip(b"word/a.xml\x00.exe"))
hostile("encrypted", "an encrypted entry", "piece.docx", lambda: _raw_zip(b"word/a.xml", flags=1))
hostile("damaged", "an entry packed another way", "piece.docx", lambda: _raw_zip(b"word/a.xml", method=99))
hostile("damaged", "two entries of one name", "piece.docx", lambda: _raw_zip(b"word/document.xml"))
# Formats that are not accepted, or are not what they say.
hostile("format", "a drawing in SVG", "image.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
hostile("markup", "an SVG renamed to text", "image.txt", b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>')
hostile("format", "a web page", "page.html", _SCRIPT)
hostile("markup", "a web page renamed to text", "page.txt", b"Bonjour\n" + _SCRIPT)
hostile("ending", "a web page renamed to PDF", "page.pdf", _SCRIPT)
hostile("format", "a web archive", "page.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n")
hostile("markup", "a web archive renamed to text", "page.txt", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n")
hostile("markup", "a mail renamed to text", "mail.txt", b"Received: from a\nSubject: b\n\nc")
hostile("format", "rich text", "piece.rtf", b"{\\rtf1\\ansi bonjour}")
hostile("markup", "rich text renamed to text", "piece.txt", b"{\\rtf1\\ansi{\\object\\objdata 0}}")
hostile("format", "a shortcut", "piece.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60))
hostile("markup", "an internet shortcut renamed to text", "piece.txt", b"[InternetShortcut]\nURL=http://example.org")
hostile("format", "a Windows program", "piece.exe", _MZ)
hostile("format", "a Windows program renamed to PDF", "piece.pdf", _MZ)
hostile("name", "a Linux program", "piece", _ELF)
hostile("markup", "a batch of commands renamed to text", "piece.txt", b"@echo off\r\ndel a\r\n")
hostile("markup", "a shell script renamed to text", "piece.txt", b"#!/bin/sh\nls\n")
hostile("markup", "an HTML application renamed to text", "piece.txt", b"<HTA:APPLICATION id='a'><SCRIPT>b</SCRIPT>")
hostile(
    "format",
    "a Java archive", "piece.jar", f.zip_of({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})
)
hostile("format", "a Java archive renamed to Word", "piece.docx", f.zip_of({"META-INF/MANIFEST.MF": b"Main-Class: A"}))
hostile("format", "a WebAssembly module", "piece.wasm", b"\x00asm\x01\x00\x00\x00")
hostile(
    "format",
    "a spreadsheet renamed to Word",
    "piece.docx",
    f.zip_of({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}),
)
hostile("format", "an old archive format", "piece.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40))
hostile("ending", "a PNG renamed to PDF", "piece.pdf", f.png())
hostile("ending", "a PDF renamed to PNG", "image.png", lambda: f.pdf_file())
hostile("ending", "a Word text renamed to LibreOffice", "piece.odt", lambda: f.docx_file())
hostile("ending", "a program by its second ending", "avis.exe.pdf", lambda: f.pdf_file())
hostile("format", "a program by its last ending", "avis.pdf.exe", lambda: f.pdf_file())
hostile("damaged", "a PNG with a wrong checksum", "image.png", lambda: f.png()[:-1] + b"\x00")
hostile("damaged", "a JPEG cut in the middle", "photo.jpg", lambda: f.jpeg()[:-6])
# Sizes, names, texts.
hostile("empty", "an empty file", "piece.pdf", b"")
hostile("too_large", "a file of 30 MB", "piece.pdf", lambda: b"%PDF-1.7\n" + bytes(30_000_000))
hostile("name", "a name with a zero in it", "piece.pdf\x00.exe", lambda: f.pdf_file())
hostile("name", "a name written from right to left", "piece\u202efdp.exe", _MZ)
hostile("name", "an honest file under a reversed name", "piece\u202efdp.pdf", lambda: f.pdf_file())
hostile("name", "a very long name", "a" * 5000 + ".pdf", lambda: f.pdf_file())
hostile("name", "a name with a path", "../../etc/passwd.pdf", lambda: f.pdf_file())
hostile("name", "a name with a Windows path", "C:\\a\\piece.pdf", lambda: f.pdf_file())
hostile("name", "a name without an ending", "piece", lambda: f.pdf_file())
hostile("name", "a name that is only an ending", ".pdf", lambda: f.pdf_file())
hostile("format", "a text in UTF-16 with a script", "piece.txt", "<script>alert(1)</script>".encode("utf-16"))
hostile("format", "a text with zeros", "piece.txt", b"bonjour\x00\x00")
hostile("format", "a text with terminal commands", "piece.txt", b"bonjour \x1b[2J\x1b]0;a\x07")
hostile("text", "a text that turns around", "piece.txt", "bonjour \u202eruojnob".encode())

# Honest files.
honest("a PDF made by typst", "avis.pdf", f.pdf_file)
honest("a PDF with a capital ending", "AVIS.PDF", f.pdf_file)
honest("a name with dots, accents and spaces", "Avis du Dr. Marchand – été 2026.v2.pdf", f.pdf_file)
honest("a blank page", "page.pdf", f.pdf_with)
honest(
    "a PDF with its objects compressed",
    "page.pdf",
    lambda: f.saved(pikepdf.open(BytesIO(f.pdf_file())), object_stream_mode=pikepdf.ObjectStreamMode.generate),
)
honest("a linearised PDF", "page.pdf", lambda: f.saved(pikepdf.open(BytesIO(f.pdf_file())), linearize=True))
honest("a PDF that opens at its first page", "page.pdf", lambda: f.pdf_with(OpenAction=pikepdf.Array([0, Name.Fit])))
honest(
    "a PDF with a form to fill", "formulaire.pdf", lambda: f.pdf_with(AcroForm=Dictionary(Fields=pikepdf.Array([])))
)
honest(
    "a PDF with a link to a site", "page.pdf", lambda: _pdf_link(Dictionary(S=Name.URI, URI="https://www.ameli.fr"))
)
honest("a PDF written by hand", "page.pdf", f.raw_pdf(*_ROOT))
honest("a scan in grey", "scan.png", lambda: f.png(600, 800))
honest("a PNG with its date and place", "photo.png", f.png(before_end=f.chunk(b"tEXt", b"Location\x0048.85,2.35")))
honest("a photo", "IMG_2026.jpg", f.jpeg())
honest("a photo of a phone held upright", "IMG_2027.jpeg", f.jpeg(f.exif(6, place=b"GPS 48.85")))
honest("a photo with what a phone leaves after it", "IMG_2028.jpg", f.jpeg(tail=b"notes of the phone SEFT"))
honest("a Word text", "convention.docx", f.docx_file)
honest(
    "a Word text with a picture and a link",
    "convention.docx",
    lambda: f.docx_with(
        {
            "word/media/image1.png": f.png(),
            "word/_rels/document.xml.rels": _relation("hyperlink", "https://www.ameli.fr"),
        }
    ),
)
honest("a LibreOffice text", "attestation.odt", f.odt_file)
honest(
    "a LibreOffice text with a link",
    "attestation.odt",
    lambda: _odt_link(
        '<text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="https://www.ameli.fr">ameli</text:a>'
    ),
)
honest("a text", "note.txt", "Bonjour,\nl’essai commence le 3 mars.\n".encode())
honest("a text with a signature of bytes", "note.txt", "\ufeffÉté 2026".encode())
honest("an old Windows text", "note.txt", "Reçu le 1er juin à l’accueil".encode("cp1252"))
honest("a text with < and &", "note.txt", b"moins de 5 < 10 & plus de 3 > 1")
