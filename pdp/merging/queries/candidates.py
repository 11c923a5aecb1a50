"""Persons who may be one: found by index, among those of whom the actor reads the identity in some case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Exists, and_, exists, func, or_, select, tuple_, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import reads_label
from pdp.cases.rules.search import fold, search_key
from pdp.core import clock, db
from pdp.merging.models import MergeProposal
from pdp.merging.queries.proposals import seen_by
from pdp.merging.rules.traits import Identity
from pdp.policy.actor import Actor
from pdp.policy.labels import Label

# How many pairs a page examines, and how many records are compared with one.
WINDOW = 100
_NEAR = 200


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """A person through one case that the actor may open: their newest one."""

    person_id: int
    person_public_id: str
    case_id: int
    case_public_id: str
    reference: str
    identity: Identity


def identity_of(person: InsuredPerson) -> Identity:
    """Return the traits and contacts that a record holds."""
    return Identity(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date,
        town=person.town,
        phone=person.phone,
        email=person.email,
        nir=str(person.nir) if person.nir is not None else None,
    )


def list_near(
    actor: Actor, family_name: str, given_name: str, birth_date: date, *, without: int | None = None
) -> list[SeenPerson]:
    """Return the persons to compare with these traits: same day of birth, same name or same beginning of it."""
    person, days = InsuredPerson, {birth_date, _swapped(birth_date)}
    family = fold(family_name)
    near = [person.birth_date.in_(days), person.search_key == search_key(family_name, given_name)]
    if len(family) > 1:
        near.append(person.search_key.startswith(f"{family} "))
    wanted = [person.cellule_id == actor.cellule_id, or_(*near)]
    if without is not None:
        wanted.append(person.id != without)
    return _seen(actor, and_(*wanted), _NEAR)


def list_pairs(actor: Actor, after: tuple[str, str] | None) -> list[tuple[SeenPerson, SeenPerson]]:
    """Return the next pairs born the same day with names that start or end alike, or with the same name.

    Newest records first; `after` is the pair of public ids already examined. A pair that was ever proposed,
    refused or set apart is left out. Two statements.
    """
    one, other = aliased(InsuredPerson), aliased(InsuredPerson)
    same = and_(other.cellule_id == one.cellule_id, other.id > one.id)
    start, end = func.substr(one.search_key, 1, 4), func.length(one.search_key)
    alike = or_(
        func.substr(one.search_key, 1, 2) == func.substr(other.search_key, 1, 2),
        func.substr(one.search_key, end - 3) == func.substr(other.search_key, func.length(other.search_key) - 3),
        other.search_key.contains(start),
    )
    condition = and_(
        one.cellule_id == actor.cellule_id,
        _known(actor, one.id),
        _known(actor, other.id),
        ~exists().where(
            *seen_by(actor),
            or_(
                and_(MergeProposal.kept_id == one.id, MergeProposal.absorbed_id == other.id),
                and_(MergeProposal.kept_id == other.id, MergeProposal.absorbed_id == one.id),
            ),
        ),
    )
    columns = (other.id.label("newer"), one.id.label("older"))
    born = select(*columns).join(other, and_(same, other.birth_date == one.birth_date, alike)).where(condition)
    named = select(*columns).join(other, and_(same, other.search_key == one.search_key)).where(condition)
    pairs = union(born, named).subquery()
    wanted = select(pairs.c.older, pairs.c.newer).order_by(pairs.c.newer.desc(), pairs.c.older.desc()).limit(WINDOW)
    if after is not None:
        newer, older = (select(InsuredPerson.id).where(InsuredPerson.public_id == key) for key in after)
        wanted = wanted.where(
            tuple_(pairs.c.newer, pairs.c.older) < tuple_(newer.scalar_subquery(), older.scalar_subquery())
        )
    found = [(row[0], row[1]) for row in db.session().execute(wanted)]
    ids = {person for pair in found for person in pair}
    seen = {row.person_id: row for row in _seen(actor, _among(actor, ids), None)}
    return [(seen[older], seen[newer]) for older, newer in found]


def _among(actor: Actor, ids: Collection[int]) -> ColumnElement[bool]:
    return and_(InsuredPerson.cellule_id == actor.cellule_id, InsuredPerson.id.in_(ids))


def _known(actor: Actor, person_id: InstrumentedAttribute[int]) -> Exists:
    """Say that the actor reads the identity of a person in some case."""
    today = clock.today()
    return (
        select(Case.id)
        .where(
            Case.cellule_id == actor.cellule_id,
            Case.person_id == person_id,
            reads_label(actor, Label.IDENTITY, today),
        )
        .exists()
    )


def _seen(actor: Actor, condition: ColumnElement[bool], limit: int | None) -> list[SeenPerson]:
    """Return each person once, through the newest case in which the actor reads the identity."""
    newest = (
        select(func.max(Case.id))
        .where(
            Case.cellule_id == actor.cellule_id,
            Case.person_id == InsuredPerson.id,
            reads_label(actor, Label.IDENTITY, clock.today()),
        )
        .correlate(InsuredPerson)
        .scalar_subquery()
    )
    shown = aliased(Case)
    rows = db.session().execute(
        select(InsuredPerson, shown.id, shown.public_id, shown.reference)
        .join(shown, and_(shown.cellule_id == InsuredPerson.cellule_id, shown.id == newest))
        .where(condition)
        .order_by(InsuredPerson.id.desc())
        .limit(limit)
    )
    return [
        SeenPerson(person.id, person.public_id, case_id, public_id, reference, identity_of(person))
        for person, case_id, public_id, reference in rows
    ]


def _swapped(day: date) -> date:
    """Return the date with day and month in each other's place, the same one when there is none."""
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day
