"""A sheet holds on one page of A4, whatever is written in the case, and says what it left out."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from pdp.core import clock
from pdp.packs.render import Imprint, render_pack, render_sheet
from pdp.packs.rules.fitting import GOES_ON, PAGE_LINES, cut, first, fit
from pdp.packs.rules.pack import AgendaLine, Pack
from pdp.packs.rules.sheet import LONGEST_QUESTION, compose_sheet
from tests.minutes.extract import pdf_words
from tests.packs.longest import AT, DAY, material

Figure = Callable[[str, object], None]
WORDS = "L’assurée souhaite reprendre un travail à mi-temps chez son employeur actuel. " * 40
LETTERS = {
    "words": WORDS,
    "capitals": WORDS.upper(),
    "wide letters": "WWWWWWW MMMMMM " * 200,
    "no space": "anticonstitutionnellement" * 100,
    "line ends": "Une ligne.\r\n" * 300,
}
COUNTED = "un deux trois quatre cinq six sept huit neuf dix onze"
IMPRINT = Imprint("Cellule d’essai", "CPAM d’essai", "Anne Martin", clock.local(AT))


def pages(body: bytes) -> int:
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return len(pdf.pages)


@pytest.mark.parametrize("kind", LETTERS)
def test_the_longest_sheet_is_one_page(kind: str, figure: Figure) -> None:
    found = material(LETTERS[kind])
    body = render_sheet(compose_sheet(found), IMPRINT)
    assert pages(body) == 1
    text = " ".join(pdf_words(body).split())
    # One part of each kind is on it: nothing fell off the page.
    for term in ("Demande", "Emploi", "Situation", "Éligibilité", "Accords", "Manque encore", "Avis reçus", "rendu"):
        assert term in text, term
    assert "suite dans le" in text
    assert "Composé pour Anne Martin, le 12 mars 2026 à 10 h 30" in text.replace("\u00a0", " ")
    figure("packs.one_page", f"{len(LETTERS)} cases of up to {len(WORDS):,} letters a field, 1 page each")


def test_a_short_case_is_printed_whole() -> None:
    sheet = compose_sheet(material("Une phrase courte.", times=1))
    text = pdf_words(render_sheet(sheet, IMPRINT))
    assert "suite dans le" not in text
    assert sheet.question == "Une phrase courte."


def test_the_question_comes_first_and_is_the_largest() -> None:
    body = render_sheet(compose_sheet(material("Une phrase courte.", times=1)), IMPRINT)
    found = pdf_words(body)
    assert found.index("Une phrase courte.") < found.index("Demande")


def test_a_pack_is_its_cover_and_a_page_per_sheet_and_can_be_read_aloud() -> None:
    sheets = tuple(compose_sheet(material(WORDS)) for _ in range(3))
    agenda = tuple(AgendaLine("Essai encadré", 10, "2026-0042", "Paul Moreau", rank, "9 h") for rank in (1, 2, 3))
    pack = Pack(
        "Anne Martin", "Service médical", "Salle A", DAY, clock.local(AT), clock.local(AT), True, agenda, sheets
    )
    body = render_pack(pack, IMPRINT)
    assert pages(body) == 4
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("fr")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Dossier de séance du 12\u00a0mars 2026, Anne Martin"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("court", 60, "court"),
        (COUNTED, 53, COUNTED),
        (COUNTED, 45, f"un deux trois{GOES_ON}"),
        ("x" * 60, 40, "x" * (40 - len(GOES_ON)) + GOES_ON),
    ],
)  # fmt: skip
def test_a_text_is_cut_at_a_word_and_says_so(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected


def test_the_longest_texts_are_cut_before_the_others() -> None:
    short, long = "Une phrase courte.", "mot " * 2000
    kept, shortened = fit([short, long])
    assert kept == short
    assert shortened.endswith(GOES_ON)
    assert len(shortened) <= 84 * PAGE_LINES


def test_a_list_too_long_counts_what_it_leaves_out() -> None:
    assert first(["a", "b"], 3) == ("a", "b")
    assert first(["a", "b", "c", "d"], 3) == ("a", "b", "2\u00a0autres lignes\u00a0: suite dans le dossier")


def test_a_question_keeps_three_hundred_letters() -> None:
    assert len(compose_sheet(material(WORDS)).question) <= LONGEST_QUESTION
