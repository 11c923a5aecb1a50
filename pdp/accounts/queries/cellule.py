"""A cellule: its seats, its organisations, its rules on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.accounts.models import (
    Cellule,
    CelluleOrganisation,
    GovernanceRules,
    Membership,
    Organisation,
    Seat,
    SeatHolder,
)
from pdp.accounts.queries.days import holds
from pdp.core import clock, db
from pdp.core.errors import NotFound


def list_seats_held(membership_id: int, day: date) -> Sequence[SeatHolder]:
    """Return the mandates of a membership that hold on `day` or later."""
    wanted = select(SeatHolder).where(SeatHolder.membership_id == membership_id)
    return db.session().scalars(wanted.where(or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day))).all()


def list_seats(cellule_id: int, day: date) -> Sequence[Seat]:
    """Return the seats of a cellule on `day` in their order, with their holders of that day."""
    return (
        db.session()
        .scalars(
            select(Seat)
            .options(
                joinedload(Seat.organisation),
                selectinload(Seat.holders.and_(*holds(SeatHolder, day)))
                .joinedload(SeatHolder.membership)
                .joinedload(Membership.user),
            )
            .where(Seat.cellule_id == cellule_id, *holds(Seat, day))
            .order_by(Seat.position, Seat.id)
        )
        .all()
    )


def list_organisations(cellule_id: int, day: date) -> Sequence[Organisation]:
    """Return the organisations associated with a cellule on `day`."""
    return (
        db.session()
        .scalars(
            select(Organisation)
            .join(CelluleOrganisation, CelluleOrganisation.organisation_id == Organisation.id)
            .where(
                CelluleOrganisation.cellule_id == cellule_id,
                CelluleOrganisation.joined_on <= day,
                or_(CelluleOrganisation.left_on.is_(None), CelluleOrganisation.left_on >= day),
            )
            .order_by(Organisation.id)
        )
        .all()
    )


def get_organisation(cellule_id: int, public_id: str) -> Organisation:
    """Return an organisation of the cellule by its public id."""
    for organisation in list_organisations(cellule_id, clock.today()):
        if organisation.public_id == public_id:
            return organisation
    raise NotFound


def get_cellule(cellule_id: int) -> Cellule:
    """Return a cellule by its key."""
    found = db.session().get(Cellule, cellule_id)
    if found is None:
        raise NotFound
    return found


def lock_cellule(cellule_id: int) -> Cellule:
    """Lock the cellule until the commit: what is counted in it is decided one act at a time."""
    return db.session().scalars(select(Cellule).where(Cellule.id == cellule_id).with_for_update(key_share=True)).one()


def list_cellule_ids() -> Sequence[int]:
    """Return the key of every cellule of the installation."""
    return db.session().scalars(select(Cellule.id).order_by(Cellule.id)).all()


def governance(cellule_id: int, day: date) -> GovernanceRules:
    """Return the rules of a cellule that hold on `day`."""
    found = (
        db.session()
        .scalars(
            select(GovernanceRules)
            .where(GovernanceRules.cellule_id == cellule_id, GovernanceRules.valid_from <= day)
            .order_by(GovernanceRules.valid_from.desc())
            .limit(1)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound("Aucune règle de fonctionnement n’est enregistrée pour cette cellule à cette date.")
    return found
