"""Pages of the journal, with names resolved only to be shown; alerts; segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select, tuple_

from pdp.accounts.models import Membership, Organisation, User
from pdp.audit.models import AuditEntry, AuditSegment
from pdp.cases.models import Case
from pdp.cases.queries import visible_to
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.oversight.enums import ActKind
from pdp.oversight.models import AccessAlert
from pdp.oversight.rules import READ_ENDINGS
from pdp.policy.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """What is asked of the journal. `since` and `until` bound the day; `after` is the last entry already shown."""

    since: datetime | None = None
    until: datetime | None = None
    kind: ActKind | None = None
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as a page shows it."""

    at: datetime
    sequence: int
    name: str
    organisation: str
    role: str | None
    action: str
    detail: dict[str, Any]
    refused: bool
    case_reference: str | None
    case_public_id: str | None


def list_entries(
    actor: Actor, filters: EntryFilters, *, user_id: int | None = None, case_id: int | None = None, own: bool = False
) -> list[EntryRow]:
    """Return a page of entries and one more, newest first: of a person, or of a case. One statement.

    With `own` the reference of a case is given only if the actor may still see it.
    """
    shown = visible_to(actor, clock.today()) if own else Case.cellule_id == actor.cellule_id
    wanted = (
        select(
            AuditEntry.at,
            AuditEntry.sequence,
            AuditEntry.role,
            AuditEntry.action,
            AuditEntry.detail,
            AuditEntry.refused,
            User.given_name,
            User.family_name,
            Organisation.short_name,
            Case.reference,
            Case.public_id,
        )
        .outerjoin(User, User.id == AuditEntry.user_id)
        .outerjoin(Organisation, Organisation.id == AuditEntry.organisation_id)
        .outerjoin(Case, and_(Case.id == AuditEntry.case_id, shown))
        .where(AuditEntry.cellule_id == actor.cellule_id, *_asked(filters))
        .order_by(AuditEntry.at.desc(), AuditEntry.sequence.desc())
        .limit(PAGE + 1)
    )
    if user_id is not None:
        wanted = wanted.where(AuditEntry.user_id == user_id)
    if case_id is not None:
        wanted = wanted.where(AuditEntry.case_id == case_id)
    return [_entry(row) for row in db.session().execute(wanted)]


def _entry(row: Row[Any]) -> EntryRow:
    return EntryRow(
        at=row.at,
        sequence=row.sequence or 0,
        name=f"{row.given_name} {row.family_name}" if row.family_name else "Traitement automatique",
        organisation=row.short_name or "",
        role=row.role,
        action=row.action,
        detail=row.detail or {},
        refused=row.refused,
        case_reference=row.reference,
        case_public_id=row.public_id,
    )


def _asked(filters: EntryFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.since and filters.until:
        found += [AuditEntry.at >= filters.since, AuditEntry.at < filters.until]
    if filters.kind:
        found.append(_of_kind(filters.kind))
    if filters.after:
        found.append(tuple_(AuditEntry.at, func.coalesce(AuditEntry.sequence, 0)) < filters.after)
    return found


def _of_kind(kind: ActKind) -> ColumnElement[bool]:
    """Return the twin of `rules.kind_of`."""
    account = AuditEntry.action.startswith("account.")
    reads = or_(*(AuditEntry.action.endswith(ending) for ending in READ_ENDINGS))
    if kind is ActKind.REFUSED:
        return AuditEntry.refused.is_(True)
    if kind is ActKind.ACCOUNT:
        return and_(not_(AuditEntry.refused), account)
    return and_(not_(AuditEntry.refused), not_(account), reads if kind is ActKind.READ else not_(reads))


def list_people(cellule_id: int) -> Sequence[Any]:
    """Return everyone who is or was of a cellule: public id, name, organisation, role; by organisation then name."""
    wanted = (
        select(User.public_id, User.given_name, User.family_name, Organisation.short_name, Membership.role)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.cellule_id == cellule_id)
        .order_by(Organisation.short_name, User.family_name, User.given_name, Membership.id)
    )
    return db.session().execute(wanted).all()


def get_person(cellule_id: int, public_id: str) -> User:
    """Return a person who is or was of a cellule."""
    wanted = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(User.public_id == public_id, Membership.cellule_id == cellule_id)
        .limit(1)
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_case(actor: Actor, public_id: str) -> Case:
    """Return a case of the cellule for the reader of its journal, who reads nothing else of it."""
    found = (
        db.session()
        .scalars(select(Case).where(Case.public_id == public_id, Case.cellule_id == actor.cellule_id))
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def find_case_by_reference(cellule_id: int, reference: str) -> str | None:
    """Return the public id of the case that carries a reference."""
    return db.session().scalar(
        select(Case.public_id).where(Case.cellule_id == cellule_id, Case.reference == reference)
    )


def list_accesses(actor: Actor, case_id: int) -> Sequence[Any]:
    """Return when, from where and in which role a case was opened, refusals left out, newest first."""
    wanted = (
        select(AuditEntry.at, AuditEntry.action, AuditEntry.role, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == AuditEntry.organisation_id)
        .where(
            AuditEntry.cellule_id == actor.cellule_id,
            AuditEntry.case_id == case_id,
            not_(AuditEntry.refused),
            AuditEntry.user_id.is_not(None),
        )
        .order_by(AuditEntry.at.desc())
    )
    return db.session().execute(wanted).all()


def count_by_day(cellule_id: int, days: Sequence[date]) -> list[tuple[int, int]]:
    """Count the entries and the refusals of each day, in one statement."""
    columns: list[ColumnElement[int]] = []
    for day in days:
        start, end = day_bounds(day)
        within = and_(AuditEntry.at >= start, AuditEntry.at < end)
        columns += [func.count().filter(within), func.count().filter(within, AuditEntry.refused)]
    oldest, newest = day_bounds(min(days))[0], day_bounds(max(days))[1]
    wanted = select(*columns).where(
        AuditEntry.cellule_id == cellule_id, AuditEntry.at >= oldest, AuditEntry.at < newest
    )
    row = db.session().execute(wanted).one()
    return list(zip(row[::2], row[1::2], strict=True))


def list_segments(cellule_id: int) -> Sequence[AuditSegment]:
    """Return the segments of a cellule and of the installation, newest first."""
    wanted = (
        select(AuditSegment)
        .where(AuditSegment.cellule_key.in_((0, cellule_id)))
        .order_by(AuditSegment.month.desc(), AuditSegment.cellule_key.desc(), AuditSegment.sealed.desc())
    )
    return db.session().scalars(wanted).all()


def list_alerts(cellule_id: int, *, waiting: bool) -> Sequence[tuple[AccessAlert, str, str]]:
    """Return the alerts of a cellule, newest first, with the name of the person and of the organisation."""
    wanted = (
        select(AccessAlert, User.given_name, User.family_name, Organisation.short_name)
        .join(User, User.id == AccessAlert.user_id)
        .join(Organisation, Organisation.id == AccessAlert.organisation_id)
        .where(AccessAlert.cellule_id == cellule_id)
        .order_by(AccessAlert.raised_at.desc(), AccessAlert.id.desc())
        .limit(200)
    )
    if waiting:
        wanted = wanted.where(AccessAlert.looked_at.is_(None))
    return [(row[0], f"{row[1]} {row[2]}", row[3]) for row in db.session().execute(wanted)]


def waiting_alerts(actor: Actor) -> Select[int, datetime]:
    """Select how many alerts nobody looked at yet, and when the oldest was raised."""
    return select(func.count(), func.min(AccessAlert.raised_at)).where(
        AccessAlert.cellule_id == actor.cellule_id, AccessAlert.looked_at.is_(None)
    )


def get_alert(cellule_id: int, public_id: str, *, lock: bool = False) -> tuple[AccessAlert, User, str]:
    """Return an alert with its person and the name of the organisation."""
    wanted = (
        select(AccessAlert, User, Organisation.name)
        .join(User, User.id == AccessAlert.user_id)
        .join(Organisation, Organisation.id == AccessAlert.organisation_id)
        .where(AccessAlert.cellule_id == cellule_id, AccessAlert.public_id == public_id)
    )
    if lock:
        wanted = wanted.with_for_update(of=AccessAlert)
    row = db.session().execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Return the names of people by key."""
    if not user_ids:
        return {}
    found = db.session().execute(
        select(User.id, User.given_name, User.family_name).where(User.id.in_(sorted(user_ids)))
    )
    return {row[0]: f"{row[1]} {row[2]}" for row in found}


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a day in metropolitan France and of the next one."""
    start = datetime.combine(day, time(), tzinfo=clock.PARIS)
    return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.PARIS)
