"""The seal of a PDF: whole it says so, one bit away it says so too, and it takes no other seal for ours."""

import logging
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pdp.core.seal import FIELD, Finding, Seal, SealError, read_certificates, verify
from pdp.demo import seals
from pdp.minutes.compose import compose
from pdp.minutes.render.pdf import render_pdf
from tests.minutes import example

FLIPS = 600


@pytest.fixture(scope="module")
def body() -> bytes:
    return render_pdf(compose(example.meeting()))


def made(folder: Path, name: str) -> Seal:
    file = folder / f"{name}.p12"
    file.write_bytes(seals.make(name, "sésame"))
    return Seal.read(file, "sésame")


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return made(tmp_path_factory.mktemp("seal"), "Cellule d’essai")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return made(tmp_path_factory.mktemp("other"), "Quelqu’un d’autre")


def test_a_sealed_file_is_intact_for_who_knows_its_certificate_and_begins_with_the_file_given(
    seal: Seal, other: Seal, body: bytes
) -> None:
    sealed = seal.put_on(body)
    assert sealed.startswith(body)
    assert verify(sealed, [other.certificate, seal.certificate]) is Finding.INTACT
    assert verify(sealed, [other.certificate]) is Finding.NOT_OURS
    assert verify(sealed, []) is Finding.NOT_OURS


def test_what_bears_no_seal_of_ours_is_not_ours(seal: Seal, other: Seal, body: bytes) -> None:
    for content in (body, b"", b"PK\x03\x04 un document", other.put_on(body)):
        assert verify(content, [seal.certificate]) is Finding.NOT_OURS


def test_one_bit_away_anywhere_is_found(
    seal: Seal, body: bytes, figure: Callable[[str, object], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    sealed, chance = seal.put_on(body), random.Random(2026)
    start = sealed.index(b"/Contents <", len(body))
    # The place of the signature itself is not signed: it is tried as often as the rest of the file.
    places = [chance.randrange(len(sealed)) for _ in range(FLIPS // 2)]
    places += [chance.randrange(start, len(sealed)) for _ in range(FLIPS // 2)]
    found = []
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1 << chance.randrange(8)
        found.append(verify(bytes(changed), [seal.certificate]))
    assert Finding.INTACT not in found
    assert found.count(Finding.NOT_OURS) <= 5, "only a bit of the seal's own name may hide whose it is"
    figure("seal.flipped", f"{len(found)} files one bit away, 0 called intact")


def test_bytes_added_or_taken_away_are_found(seal: Seal, body: bytes) -> None:
    sealed = seal.put_on(body)
    for changed in (sealed + b"\n", sealed + body, sealed[:-7], sealed.replace(b"%%EOF", b"%%EOE")):
        assert verify(changed, [seal.certificate]) is Finding.ALTERED


def test_another_reader_agrees(seal: Seal, body: bytes, tmp_path: Path) -> None:
    file = tmp_path / "pv.pdf"
    file.write_bytes(seal.put_on(body))
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True).stdout
    assert FIELD in said
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_a_key_that_cannot_be_read_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    file = tmp_path / "seal.p12"
    file.write_bytes(seals.make("Cellule", "sésame"))
    broken = tmp_path / "broken.p12"
    broken.write_bytes(b"rien")
    for path, passphrase in ((file, "autre"), (broken, "sésame"), (tmp_path / "absent", "sésame")):
        with pytest.raises(SealError) as raised:
            Seal.read(path, passphrase)
        assert "sésame" not in str(raised.value)
    with pytest.raises(SealError):
        read_certificates(b"rien")
