"""Word and LibreOffice texts: words and pictures, no program, no other file, nothing fetched elsewhere."""

import re
from collections.abc import Mapping
from zipfile import ZipFile, ZipInfo

from pdp.documents.enums import MediaType
from pdp.documents.rules.inspection import archive, xml
from pdp.documents.rules.inspection.refusals import Reason, Unfit
from pdp.documents.rules.inspection.text import carries_markup

_ODT = "application/vnd.oasis.opendocument.text"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = frozenset({"xml", "rels", "rdf"})
_PICTURES: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "emf": (b"\x01\x00\x00\x00",),
    "wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00"),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
}
_MACROS = re.compile(r"(?i)vba|(?:^|/)(?:basic|scripts|macros?)/")
_OBJECTS = re.compile(r"(?i)embeddings?/|activex|oleobject|(?:^|/)object(?:replacements)?[ \d]*/")
# Relations that bring a program, another file or a foreign text into a Word document.
_MACRO_RELATIONS = frozenset({"vbaProject", "wordVbaData", "keyMapCustomizations", "attachedToolbars"})
_FILE_RELATIONS = frozenset({"oleObject", "package", "control", "aFChunk", "activeXControlBinary", "subDocument"})
_LINK = re.compile(r"(?i)\A(?:https?://|mailto:|#)")
_FOREIGN_FIELDS = re.compile(r"(?i)\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|MACROBUTTON|IMPORT|LINK)\b")
_ODT_OBJECTS = frozenset({"object", "object-ole", "plugin", "applet", "floating-frame"})
_ODT_MACROS = frozenset({"event-listener", "library-embedded", "library-linked", "script"})
_ODT_FOREIGN = frozenset({"section-source", "dde-source", "dde-connection-decl", "database-display", "linked-file"})


def kind_of(body: bytes) -> MediaType | None:
    """Return which of the two formats an archive is, None when neither. Raises `Unfit` for a dishonest one."""
    with archive.open_archive(body) as opened:
        names = set(opened.namelist())
        if "[Content_Types].xml" in names and "word/document.xml" in names:
            return MediaType.DOCX
        first = opened.infolist()[0]
        if first.filename != "mimetype" or first.file_size > 100:
            return None
        return MediaType.ODT if b"".join(archive.pieces(opened, first)).decode("latin-1") == _ODT else None


def check_docx(body: bytes) -> bytes:
    """Return the same bytes of a Word text. Raises `Unfit`."""
    with archive.open_archive(body) as opened:
        main: list[str] = []
        fields: list[str] = []

        def see_type(name: str, attributes: Mapping[str, str]) -> None:
            found = attributes.get("ContentType", "")
            if re.search(r"(?i)macro|vba|activex|oleobject", found):
                raise Unfit(Reason.MACROS)
            if found == _DOCX:
                main.append(name)

        for entry in _members(opened):
            if entry.filename == "[Content_Types].xml":
                xml.read(archive.pieces(opened, entry), see_type)
            elif entry.filename.endswith(".rels"):
                xml.read(archive.pieces(opened, entry), _see_relation)
            else:
                xml.read(
                    archive.pieces(opened, entry),
                    lambda name, attributes: _see_word(name, attributes, fields),
                    lambda name, words: fields.append(words) if name == "instrText" else None,
                )
        if not main:
            raise Unfit(Reason.FORMAT)
        if _FOREIGN_FIELDS.search("".join(fields)):
            raise Unfit(Reason.EXTERNAL)
    return body


def check_odt(body: bytes) -> bytes:
    """Return the same bytes of a LibreOffice text. Raises `Unfit`."""
    with archive.open_archive(body) as opened:
        names = {entry.filename for entry in _members(opened)}
        if not {"content.xml", "META-INF/manifest.xml"} <= names:
            raise Unfit(Reason.DAMAGED)
        for entry in _members(opened):
            xml.read(archive.pieces(opened, entry), _see_odf)
    return body


def _members(opened: ZipFile) -> list[ZipInfo]:
    """Return the XML parts; every other member must be a picture of the format it names."""
    parts = []
    for entry in opened.infolist():
        name = entry.filename
        if _MACROS.search(name):
            raise Unfit(Reason.MACROS)
        if _OBJECTS.search(name):
            raise Unfit(Reason.EMBEDDED)
        ending = name.rpartition(".")[2].lower()
        if ending in _XML:
            # LibreOffice leaves some of its settings empty.
            parts += [entry] if entry.file_size else []
        elif not name.endswith("/"):
            _check_other(opened, entry, ending)
    return parts


def _check_other(opened: ZipFile, entry: ZipInfo, ending: str) -> None:
    if entry.filename in {"mimetype", "layout-cache"}:
        return
    if ending not in _PICTURES:
        raise Unfit(Reason.EMBEDDED)
    head = b""
    for number, piece in enumerate(archive.pieces(opened, entry)):
        head = piece if number == 0 else head
    if not head.startswith(_PICTURES[ending]) or carries_markup(head[:4096]):
        raise Unfit(Reason.EMBEDDED)


def _see_relation(name: str, attributes: Mapping[str, str]) -> None:
    if name != "Relationship":
        return
    kind = attributes.get("Type", "").rpartition("/")[2]
    if kind in _MACRO_RELATIONS:
        raise Unfit(Reason.MACROS)
    if kind in _FILE_RELATIONS:
        raise Unfit(Reason.EMBEDDED)
    foreign = attributes.get("TargetMode", "").lower() == "external" or "://" in attributes.get("Target", "")
    if foreign and not (kind == "hyperlink" and _LINK.match(attributes.get("Target", ""))):
        raise Unfit(Reason.EXTERNAL)


def _see_word(name: str, attributes: Mapping[str, str], fields: list[str]) -> None:
    if name in {"altChunk", "control", "OLEObject", "object"}:
        raise Unfit(Reason.EMBEDDED)
    if name == "fldSimple":
        fields.append(f" {attributes.get('instr', '')} ")


def _see_odf(name: str, attributes: Mapping[str, str]) -> None:
    if name in _ODT_MACROS:
        raise Unfit(Reason.MACROS)
    if name in _ODT_OBJECTS:
        raise Unfit(Reason.EMBEDDED)
    if name in _ODT_FOREIGN:
        raise Unfit(Reason.EXTERNAL)
    if name == "encryption-data":
        raise Unfit(Reason.ENCRYPTED)
    target = attributes.get("href", "")
    if name != "a" and re.match(r"(?i)[a-z][a-z0-9+.-]*:|//|\.\./|/", target):
        raise Unfit(Reason.EXTERNAL)
    if name == "a" and target and re.match(r"(?i)(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", target):
        raise Unfit(Reason.EXTERNAL)
