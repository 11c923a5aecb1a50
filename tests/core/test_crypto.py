"""Encrypted columns: nothing readable at rest, nothing movable, nothing without the key."""

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import text

from pdp.accounts.models import User
from pdp.cases.models import CaseNote, InsuredPerson
from pdp.core import clock, crypto
from pdp.core.crypto import Keyring, KeyUnavailable, Place, Tampered
from pdp.core.db import Database
from pdp.core.sealed import EncryptedText
from pdp.policy.labels import Label
from tests.support.databases import as_owner
from tests.support.world import World

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
HERE = Place("case_note.text", 1, "note-un")
NIR = "255081416802538"


@pytest.fixture(autouse=True)
def _keys() -> None:
    crypto.load(Keyring({1: ONE}, 1))


def test_the_same_text_is_never_stored_twice_alike() -> None:
    first, second = crypto.encrypt("284127510207", HERE), crypto.encrypt("284127510207", HERE)
    assert first != second
    assert crypto.decrypt(first, HERE) == crypto.decrypt(second, HERE) == "284127510207"


def test_a_value_opens_in_its_own_cell_and_in_no_other(figure: Callable[[str, object], None]) -> None:
    places = [
        Place(column, cellule, row)
        for column, cellule, row in product(
            ("case_note.text", "insured_person.nir", "case_note.tex"), (1, 2, 11), ("un", "deux", "1\x1fun")
        )
    ]
    refused = 0
    for source, target in product(places, places):
        stored = crypto.encrypt("secret", source)
        if source == target:
            assert crypto.decrypt(stored, target) == "secret"
            continue
        with pytest.raises(Tampered):
            crypto.decrypt(stored, target)
        refused += 1
    altered = [*_flipped(crypto.encrypt("secret", HERE)), *_cut(crypto.encrypt("secret", HERE))]
    for stored in altered:
        with pytest.raises((Tampered, KeyUnavailable)):
            crypto.decrypt(stored, HERE)
    assert refused == 27 * 26
    figure("crypto.pasted", f"{refused} swaps and {len(altered)} bit flips and cuts, all refused")


def _flipped(stored: bytes) -> list[bytes]:
    return [
        stored[:place] + bytes([stored[place] ^ (1 << bit)]) + stored[place + 1 :]
        for place, bit in product(range(len(stored)), range(8))
    ]


def _cut(stored: bytes) -> list[bytes]:
    return [stored[:length] for length in range(len(stored))] + [stored[1:], stored + b"\x00"]


def test_an_older_key_still_reads_after_a_new_one_writes() -> None:
    before = crypto.encrypt("secret", HERE)
    crypto.load(Keyring({1: ONE, 2: TWO}, 2))
    assert crypto.decrypt(before, HERE) == "secret"
    assert crypto.encrypt("secret", HERE)[:2] == b"\x02\x02"


def test_a_value_of_the_first_layout_is_still_read() -> None:
    stored = _first_layout("Ancienne note", "case_note.text")
    assert crypto.decrypt(stored, HERE) == "Ancienne note"
    with pytest.raises(Tampered):
        crypto.decrypt(stored, Place("insured_person.nir", 1, "note-un"))


def _first_layout(plain: str, column: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = b"\x07" * 12
    key = crypto.ring().derive(1, "column")
    return b"\x01\x01" + nonce + AESGCM(key).encrypt(nonce, plain.encode(), column.encode())


def test_a_missing_or_short_key_is_refused() -> None:
    stored = crypto.encrypt("secret", HERE)
    crypto.load(Keyring({2: TWO}, 2))
    with pytest.raises(KeyUnavailable):
        crypto.decrypt(stored, HERE)
    with pytest.raises(KeyUnavailable):
        crypto.load(Keyring({1: b"short"}, 1))


def test_the_blind_index_finds_without_revealing_and_outlives_a_new_key() -> None:
    index = crypto.blind_index("284127510207", "insured_person.nir")
    assert index != crypto.blind_index("284127510207", "another.column")
    assert "284127" not in index
    crypto.load(Keyring({1: ONE, 2: TWO}, 2))
    assert crypto.blind_index("284127510207", "insured_person.nir") == index
    crypto.load(Keyring({1: ONE, 2: TWO}, 2, index=2))
    assert crypto.blind_index("284127510207", "insured_person.nir") != index


def test_a_row_writes_sealed_and_reads_plain(database: Database, world: World) -> None:
    with as_owner() as session:
        person = session.query(InsuredPerson).order_by(InsuredPerson.id).first()
        assert person is not None
        person.nir = NIR
        session.flush()
        raw = bytes(session.execute(text("SELECT nir FROM insured_person WHERE nir IS NOT NULL")).scalar_one())
        assert NIR.encode() not in raw
        assert raw[:2] == b"\x02\x01"
        session.expire(person)
        assert person.nir == NIR
    with as_owner() as session:
        again = session.get_one(InsuredPerson, person.id)
        assert again.nir == NIR
        assert not session.is_modified(again)
        again.nir = None
    with as_owner() as session:
        assert session.get_one(InsuredPerson, person.id).nir is None


def test_a_cell_pasted_into_another_row_does_not_open(database: Database, world: World) -> None:
    with as_owner() as session:
        first, second = session.query(InsuredPerson).order_by(InsuredPerson.id).limit(2)
        first.nir, second.nir = NIR, "185057800608491"
        session.flush()
        session.execute(
            text("UPDATE insured_person SET nir = (SELECT nir FROM insured_person WHERE id = :a) WHERE id = :b"),
            {"a": first.id, "b": second.id},
        )
    with as_owner() as session, pytest.raises(Tampered, match=r"insured_person\.nir"):
        session.get_one(InsuredPerson, second.id)


def test_a_statement_that_goes_around_the_row_writes_nothing(database: Database, world: World) -> None:
    with as_owner() as session, pytest.raises(Exception, match="written through its row"):
        session.execute(InsuredPerson.__table__.update().values(nir=NIR))
    assert isinstance(InsuredPerson.__table__.c.nir.type, EncryptedText)


def test_a_note_is_sealed_with_the_id_it_gets(database: Database, world: World) -> None:
    with as_owner() as session:
        author = session.query(User).first()
        assert author is not None
        note = CaseNote(text="Écrite d’abord", label=Label.MEDICAL, author_id=author.id, written_at=clock.now())
        note.cellule_id, note.case_id = world.cellule["a"], world.case_id["a.alone"]
        session.add(note)
    with as_owner() as session:
        assert session.get_one(CaseNote, note.id).text == "Écrite d’abord"
