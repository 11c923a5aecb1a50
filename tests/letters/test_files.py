"""The files of a letter: readable by all, sealed, and the address where an envelope shows it. No database."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pikepdf
import pytest

from pdp.core import seal as seals
from pdp.core.seal import Finding, Seal, verify
from pdp.demo.seals import make
from pdp.letters.render import RENDERERS
from pdp.letters.rules.letter import OWN_REFERENCE, Letter, closing_line

LETTER = Letter(
    cellule="Cellule PDP du Ponant",
    caisse="CPAM du Ponant",
    recipient=("Camille Exemple", "Résidence des Lilas", "12 rue de la Fontaine", "31000 Toulouse"),
    references=((OWN_REFERENCE, "C-2026-004"), ("Dossier", "2026-0042")),
    place_and_date="Le 22 novembre 2026",
    subject="Refus de votre demande (Essai encadré)",
    greeting="Madame, Monsieur,",
    paragraphs=("Un premier paragraphe.", "Deux lignes :\nla première,\nla seconde."),
    closing=closing_line(),
    signed_as="Pour la cellule,",
    signed_by="Nadia Ferrand, coordination de la cellule",
    made_at="2026-11-22T13:00:00+00:00",
)


@pytest.fixture
def seal(tmp_path: Path) -> Iterator[Seal]:
    """The seal of the process, taken off afterwards."""
    file = tmp_path / "seal.p12"
    file.write_bytes(make("Cellule d’essai", "sésame"))
    found = Seal.read(file, "sésame")
    seals.install(found)
    yield found
    seals.install(None)


def test_the_pdf_is_tagged_titled_and_sealed_over_the_same_bytes(seal: Seal) -> None:
    bare, kept = RENDERERS["pdf"].render(LETTER), RENDERERS["pdf"].make(LETTER)
    assert kept.startswith(bare)
    assert verify(kept, [seal.certificate]) is Finding.INTACT
    changed = bytearray(kept)
    changed[len(bare) // 2] ^= 1
    assert verify(bytes(changed), [seal.certificate]) is Finding.ALTERED
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
        # No name in what a task bar shows.
        assert str(pdf.docinfo.Title) == "Courrier C-2026-004"


def test_the_address_stands_in_the_window_of_a_french_envelope() -> None:
    # NF Z 10-011: the window shows what is 100 to 205 mm from the left and 45 to 90 mm from the top of the page.
    millimetres = {(round(left), round(top)) for left, top in text_places(RENDERERS["pdf"].render(LETTER))}
    # Four lines, from their feet: the first one stands some 3 mm under the top of its block.
    in_window = sorted(top for left, top in millimetres if left == 110 and 45 < top < 90)
    assert len(in_window) == 4
    assert 51 <= in_window[0] <= 54
    word = docx.Document(io.BytesIO(RENDERERS["docx"].render(LETTER)))
    address = word.tables[0].rows[1].cells[1]
    assert [paragraph.text for paragraph in address.paragraphs] == list(LETTER.recipient)
    left = word.sections[0].left_margin.mm + word.tables[0].columns[0].width.mm
    top = word.sections[0].top_margin.mm + word.tables[0].rows[0].height.mm
    assert (round(left), round(top)) == (110, 50)


def text_places(body: bytes) -> list[tuple[float, float]]:
    """Return where each text of the first page begins, in millimetres from the left and the top."""
    places, kept, here = [], [], pikepdf.Matrix()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        page = pdf.pages[0]
        height = float(page.mediabox[3])
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "q":
                    kept.append(here)
                case "Q":
                    here = kept.pop()
                case "cm":
                    here = pikepdf.Matrix(*(float(value) for value in operands)) @ here
                case "Tm":
                    found = pikepdf.Matrix(*(float(value) for value in operands)) @ here
                    places.append((found.e / 72 * 25.4, (height - found.f) / 72 * 25.4))
    return places


def test_the_word_file_keeps_lines_paragraphs_and_no_date_of_the_day() -> None:
    body = RENDERERS["docx"].render(LETTER)
    assert body == RENDERERS["docx"].render(LETTER)
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(body)).paragraphs]
    assert "Deux lignes :\nla première,\nla seconde." in texts
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 11, 22)}
        assert re.search(rb"<dc:language>fr-FR", archive.read("docProps/core.xml"))
