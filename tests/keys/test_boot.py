"""A wrong, missing, weak or repeated key keeps the product from starting, in one clear sentence."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from pdp.app import open_database
from pdp.cases.models import InsuredPerson
from pdp.core import crypto
from pdp.core.crypto import Keyring
from pdp.core.db import Database
from pdp.keys import service
from pdp.settings import Settings, SettingsError, parse_keys
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ONE, TWO, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
DRAWN = "8f1d3c5a907be24466af10d93e7702b5c8e1f64a2b9d0573d6813fae4c907b12"


def _open(settings: Settings, keys: dict[int, bytes]) -> None:
    open_database(replace(settings, encryption_keys=keys)).engine.dispose()


def test_the_key_that_sealed_the_database_opens_it_again(settings: Settings, world: World) -> None:
    _open(settings, {1: ONE})
    _open(settings, {1: ONE})
    _open(settings, {1: ONE, 2: TWO})
    assert crypto.ring().current == 2
    assert crypto.ring().index_id == 1


def test_another_key_under_the_same_id_is_refused(settings: Settings, world: World) -> None:
    _open(settings, {1: ONE})
    with pytest.raises(SettingsError, match="key 1 is not the one"):
        _open(settings, {1: OTHER})
    with pytest.raises(SettingsError, match="key 1 is not the one"):
        _open(settings, {1: OTHER, 2: TWO})


def test_a_key_still_needed_is_missed(settings: Settings, world: World) -> None:
    _open(settings, {1: ONE})
    with pytest.raises(SettingsError, match="lacks key 1, which the search by NIR"):
        _open(settings, {2: TWO})
    _open(settings, {1: ONE, 2: TWO})
    with pytest.raises(SettingsError, match="lacks key 2, under which values are still sealed"):
        _open(settings, {1: ONE})


def test_a_database_older_than_the_proof_refuses_a_wrong_key(
    settings: Settings, database: Database, world: World
) -> None:
    with as_owner() as session:
        person = session.query(InsuredPerson).first()
        assert person is not None
        person.nir = "255081416802538"
    owner = owner_of(database)
    with pytest.raises(SettingsError, match="key 1 is not the one"):
        service.prove(owner, Keyring({1: OTHER}, 1))
    with owner.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM key_check")) == 0


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (f"1:{DRAWN},2:{DRAWN}", "given twice"),
        ("1:" + "ab" * 32, "weak"),
        ("1:" + "".join(f"{number:02x}" for number in range(32)), "weak"),
        ("1:" + b"correct horse battery staple now".hex(), "weak"),
        (f"300:{DRAWN}", "1 to 255"),
    ],
)
def test_production_refuses_weak_and_repeated_keys(settings: Settings, keys: str, message: str) -> None:
    drawn = replace(settings, production=True, secret_key="7c41f0a9e8d25b36" * 3)
    replace(drawn, encryption_keys=parse_keys(f"1:{DRAWN}")).refuse_unsafe()
    with pytest.raises(SettingsError, match=message):
        replace(drawn, encryption_keys=parse_keys(keys)).refuse_unsafe()


def test_production_refuses_a_weak_secret_and_a_secret_that_is_also_a_key(settings: Settings) -> None:
    drawn = replace(settings, production=True, encryption_keys=parse_keys(f"1:{DRAWN}"))
    with pytest.raises(SettingsError, match="PDP_SECRET_KEY is weak"):
        replace(drawn, secret_key="ab" * 20).refuse_unsafe()
    with pytest.raises(SettingsError, match="also PDP_SECRET_KEY"):
        replace(drawn, secret_key=DRAWN).refuse_unsafe()


def test_one_id_given_twice_is_refused() -> None:
    with pytest.raises(SettingsError, match="key 1 is given twice"):
        parse_keys(f"1:{DRAWN},1:{'ab' * 32}")
