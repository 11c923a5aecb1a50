"""The register of minutes: what became of each edition and version, who may receive them, what was objected."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from pdp.accounts import queries as accounts
from pdp.accounts.models import Membership, Organisation, User
from pdp.core import db
from pdp.core.ids import new_public_id
from pdp.minutes.enums import MinutesEventKind
from pdp.minutes.models import Minutes, MinutesEvent, MinutesObjection, MinutesVersion
from pdp.minutes.standing import EventRow
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import CORE_ROLES, Role

_FAMILY = {
    MinutesEventKind.PREPARED: (
        MinutesEventKind.PREPARED,
        MinutesEventKind.CANCELLED,
        MinutesEventKind.SENT,
        MinutesEventKind.HELD,
        MinutesEventKind.RECALLED,
    ),
    MinutesEventKind.WINDOW_OPENED: (MinutesEventKind.CONTESTED, MinutesEventKind.APPROVED),
}


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """Somebody who may open a version."""

    user_id: int
    name: str
    job_title: str
    role: Role


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection as the coordinator reads it."""

    at: datetime
    author: str
    organisation: str
    text: str


def list_events(minutes_ids: Collection[int]) -> Sequence[EventRow]:
    """Return the lines of the register about these editions, oldest first."""
    rows = db.session().execute(
        select(MinutesEvent, User)
        .outerjoin(User, User.id == MinutesEvent.user_id)
        .where(MinutesEvent.minutes_id.in_(minutes_ids))
        .order_by(MinutesEvent.id)
    )
    return tuple(_event(event, user) for event, user in rows)


def _event(event: MinutesEvent, user: User | None) -> EventRow:
    return EventRow(
        id=event.id,
        minutes_id=event.minutes_id,
        version_id=event.version_id,
        organisation_id=event.organisation_id,
        user_id=event.user_id,
        user_name=user.full_name if user else "",
        kind=event.kind,
        at=event.at,
        due_at=event.due_at,
        reason=event.reason,
        format=event.format,
        sha256=event.sha256,
    )


def list_due(cellule_id: int, kind: MinutesEventKind, now: datetime) -> Sequence[tuple[str, int | None, int]]:
    """Return edition (its public id), version and line of each sending or window whose hour has come, oldest first.

    A line is over once another of its family came after it: sent, taken back, held; contested, approved.
    """
    later = aliased(MinutesEvent)
    over = exists().where(
        later.minutes_id == MinutesEvent.minutes_id,
        later.version_id.is_not_distinct_from(MinutesEvent.version_id),
        later.kind.in_(_FAMILY[kind]),
        later.id > MinutesEvent.id,
    )
    rows = db.session().execute(
        select(Minutes.public_id, MinutesEvent.version_id, MinutesEvent.id)
        .join(Minutes, Minutes.id == MinutesEvent.minutes_id)
        .where(MinutesEvent.cellule_id == cellule_id, MinutesEvent.kind == kind, MinutesEvent.due_at <= now, ~over)
        .order_by(MinutesEvent.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def add_once(**values: Any) -> None:
    """Add a line that may be written a single time, whoever else writes it at the same moment."""
    table = MinutesEvent.__table__
    assert isinstance(table, Table)
    insert = sqlite.insert if db.bound().is_sqlite else postgresql.insert
    row = {"format": "", "sha256": "", **values}
    db.session().execute(insert(table).values(public_id=new_public_id(), **row).on_conflict_do_nothing())


def list_recipients(cellule_id: int, day: date) -> Mapping[int | None, Sequence[RecipientRow]]:
    """Return who may open a version on a day, by organisation; under None, the people of the core."""
    found: dict[int | None, list[RecipientRow]] = {}
    for membership in accounts.list_people(cellule_id, day):
        if membership.user.disabled_at is None and membership.role in GRANTS[Permission.MINUTES_READ]:
            user = membership.user
            found.setdefault(_recipient(membership), []).append(
                RecipientRow(user.id, user.full_name, user.job_title, membership.role)
            )
    return found


def _recipient(membership: Membership) -> int | None:
    return None if membership.role in CORE_ROLES else membership.organisation_id


def list_objections(minutes_ids: Collection[int]) -> Sequence[ObjectionRow]:
    """Return what was objected to these editions, oldest first."""
    rows = db.session().execute(
        select(MinutesObjection, User, Organisation)
        .join(User, User.id == MinutesObjection.user_id)
        .join(Organisation, Organisation.id == MinutesObjection.organisation_id)
        .where(MinutesObjection.minutes_id.in_(minutes_ids))
        .order_by(MinutesObjection.id)
    )
    return tuple(
        ObjectionRow(objection.at, user.full_name, organisation.short_name, objection.text)
        for objection, user, organisation in rows
    )


def contents(version_ids: Collection[int]) -> Mapping[int, dict[str, Any]]:
    """Return the neutral documents of versions, as plain values, by key."""
    rows = db.session().execute(
        select(MinutesVersion.id, MinutesVersion.content).where(MinutesVersion.id.in_(version_ids))
    )
    return {row[0]: row[1] for row in rows}
