"""Prove the keys at boot, seal everything again under the current one, tell what is sealed under which."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pdp.audit import service as audit
from pdp.core import antivirus, clock, crypto, db, sealed
from pdp.core.crypto import Keyring, KeyUnavailable, Place, Tampered
from pdp.core.db import Database
from pdp.core.scope import Upkeep
from pdp.core.sealed import SealedColumn
from pdp.keys import queries
from pdp.keys.listeners import holders
from pdp.keys.models import KeyCheck
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.settings import SettingsError

_KNOWN = "cellule-pdp: the key that this database was sealed with"
_JOURNAL = "journal (segments)"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key: whether this process holds it, what it serves, and how many values are sealed under it."""

    key_id: int
    loaded: bool
    current: bool
    keys_index: bool
    retired: bool
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return the number of values sealed under the key, everywhere."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Health:
    """What the technical administrator may know: `size` is in bytes, `tables` counts rows by table."""

    engine: str
    size: int
    tables: Sequence[tuple[str, int]]
    keys: Sequence[KeyState]
    anchored_at: datetime | None
    scanner: str


def prove(database: Database, ring: Keyring) -> Keyring:
    """Return the ring once each of its keys has opened its known answer, with the key of the indexes named.

    The known answer of a new key is written. Raises `SettingsError` for a wrong key, and for a missing
    one under which values are still sealed.
    """
    crypto.load(ring)
    checks = queries.read_checks(database)
    if checks is None:
        return ring
    for check in checks:
        _verify(check, ring)
    index = next((check.key_id for check in checks if check.keys_index), None)
    for key_id in sorted(ring.keys.keys() - {check.key_id for check in checks}):
        _refuse_wrong_sample(database, key_id)
        index = key_id if index is None else index
        queries.add_check(database, key_id, _answer(ring, key_id), keys_index=index == key_id)
    proved = replace(ring, index=index)
    crypto.load(proved)
    return proved


def rotate(batch: int, say: Say) -> int:
    """Seal every value again under the current key, batch by batch; return how many were.

    It may be stopped at any moment and run again: only what is not yet under the current key is taken.
    """
    done = sum(_rotate_cellule(cellule_id, batch, say) for cellule_id in _cellules())
    _retire()
    return done


def read_state() -> list[KeyState]:
    """Return the keys, those known and those held, with what is sealed under each."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cellule_id in _cellules():
        with _reading(cellule_id):
            for cell in sealed.COLUMNS.values():
                for head, count in queries.count_headers(cell, cellule_id).items():
                    counts[head[1]][f"{cell.table}.{cell.column}"] += count
            for holder in holders:
                for key_id, count in holder.count(cellule_id).items():
                    counts[key_id][holder.name] += count
    ring = crypto.ring()
    with _reading(0):
        checks = {check.key_id: check for check in queries.list_checks()}
        for key_id, count in queries.count_segments().items():
            counts[key_id][_JOURNAL] += count
    return [
        KeyState(
            key_id=key_id,
            loaded=key_id in ring.keys,
            current=key_id == ring.current,
            keys_index=key_id == ring.index_id,
            retired=key_id in checks and checks[key_id].retired_at is not None,
            counts=dict(counts.get(key_id, {})),
        )
        for key_id in sorted({*ring.keys, *checks, *counts})
    ]


def read_health(actor: Actor) -> Health:
    """Return the state of the installation: no name, no identifier, no content. One entry in the journal."""
    ensure(actor, Permission.INSTALLATION_READ)
    with db.transaction(actor):
        engine, size = queries.describe_database()
        tables = queries.count_tables()
        anchored_at = queries.last_anchor()
        audit.record(actor, "installation.read", tables=len(tables))
    return Health(engine, size, tables, read_state(), anchored_at, antivirus.installed().name)


def _verify(check: KeyCheck, ring: Keyring) -> None:
    if check.key_id not in ring.keys:
        if check.keys_index:
            raise SettingsError(f"PDP_KEYS lacks key {check.key_id}, which the search by NIR is keyed with: keep it")
        if check.retired_at is None:
            raise SettingsError(
                f"PDP_KEYS lacks key {check.key_id}, under which values are still sealed: "
                "keep it until `pdp keys rotate` says that it may go"
            )
        return
    try:
        right = crypto.decrypt(check.answer, _place(check.key_id)) == _KNOWN
    except (Tampered, KeyUnavailable):
        right = False
    if not right:
        raise SettingsError(f"PDP_KEYS: key {check.key_id} is not the one that this database was sealed with")


def _refuse_wrong_sample(database: Database, key_id: int) -> None:
    found = queries.sample(database, key_id)
    if found is None:
        return
    cell, stored = found
    try:
        crypto.decrypt(stored.value, cell.place(stored.owner_id, stored.public_id))
    except Tampered:
        raise SettingsError(f"PDP_KEYS: key {key_id} is not the one that this database was sealed with") from None


def _answer(ring: Keyring, key_id: int) -> bytes:
    crypto.load(replace(ring, current=key_id))
    try:
        return crypto.encrypt(_KNOWN, _place(key_id))
    finally:
        crypto.load(ring)


def _place(key_id: int) -> Place:
    return Place("key_check.answer", 0, str(key_id))


def _cellules() -> list[int]:
    """Return where sealed values may be: 0, which is the installation with its accounts, then each cellule."""
    with db.reading():
        return [0, *queries.list_cellules()]


def _rotate_cellule(cellule_id: int, batch: int, say: Say) -> int:
    done = 0
    for cell in sealed.COLUMNS.values():
        after = 0
        while taken := _rotate_batch(cell, cellule_id, after, batch):
            after, count = taken
            done += count
            say(f"{cell.table}.{cell.column}: {count} sealed again in cellule {cellule_id}")
    for holder in holders:
        while count := _rotate_holder(holder.name, holder.reseal, cellule_id, batch):
            done += count
            say(f"{holder.name}: {count} sealed again in cellule {cellule_id}")
    return done


def _rotate_batch(cell: SealedColumn, cellule_id: int, after: int, batch: int) -> tuple[int, int] | None:
    """Seal one batch again in one transaction; return the last row looked at and how many were written."""
    with _writing(cellule_id):
        rows = queries.list_stale(cell, cellule_id, after, batch)
        if not rows:
            return None
        count = 0
        for row in rows:
            place = cell.place(row.owner_id, row.public_id)
            count += queries.replace_value(cell, row, crypto.encrypt(crypto.decrypt(row.value, place), place))
        _journal(f"{cell.table}.{cell.column}", count)
    return rows[-1].id, count


def _rotate_holder(name: str, reseal: Callable[[int, int], int], cellule_id: int, batch: int) -> int:
    with _writing(cellule_id):
        count = reseal(cellule_id, batch)
        if count:
            _journal(name, count)
    return count


def _journal(what: str, count: int) -> None:
    audit.record(None, "keys.rotate", what=what, count=count, key=crypto.ring().current)


def _retire() -> None:
    """Say which keys nothing needs any more, neither a value nor a segment of the journal."""
    unused = {state.key_id for state in read_state() if not state.total and not state.current and not state.keys_index}
    with _writing(0):
        checks = [check for check in queries.list_checks() if check.key_id in unused and check.retired_at is None]
        for check in checks:
            check.retired_at = clock.now()
            audit.record(None, "keys.retire", key=check.key_id)


@contextmanager
def _writing(cellule_id: int) -> Iterator[Session]:
    with db.transaction(Upkeep(cellule_id)) as session:
        queries.keep_up()
        yield session


@contextmanager
def _reading(cellule_id: int) -> Iterator[Session]:
    with db.reading(Upkeep(cellule_id)) as session:
        queries.keep_up()
        yield session
