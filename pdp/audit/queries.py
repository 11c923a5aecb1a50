"""The journal's tables: places taken in a chain, entries added, pages of a segment for its verification."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from pdp.audit.models import AuditEntry, AuditSegment
from pdp.audit.rules import FIELDS
from pdp.core import db

PAGE = 500
_SEALED_COLUMNS = [getattr(AuditEntry, name) for name in FIELDS]


@dataclass(frozen=True, slots=True)
class Places:
    """Places taken in a segment, whose row stays locked until the commit: the last one and what precedes them."""

    segment_id: int
    last: int
    previous_seal: str
    key_id: int


def take_places(cellule_key: int, month: str, count: int, *, key_id: int, now: datetime) -> Places:
    """Take `count` places in the segment of a month, opening it with `key_id` when it is new.

    One statement. The segment's row is locked until the commit: chains are taken in the order of their key.
    """
    make = sqlite.insert if db.bound().is_sqlite else postgresql.insert
    wanted = make(AuditSegment).values(
        cellule_key=cellule_key,
        month=month,
        sealed=True,
        key_id=key_id,
        last_sequence=count,
        last_seal="",
        opened_at=now,
    )
    found = db.session().execute(
        wanted.on_conflict_do_update(
            index_elements=["cellule_key", "month", "sealed"],
            set_={"last_sequence": AuditSegment.last_sequence + wanted.excluded.last_sequence},
        ).returning(AuditSegment.id, AuditSegment.last_sequence, AuditSegment.last_seal, AuditSegment.key_id)
    )
    row = found.one()
    return Places(row[0], row[1], row[2], row[3])


def count_unsealed(cellule_key: int) -> int | None:
    """Return how many rows of before the sealing a cellule has, None when that was already said or there are none."""
    segments = (
        db.session()
        .execute(
            select(AuditSegment.sealed, AuditSegment.last_sequence).where(AuditSegment.cellule_key == cellule_key)
        )
        .all()
    )
    older = [row.last_sequence for row in segments if not row.sealed]
    return older[0] if older and len(segments) == 2 else None


def add_entries(rows: Sequence[Mapping[str, Any]]) -> None:
    """Add sealed entries, in one statement."""
    db.session().execute(insert(AuditEntry), list(rows))


def keep_last_seal(segment_id: int, seal: str) -> None:
    """Keep the seal of the last entry of a segment."""
    db.session().execute(update(AuditSegment).where(AuditSegment.id == segment_id).values(last_seal=seal))


def find_last(cellule_key: int) -> tuple[str, int, str] | None:
    """Return the month, number and seal of the last entry of a cellule's newest segment."""
    row = (
        db.session()
        .execute(
            select(AuditSegment.month, AuditSegment.last_sequence, AuditSegment.last_seal)
            .where(AuditSegment.cellule_key == cellule_key, AuditSegment.sealed, AuditSegment.destroyed_at.is_(None))
            .order_by(AuditSegment.month.desc())
            .limit(1)
        )
        .one_or_none()
    )
    return (row[0], row[1], row[2]) if row else None


def list_segments() -> list[AuditSegment]:
    """Return every segment, cellule by cellule and month by month, read afresh."""
    wanted = select(AuditSegment).order_by(AuditSegment.cellule_key, AuditSegment.month, AuditSegment.sealed)
    return list(db.session().scalars(wanted.execution_options(populate_existing=True)))


def get_segment(segment_id: int) -> AuditSegment:
    """Return one segment, read afresh."""
    return db.session().get_one(AuditSegment, segment_id, populate_existing=True)


def lock_segment(segment_id: int) -> AuditSegment:
    """Return one segment, locked until the commit."""
    return db.session().get_one(AuditSegment, segment_id, with_for_update=True)


def delete_entries(segment_id: int) -> int:
    """Delete the entries of a segment that carries its certificate; return how many they were.

    The application's role may not delete an entry: on PostgreSQL a function of the owner does.
    """
    if db.bound().is_sqlite:
        result = db.session().execute(delete(AuditEntry).where(AuditEntry.segment_id == segment_id))
        return int(result.rowcount)  # type: ignore[attr-defined]
    return int(db.session().scalar(select(func.destroy_journal_segment(segment_id))) or 0)


def list_entries(segment_id: int, after: int, limit: int = PAGE) -> Sequence[Row[Any]]:
    """Return the next entries of a segment after a sequence, as the columns that are sealed and the seal."""
    wanted = (
        select(AuditEntry.sequence, AuditEntry.seal, *_SEALED_COLUMNS)
        .where(AuditEntry.segment_id == segment_id, AuditEntry.sequence > after)
        .order_by(AuditEntry.sequence)
        .limit(limit)
    )
    return db.session().execute(wanted).all()


def find_stray(cellule_key: int) -> tuple[int, datetime] | None:
    """Return the id and instant of an entry that stands in no place of a segment of its cellule, if there is one."""
    own = func.coalesce(AuditEntry.cellule_id, 0)
    wanted = (
        select(AuditEntry.id, AuditEntry.at)
        .outerjoin(AuditSegment, AuditSegment.id == AuditEntry.segment_id)
        .where(own == cellule_key)
        .where(AuditSegment.id.is_(None) | (AuditSegment.cellule_key != own) | AuditEntry.sequence.is_(None))
        .order_by(AuditEntry.id)
        .limit(1)
    )
    row = db.session().execute(wanted).one_or_none()
    return (row[0], row[1]) if row else None


def has_sealed(cellule_key: int) -> bool:
    """Tell whether a cellule has a sealed segment."""
    wanted = select(AuditSegment.id).where(AuditSegment.cellule_key == cellule_key, AuditSegment.sealed).limit(1)
    return db.session().scalar(wanted) is not None


def find_sealed_from(cellule_key: int) -> int | None:
    """Return how many unsealed rows the first sealed entry of a cellule speaks of, None when none does."""
    wanted = (
        select(AuditEntry.detail)
        .join(AuditSegment, AuditSegment.id == AuditEntry.segment_id)
        .where(AuditSegment.cellule_key == cellule_key, AuditSegment.sealed)
        .where(AuditEntry.sequence == 1, AuditEntry.action == "journal.sealed_from")
    )
    detail = db.session().scalar(wanted)
    return int(detail["count"]) if detail else None


def list_cellule_keys() -> list[int]:
    """Return the key of every cellule of the installation, and 0 for none."""
    # Features above this one own the table: the journal asks only which chains may exist.
    return [0, *db.session().scalars(text("SELECT id FROM cellule ORDER BY id"))]


def find_seals(cellule_key: int, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str | None]:
    """Return the seals found at places (month, sequence) of a cellule's chains."""
    wanted = (
        select(AuditSegment.month, AuditEntry.sequence, AuditEntry.seal)
        .join(AuditEntry, AuditEntry.segment_id == AuditSegment.id)
        .where(AuditSegment.cellule_key == cellule_key, AuditSegment.sealed)
        .where(tuple_(AuditSegment.month, AuditEntry.sequence).in_(list(places)))
    )
    return {(row.month, row.sequence): row.seal for row in db.session().execute(wanted)}


def mark_anchored(segment_id: int, sequence: int, at: datetime) -> None:
    """Note on a segment what its last anchor says."""
    db.session().execute(
        update(AuditSegment).where(AuditSegment.id == segment_id).values(anchored_sequence=sequence, anchored_at=at)
    )
