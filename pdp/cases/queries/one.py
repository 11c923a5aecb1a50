"""Reads of one case and of what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from pdp.accounts.models import Membership, User
from pdp.accounts.queries import list_people, lock_cellule
from pdp.audit.models import AuditEntry
from pdp.cases.models import Activity, Case, CaseNote, Encounter, InsuredPerson, PersonAlias, Stoppage
from pdp.cases.queries.visibility import visible_to
from pdp.cases.rules.workflow import ENDED
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role

Row = TypeVar("Row", bound=Activity | Stoppage | Encounter)
_REFERENTS = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something, and when."""

    user_id: int
    name: str
    at: datetime


def get_case(actor: Actor, public_id: str, *, lock: bool = False) -> Case:
    """Return a case that the actor may see, with its person, referent and agreements (and their organisations).

    `lock` keeps others from changing it until the transaction ends. Raises `NotFound` when the case
    is missing or hidden. Two statements.
    """
    wanted = (
        select(Case)
        .join(Case.person)
        .options(
            contains_eager(Case.person),
            joinedload(Case.referent),
            selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
        )
        .where(Case.public_id == public_id, visible_to(actor, clock.today()))
    )
    if lock:
        wanted = wanted.with_for_update(of=Case).execution_options(populate_existing=True)
    found = db.session().scalars(wanted).one_or_none()
    if found is None and lock:
        # The case went to another person while its lock was waited for: it is read again, with that person.
        found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_person(case: Case) -> InsuredPerson:
    """Return the person of a case that is locked already, locked and as stored now."""
    wanted = select(InsuredPerson).where(
        InsuredPerson.cellule_id == case.cellule_id, InsuredPerson.id == case.person_id
    )
    return db.session().scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def list_activities(case: Case) -> Sequence[Activity]:
    """Return the activities of a case, oldest first."""
    wanted = select(Activity).where(Activity.cellule_id == case.cellule_id, Activity.case_id == case.id)
    return db.session().scalars(wanted.order_by(Activity.id)).all()


def list_stoppages(case: Case) -> Sequence[Stoppage]:
    """Return the periods of arrêt of a case by date."""
    wanted = select(Stoppage).where(Stoppage.cellule_id == case.cellule_id, Stoppage.case_id == case.id)
    return db.session().scalars(wanted.order_by(Stoppage.starts_on, Stoppage.id)).all()


def list_encounters(case: Case) -> Sequence[Encounter]:
    """Return the dated steps of a case by date."""
    wanted = select(Encounter).where(Encounter.cellule_id == case.cellule_id, Encounter.case_id == case.id)
    return db.session().scalars(wanted.order_by(Encounter.happens_on, Encounter.id)).all()


def list_notes(case: Case, labels: frozenset[Label]) -> Sequence[CaseNote]:
    """Return the notes of a case under these labels, newest first, with their authors."""
    wanted = (
        select(CaseNote)
        .options(joinedload(CaseNote.author))
        .where(CaseNote.cellule_id == case.cellule_id, CaseNote.case_id == case.id, CaseNote.label.in_(labels))
    )
    return db.session().scalars(wanted.order_by(CaseNote.id.desc())).all()


def find_row(case: Case, table: type[Row], public_id: str) -> Row:
    """Return one row of the case. Raises `NotFound`."""
    wanted = select(table).where(
        table.public_id == public_id, table.case_id == case.id, table.cellule_id == case.cellule_id
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_person_by_nir(cellule_id: int, nir_index: str) -> InsuredPerson | None:
    """Return the person of the cellule whose number, or former number, has this blind index; locked.

    The lock keeps the person from being merged into another while a case is opened for them.
    """
    wanted = select(InsuredPerson).where(InsuredPerson.cellule_id == cellule_id, InsuredPerson.nir_index == nir_index)
    found = db.session().scalars(wanted.with_for_update()).one_or_none()
    found = found or _find_by_former_nir(cellule_id, nir_index)
    # A merge that was waited for may have moved the number to the other person: a new look sees it there.
    return found or db.session().scalars(wanted.with_for_update()).one_or_none()


def _find_by_former_nir(cellule_id: int, nir_index: str) -> InsuredPerson | None:
    former = select(PersonAlias.person_id).where(
        PersonAlias.cellule_id == cellule_id, PersonAlias.nir_index == nir_index, PersonAlias.ended_at.is_(None)
    )
    wanted = select(InsuredPerson).where(InsuredPerson.cellule_id == cellule_id, InsuredPerson.id.in_(former))
    return db.session().scalars(wanted.order_by(InsuredPerson.id).limit(1).with_for_update()).one_or_none()


def list_former_names(person: InsuredPerson) -> list[str]:
    """Return the names under which the person was known before a merge, oldest first."""
    wanted = select(PersonAlias.given_name, PersonAlias.family_name).where(
        PersonAlias.cellule_id == person.cellule_id,
        PersonAlias.person_id == person.id,
        PersonAlias.ended_at.is_(None),
    )
    names = (f"{row.given_name} {row.family_name}" for row in db.session().execute(wanted.order_by(PersonAlias.id)))
    return list(dict.fromkeys(names))


def find_cases_of_person(actor: Actor, person: InsuredPerson) -> Sequence[Case]:
    """Return the cases of a person that are not over, those the actor may see."""
    wanted = select(Case).where(
        Case.person_id == person.id, Case.stage.not_in(ENDED), visible_to(actor, clock.today())
    )
    return db.session().scalars(wanted.order_by(Case.id)).all()


def next_reference(cellule_id: int, year: int) -> str:
    """Return the next free reference of the cellule for a year, `2026-0131`.

    The cellule's row stays locked until the transaction ends, so that two people never get the same.
    """
    lock_cellule(cellule_id)
    number = cast(func.substr(Case.reference, 6), Integer)
    highest = db.session().scalar(
        select(func.max(number)).where(Case.cellule_id == cellule_id, Case.reference.startswith(f"{year}-"))
    )
    return f"{year}-{(highest or 0) + 1:04}"


def list_referents(cellule_id: int, day: date) -> Sequence[Membership]:
    """Return the people of the cellule who may be the referent of a case."""
    return [found for found in list_people(cellule_id, day) if found.role in _REFERENTS]


def list_answerers(case: Case, day: date) -> list[int]:
    """Return who answers for a case, by user: its referent, or the managers while nobody is named."""
    if case.referent_user_id is not None:
        return [case.referent_user_id]
    return [found.user_id for found in list_people(case.cellule_id, day) if found.role is Role.MANAGER]


def has_hidden_case(person: InsuredPerson) -> bool:
    """Tell whether the person has a case under way, for a caller who may see none: a restricted one."""
    wanted = select(Case.id).where(Case.person_id == person.id, Case.stage.not_in(ENDED)).limit(1)
    return db.session().scalar(wanted) is not None


def last_change(case: Case, block: str) -> Change | None:
    """Return who last changed this block of the case, among its fifty last changes."""
    wanted = (
        select(AuditEntry.at, AuditEntry.detail, AuditEntry.user_id, User.given_name, User.family_name)
        .join(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.cellule_id == case.cellule_id,
            AuditEntry.case_id == case.id,
            AuditEntry.action.startswith("case.edit"),
        )
        .order_by(AuditEntry.id.desc())
        .limit(50)
    )
    for row in db.session().execute(wanted):
        if (row.detail or {}).get("block") == block:
            return Change(row.user_id, f"{row.given_name} {row.family_name}", row.at)
    return None
