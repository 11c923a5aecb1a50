"""Encrypted columns: nothing readable at rest, nothing movable, nothing without the key."""

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from pdp.cases.models import InsuredPerson
from pdp.core import crypto
from pdp.core.crypto import Keyring, KeyUnavailable
from pdp.core.db import Database
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ONE, TWO = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture(autouse=True)
def _keys() -> None:
    crypto.load(Keyring({1: ONE}, 1))


def test_the_same_text_is_never_stored_twice_alike() -> None:
    first, second = crypto.encrypt("284127510207", "t.c"), crypto.encrypt("284127510207", "t.c")
    assert first != second
    assert crypto.decrypt(first, "t.c") == crypto.decrypt(second, "t.c") == "284127510207"


def test_a_value_cannot_be_moved_to_another_column() -> None:
    with pytest.raises(InvalidTag):
        crypto.decrypt(crypto.encrypt("secret", "case_note.text"), "insured_person.nir")


def test_one_flipped_bit_is_noticed() -> None:
    stored = bytearray(crypto.encrypt("secret", "t.c"))
    stored[-1] ^= 1
    with pytest.raises(InvalidTag):
        crypto.decrypt(bytes(stored), "t.c")


def test_an_older_key_still_reads_after_a_new_one_writes() -> None:
    before = crypto.encrypt("secret", "t.c")
    crypto.load(Keyring({1: ONE, 2: TWO}, 2))
    assert crypto.decrypt(before, "t.c") == "secret"
    assert crypto.encrypt("secret", "t.c")[1] == 2


def test_a_missing_or_short_key_is_refused() -> None:
    stored = crypto.encrypt("secret", "t.c")
    crypto.load(Keyring({2: TWO}, 2))
    with pytest.raises(KeyUnavailable):
        crypto.decrypt(stored, "t.c")
    with pytest.raises(KeyUnavailable):
        crypto.load(Keyring({1: b"short"}, 1))


def test_the_blind_index_finds_without_revealing() -> None:
    index = crypto.blind_index("284127510207", "insured_person.nir")
    assert index == crypto.blind_index("284127510207", "insured_person.nir")
    assert index != crypto.blind_index("284127510207", "another.column")
    assert "284127" not in index


def test_the_stored_nir_is_not_readable_in_the_table(database: Database, world: World) -> None:
    crypto.load(Keyring({1: ONE}, 1))
    with as_owner() as session:
        person = session.query(InsuredPerson).first()
        assert person is not None
        person.nir = "255081416802538"
        from pdp.audit import service as audit

        audit.record(None, "tests.nir")
    with owner_of(database).engine.connect() as connection:
        raw = bytes(connection.execute(text("SELECT nir FROM insured_person WHERE nir IS NOT NULL")).scalar_one())
    assert b"255081416802538" not in raw
    with as_owner() as session:
        assert session.query(InsuredPerson).filter(InsuredPerson.id == person.id).one().nir == "255081416802538"
