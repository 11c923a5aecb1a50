"""Hostile files are all refused, in French, without filling the memory; honest ones are all kept."""

import tracemalloc
from collections.abc import Callable

import pytest

from pdp.documents.rules.inspection import Fit, Unfit, inspect
from pdp.documents.rules.inspection.inspect import LARGEST
from tests.documents import files
from tests.documents.corpus import HONEST, HOSTILE, WHY

# Beyond the file itself, whatever it unpacks to.
_MEMORY = 48_000_000


@pytest.mark.parametrize("told", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_that_says_what_to_do(told: str) -> None:
    name, body = HOSTILE[told]()
    with pytest.raises(Unfit) as refused:
        inspect(body[: LARGEST + 1], name)
    assert refused.value.reason.value == WHY[told]
    sentence = refused.value.reason.label
    assert sentence.endswith(".")
    assert any(word in sentence for word in ("recommencez", "Enregistrez", "photographiez")), sentence


@pytest.mark.parametrize("told", HONEST)
def test_an_honest_file_is_kept(told: str) -> None:
    name, body = HONEST[told]()
    kept = inspect(body, name)
    assert kept.body
    assert inspect(kept.body, name) == kept, "what was kept is itself accepted, unchanged"


def test_no_file_fills_the_memory(figure: Callable[[str, object], None]) -> None:
    peak, refused, accepted = 0, 0, 0
    for make in (*HOSTILE.values(), *HONEST.values()):
        name, body = make()
        body = body[: LARGEST + 1]
        tracemalloc.start()
        try:
            accepted += isinstance(inspect(body, name), Fit)
        except Unfit:
            refused += 1
        finally:
            peak = max(peak, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert (refused, accepted) == (len(HOSTILE), len(HONEST))
    assert len(HOSTILE) >= 60
    assert len(HONEST) >= 15
    assert peak < _MEMORY
    memory = f"peak {peak / 1_000_000:.0f} MB of memory"
    kept = f"{accepted} of {len(HONEST)} honest kept"
    figure("documents.hostile", f"{refused} of {len(HOSTILE)} refused, {kept}, {memory}")


def test_a_photo_keeps_which_side_is_up_and_loses_where_it_was_taken() -> None:
    kept = inspect(files.jpeg(files.exif(6, place=b"GPS 48.85, 2.35")), "photo.jpg").body
    assert b"GPS" not in kept
    assert kept == files.jpeg()[:2] + files.exif(6) + files.jpeg()[2:]
    upright = inspect(files.jpeg(files.segment(0xFE, b"Anne, le 3 mars"), tail=b"notes SEFT"), "photo.jpg").body
    assert upright == files.jpeg()


def test_an_image_loses_its_texts_and_a_text_becomes_utf_8() -> None:
    told = files.png(before_end=files.chunk(b"tEXt", b"Author\x00Anne") + files.chunk(b"eXIf", b"GPS"))
    assert inspect(told, "a.png").body == files.png()
    assert inspect("Reçu à l’accueil".encode("cp1252"), "a.txt").body == "Reçu à l’accueil".encode()
