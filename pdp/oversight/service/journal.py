"""Read the journal: per person and per case for the DPO, one's own, what is printed for the insured, counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from pdp.audit import retention, verification
from pdp.audit import service as audit
from pdp.audit.models import AuditSegment
from pdp.cases import queries as case_queries
from pdp.core import clock, db
from pdp.oversight.enums import ActKind
from pdp.oversight.queries import reading as queries
from pdp.oversight.queries.reading import PAGE, EntryFilters, EntryRow
from pdp.oversight.rules import kind_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import ROLE_NAMES, Role

# What the administrator's page looks back on.
_DAYS = 31


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries; `subject` says of whom or of what, `following` where the next page begins."""

    subject: str
    rows: Sequence[EntryRow]
    following: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class Access:
    """A line of « qui a consulté mon dossier »: a day, an organisation, a role, and whether something was written."""

    day: date
    organisation: str
    role: str
    wrote: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """What is printed for the insured."""

    reference: str
    accesses: Sequence[Access]
    kept_since: str


@dataclass(frozen=True, slots=True)
class SegmentState:
    """A segment and whether it is whole; None when nobody asked."""

    segment: AuditSegment
    whole: bool | None


def list_people(actor: Actor) -> Sequence[Any]:
    """Return everyone whose entries can be read."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        rows = queries.list_people(actor.cellule_id)
        audit.record(actor, "journal.list", what="people", count=len(rows))
        return rows


def read_person(actor: Actor, person_id: str, filters: EntryFilters) -> EntryPage:
    """Return the entries of a person in the cellule."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        person = queries.get_person(actor.cellule_id, person_id)
        page = _page(person.full_name, queries.list_entries(actor, filters, user_id=person.id))
        audit.record(actor, "journal.read", subject=person, count=len(page.rows))
        return page


def find_case(actor: Actor, reference: str) -> str | None:
    """Return the public id of the case with this reference."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.reading(actor):
        return queries.find_case_by_reference(actor.cellule_id, reference.strip())


def read_case(actor: Actor, case_id: str, filters: EntryFilters) -> EntryPage:
    """Return the entries of a case, for the DPO: nothing else of it is read."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        page = _page(case.reference, queries.list_entries(actor, filters, case_id=case.id))
        audit.record(actor, "journal.read", case_id=case.id, subject=case, count=len(page.rows))
        return page


def read_own(actor: Actor, filters: EntryFilters) -> EntryPage:
    """Return one's own entries."""
    ensure(actor, Permission.ACCOUNT_USE)
    with db.transaction(actor):
        page = _page(actor.name, queries.list_entries(actor, filters, user_id=actor.user_id, own=True))
        audit.record(actor, "account.accesses", count=len(page.rows))
        return page


def read_extract(actor: Actor, case_id: str) -> Extract:
    """Return who opened a case, for the insured: days, organisations and roles.

    The names of the people who acted are left out: the right of access gives the dates and purposes of
    the consultations, not the identity of the employees (CJUE, 22 June 2023, C-579/21).
    """
    ensure(actor, Permission.JOURNAL_EXTRACT)
    with db.transaction(actor):
        of_dpo = actor.role is Role.DPO
        case = queries.get_case(actor, case_id) if of_dpo else case_queries.get_case(actor, case_id)
        accesses = _by_day(queries.list_accesses(actor, case.id))
        audit.record(actor, "journal.extract", case_id=case.id, subject=case, count=len(accesses))
        return Extract(case.reference, accesses, retention.limit())


def list_segments(actor: Actor, *, check: bool) -> Sequence[SegmentState]:
    """Return the segments of the cellule and of the installation; with `check` each is verified anew."""
    ensure(actor, Permission.JOURNAL_READ)
    whole: dict[int, bool] = {}
    with db.reading(actor):
        segments = queries.list_segments(actor.cellule_id)
    if check:
        for segment in segments:
            with db.reading(db.Upkeep(segment.cellule_key)):
                whole[segment.id] = verification.is_whole(segment)
    with db.transaction(actor):
        audit.record(actor, "journal.verify" if check else "journal.list", what="segments", count=len(segments))
    return [SegmentState(segment, whole.get(segment.id)) for segment in segments]


def count_by_day(actor: Actor) -> Sequence[tuple[date, int, int]]:
    """Return the entries and the refusals of each of the last 31 days: counts only, newest first."""
    ensure(actor, Permission.JOURNAL_COUNT)
    today = clock.today()
    days = [today - timedelta(days=back) for back in range(_DAYS)]
    with db.transaction(actor):
        counts = queries.count_by_day(actor.cellule_id, days)
        audit.record(actor, "journal.count", days=_DAYS)
    return [(day, *count) for day, count in zip(days, counts, strict=True)]


def _page(subject: str, rows: list[EntryRow]) -> EntryPage:
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    return EntryPage(subject, shown, (last.at, last.sequence) if last else None)


def _by_day(rows: Sequence[Any]) -> list[Access]:
    lines = [
        (
            clock.local(row.at).date(),
            row.organisation or "",
            ROLE_NAMES.get(Role(row.role), "") if row.role else "",
            kind_of(row.action, refused=False) is ActKind.WRITE,
        )
        for row in rows
    ]
    ordered = sorted(lines, key=lambda line: (-line[0].toordinal(), line[1], line[2]))
    return [
        Access(day, organisation, role, any(line[3] for line in same))
        for (day, organisation, role), same in groupby(ordered, key=lambda line: line[:3])
    ]
