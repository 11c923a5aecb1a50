"""Every row about one person, whatever its label: read to prepare a copy of their data, never for a page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, exists, not_, select, union
from sqlalchemy.orm import undefer

from pdp.accounts.models import Membership, Organisation, User
from pdp.audit.models import AuditEntry
from pdp.cases.models import Case, InsuredPerson, PersonAlias
from pdp.core import clock, db
from pdp.core.db import Base
from pdp.documents.models import Document, DocumentBody
from pdp.meetings.enums import BallotStatus
from pdp.meetings.models import AgendaItem, Ballot, Vote
from pdp.minutes.models import Minutes, MinutesVersion
from pdp.privacy.rules.shelves import SHELVES, Shelf

# Read apart: the journal is grouped, and the minutes are found through the séance.
_APART = frozenset({"audit_entry", "minutes_version"})


@dataclass
class Holdings:
    """The rows of each table about a person, and what names the people who wrote them."""

    person: InsuredPerson
    cases: Sequence[Case]
    rows: dict[str, list[Any]] = field(default_factory=dict)
    minutes: list[tuple[Minutes, MinutesVersion]] = field(default_factory=list)
    organisations: Mapping[int, str] = field(default_factory=dict)
    # By user: « assistant de service social, Service social Ponant ».
    functions: Mapping[int, str] = field(default_factory=dict)


@cache
def _classes() -> dict[str, type[Any]]:
    return {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}


def list_cases(person: InsuredPerson) -> Sequence[Case]:
    """Return every case of a person in its cellule, restricted ones included, oldest first."""
    wanted = select(Case).where(Case.cellule_id == person.cellule_id, Case.person_id == person.id)
    return db.session().scalars(wanted.order_by(Case.id)).all()


def get_person(cellule_id: int, person_id: int) -> InsuredPerson:
    """Return a person by key."""
    wanted = select(InsuredPerson).where(InsuredPerson.cellule_id == cellule_id, InsuredPerson.id == person_id)
    return db.session().scalars(wanted).one()


def gather(person: InsuredPerson, cases: Sequence[Case]) -> Holdings:
    """Read the rows of every shelf about these cases: one statement a table, whatever their number."""
    held = Holdings(person, cases, {"insured_person": [person], "case_file": list(cases)})
    for shelf in SHELVES:
        if shelf.table not in held.rows and shelf.table not in _APART:
            held.rows[shelf.table] = _rows(held, shelf)
    held.minutes = _minutes(held)
    held.organisations = _organisations()
    held.functions = _functions(person.cellule_id)
    return held


def _rows(held: Holdings, shelf: Shelf) -> list[Any]:
    table = _classes()[shelf.table]
    above = [row.id for row in held.rows[shelf.of]]
    wanted = select(table).where(
        table.cellule_id == held.person.cellule_id, getattr(table, shelf.by).in_(above), *_closed(held, shelf)
    )
    return list(db.session().scalars(wanted.order_by(table.id)).all())


def _closed(held: Holdings, shelf: Shelf) -> list[ColumnElement[bool]]:
    """A vote is told once its ballot is closed, as to anyone, and not one given before the ballot began again; a
    merge undone left a name of another person."""
    if shelf.table == "person_alias":
        return [PersonAlias.ended_at.is_(None)]
    if shelf.table != "vote":
        return []
    closed = [row.id for row in held.rows["ballot"] if row.status is BallotStatus.CLOSED]
    return [Vote.ballot_id.in_(closed), exists().where(Ballot.id == Vote.ballot_id, Ballot.round == Vote.round)]


def _minutes(held: Holdings) -> list[tuple[Minutes, MinutesVersion]]:
    """Return the complete minutes of the séances that spoke of the person."""
    requests = [row.id for row in held.rows["dispositif_request"]]
    meetings = select(AgendaItem.meeting_id).where(
        AgendaItem.cellule_id == held.person.cellule_id, AgendaItem.request_id.in_(requests)
    )
    wanted = (
        select(Minutes, MinutesVersion)
        .join(MinutesVersion, MinutesVersion.minutes_id == Minutes.id)
        .where(Minutes.cellule_id == held.person.cellule_id, Minutes.meeting_id.in_(meetings))
        .where(MinutesVersion.organisation_id.is_(None))
        .options(undefer(MinutesVersion.content))
        .order_by(Minutes.id)
    )
    return [(row[0], row[1]) for row in db.session().execute(wanted)]


def _organisations() -> dict[int, str]:
    return {row[0]: row[1] for row in db.session().execute(select(Organisation.id, Organisation.name))}


def _functions(cellule_id: int) -> dict[int, str]:
    wanted = (
        select(Membership.user_id, Membership.role, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.cellule_id == cellule_id)
        .order_by(Membership.id)
    )
    return {row[0]: f"{row[1]}|{row[2]}" for row in db.session().execute(wanted)}


def list_professionals(cellule_id: int) -> Sequence[tuple[int, str, str]]:
    """Return who is or was of the cellule: user, given name, family name."""
    wanted = (
        select(User.id, User.given_name, User.family_name)
        .where(User.id.in_(select(Membership.user_id).where(Membership.cellule_id == cellule_id)))
        .order_by(User.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session().execute(wanted)]


def list_other_people(person: InsuredPerson) -> Sequence[tuple[str, str]]:
    """Return the names of the other insured persons of the cellule, former ones included.

    A record that a merge left behind is the person themself.
    """
    here = (PersonAlias.cellule_id == person.cellule_id, PersonAlias.ended_at.is_(None))
    own = select(PersonAlias.former_id).where(*here, PersonAlias.person_id == person.id)
    names = select(InsuredPerson.given_name, InsuredPerson.family_name).where(
        InsuredPerson.cellule_id == person.cellule_id, InsuredPerson.id != person.id, InsuredPerson.id.not_in(own)
    )
    former = select(PersonAlias.given_name, PersonAlias.family_name).where(*here, PersonAlias.person_id != person.id)
    return [(row[0], row[1]) for row in db.session().execute(union(names, former))]


def list_other_references(person: InsuredPerson) -> Sequence[str]:
    """Return the references of the cases of other people of the cellule."""
    wanted = select(Case.reference).where(Case.cellule_id == person.cellule_id, Case.person_id != person.id)
    return db.session().scalars(wanted).all()


def list_consultations(cellule_id: int, case_ids: Collection[int]) -> dict[int, list[tuple[date, int, str, str]]]:
    """Return by case when it was opened, by which organisation, in which role, by what act; refusals left out."""
    wanted = (
        select(AuditEntry.case_id, AuditEntry.at, AuditEntry.organisation_id, AuditEntry.role, AuditEntry.action)
        .where(
            AuditEntry.cellule_id == cellule_id,
            AuditEntry.case_id.in_(case_ids),
            not_(AuditEntry.refused),
            AuditEntry.user_id.is_not(None),
        )
        .order_by(AuditEntry.id)
    )
    found: defaultdict[int, list[tuple[date, int, str, str]]] = defaultdict(list)
    for case_id, at, organisation_id, role, action in db.session().execute(wanted):
        found[case_id or 0].append((clock.local(at).date(), organisation_id or 0, role or "", action))
    return dict(found)


def list_files(cellule_id: int, public_ids: Collection[str]) -> Sequence[tuple[Document, DocumentBody]]:
    """Return pieces with their files, to be opened."""
    wanted = (
        select(Document, DocumentBody)
        .join(DocumentBody, DocumentBody.id == Document.body_id)
        .where(Document.cellule_id == cellule_id, Document.public_id.in_(public_ids))
        .options(undefer(DocumentBody.sealed))
        .order_by(Document.id)
    )
    return [(row[0], row[1]) for row in db.session().execute(wanted)]
