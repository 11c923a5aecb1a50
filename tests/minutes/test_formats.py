"""The three files are sound: tagged, titled, repeatable, and deaf to whatever is typed in them."""

import io
import zipfile
from dataclasses import replace
from html import unescape

import docx
import pikepdf
import pytest

from pdp.core.glyphs import covered_characters, printable_text
from pdp.core.resources import data_dir
from pdp.minutes.compose import compose
from pdp.minutes.document import Document
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import content_hash
from tests.minutes import example
from tests.minutes.extract import pdf_words, words

FORMATS = ("pdf", "docx", "odt")
HOSTILE = '& <script>alert(1)</script> #let x = 1 {{ 7*7 }} =HYPERLINK("http://x") *gras* $x$ @ref "droit"'
FONTS = data_dir("templates") / "documents" / "fonts"
TITLE = "Procès-verbal n°\u00a02026-03, séance du 12\u00a0mars 2026, version complète"


def rendered(name: str, document: Document | None = None) -> bytes:
    return RENDERERS[name].render(document or compose(example.meeting()))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_document_gives_the_same_bytes(name: str) -> None:
    assert rendered(name) == rendered(name)


@pytest.mark.parametrize("name", FORMATS)
def test_each_file_prints_its_title_number_date_and_fingerprint(name: str) -> None:
    document = compose(example.meeting())
    text = words(name, rendered(name, document))
    for expected in (
        "Procès-verbal de la séance",
        "N°\u00a02026-03" if name != "pdf" else "N° 2026-03",
        "version complète, composé le 13\u00a0mars 2026 à 9\u00a0h\u00a012",
        content_hash(document),
        "Confidentiel",
        "Données fictives",
        "Hélène Caron",
    ):
        assert expected.replace("\u00a0", " ") in text.replace("\u00a0", " "), expected


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_stays_literal(name: str) -> None:
    item = replace(example.paul(), discussion=HOSTILE, question=HOSTILE, person_name=HOSTILE)
    text = words(name, rendered(name, compose(example.meeting(item))))
    assert unescape(text).count(HOSTILE) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_several_lines_and_spaces_survive(name: str) -> None:
    item = replace(example.paul(), discussion="première ligne\r\nseconde  ligne\n\ttroisième")
    text = words(name, rendered(name, compose(example.meeting(item))))
    for expected in ("première ligne", "seconde", "troisième"):
        assert expected in text


@pytest.mark.parametrize("name", FORMATS)
def test_forty_items_of_eight_votes_are_all_there(name: str) -> None:
    votes = example.paul().votes + example.paul().votes[:2]
    items = tuple(
        replace(example.paul(), position=number, case_reference=f"REF{number:03}", case_id=str(number), votes=votes)
        for number in range(2, 42)
    )
    text = words(name, rendered(name, compose(example.meeting(*items))))
    assert [number for number in range(2, 42) if f"REF{number:03}" not in text] == []


def test_an_item_longer_than_a_page_loses_nothing() -> None:
    long_talk = " ".join(f"mot{number:04}" for number in range(3000))
    item = replace(example.paul(), discussion=long_talk)
    text = pdf_words(rendered("pdf", compose(example.meeting(item))))
    assert [number for number in range(3000) if f"mot{number:04}" not in text] == []
    assert "Avis favorable sous réserve" in text


def test_the_pdf_is_tagged_titled_and_says_which_standards_it_follows() -> None:
    with pikepdf.open(io.BytesIO(rendered("pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) in {"fr", "fr-FR"}
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == TITLE
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["xmp:CreateDate"].startswith("2026-03-13T")


def test_the_pdf_marks_headings_and_table_headers() -> None:
    with pikepdf.open(io.BytesIO(rendered("pdf"))) as pdf:
        kinds = [str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 6
    assert kinds.count("/TH") == 4
    assert kinds.count("/Table") == 1


def test_every_font_of_the_pdf_is_embedded() -> None:
    with pikepdf.open(io.BytesIO(rendered("pdf"))) as pdf:
        described = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert described
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()) for item in described)


def test_a_character_without_a_glyph_is_printed_as_its_code() -> None:
    assert printable_text("≥ → \u202f\u2011 é", FONTS) == "≥ → \u202f\u2011 é"
    assert printable_text("中 \ue000 \x80 \ufeff.", FONTS) == "[U+4E2D] [U+E000] [U+0080] ."


def test_the_fonts_cover_french_and_the_signs_of_the_field() -> None:
    needed = "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÖÙÛÜŒÆ«»’…–—€°≥≤→\u00a0\u202f\u2011"
    assert [sign for sign in needed if ord(sign) not in covered_characters(FONTS)] == []


def test_strange_characters_do_not_stop_the_pdf() -> None:
    strange = "中文 👩\u200d⚕️ 🇫🇷 e\u0301 שלום \ue000 \U000f0000 \u202e \x7f \x80 \ufeff"
    item = replace(example.paul(), discussion=strange)
    assert "[U+4E2D][U+6587]" in pdf_words(rendered("pdf", compose(example.meeting(item))))


def test_the_word_document_has_its_properties_language_and_structure() -> None:
    word = docx.Document(io.BytesIO(rendered("docx")))
    core = word.core_properties
    assert (core.title, core.language, core.author) == (TITLE, "fr-FR", "Cellule PDP de l’Assurance Maladie")
    assert [paragraph.style.name for paragraph in word.paragraphs if paragraph.style.name == "Title"] == ["Title"]
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert [heading.split(".")[0] for heading in headings] == ["Présences", "1", "2", "3", "4", "Clôture"]
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (210, 17)
    parts = zipfile.ZipFile(io.BytesIO(rendered("docx")))
    body = parts.read("word/document.xml").decode()
    assert body.count("w:tblHeader") == 1
    assert not [name for name in parts.namelist() if "thumbnail" in name]
    footers = "".join(parts.read(name).decode() for name in parts.namelist() if "footer" in name)
    assert " PAGE " in footers
    assert " NUMPAGES " in footers


def test_the_open_document_has_its_properties_and_no_leftover_of_a_template() -> None:
    parts = zipfile.ZipFile(io.BytesIO(rendered("odt")))
    assert parts.infolist()[0].filename == "mimetype"
    assert parts.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert sorted(parts.namelist()) == [
        "META-INF/manifest.xml",
        "content.xml",
        "meta.xml",
        "mimetype",
        "settings.xml",
        "styles.xml",
    ]
    meta, styles = parts.read("meta.xml").decode(), parts.read("styles.xml").decode()
    assert f"<dc:title>{TITLE}</dc:title>" in meta
    assert "<dc:language>fr-FR</dc:language>" in meta
    assert "<meta:creation-date>2026-03-13T09:12:00</meta:creation-date>" in meta
    assert 'fo:language="fr"' in styles
    assert "text:page-number" in styles
    assert "outline-style" not in styles
    assert parts.read("content.xml").decode().count("<text:h ") == 6
