"""The seats of a cellule with every mandate they ever had, in a constant number of statements."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.core import db
from pdp.core.errors import NotFound


def list_all_seats(cellule_id: int) -> Sequence[Seat]:
    """Return every seat the cellule ever had, in their order, with all their mandates and people."""
    return db.session().scalars(_seats().where(Seat.cellule_id == cellule_id).order_by(Seat.position, Seat.id)).all()


def get_seat(cellule_id: int, public_id: str) -> Seat:
    """Return a seat with all its mandates and people."""
    found = db.session().scalars(_seats().where(Seat.cellule_id == cellule_id, Seat.public_id == public_id))
    seat = found.one_or_none()
    if seat is None:
        raise NotFound
    return seat


def list_terms_of(cellule_id: int, user_id: int) -> Sequence[SeatHolder]:
    """Return every mandate that a person holds or held in the cellule, with its seat."""
    return (
        db.session()
        .scalars(
            select(SeatHolder)
            .join(SeatHolder.seat)
            .join(SeatHolder.membership)
            .options(joinedload(SeatHolder.seat))
            .where(Seat.cellule_id == cellule_id, Membership.user_id == user_id)
            .order_by(SeatHolder.id)
        )
        .all()
    )


def list_candidates(cellule_id: int, organisation_id: int, day: date) -> Sequence[Membership]:
    """Return the people of an organisation in the cellule on `day` or later, by name."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user, innerjoin=True))
            .where(Membership.cellule_id == cellule_id, Membership.organisation_id == organisation_id)
            .where(or_(Membership.ends_on.is_(None), Membership.ends_on >= day))
            .order_by(Membership.id)
        )
        .all()
    )


def last_position(cellule_id: int) -> int:
    """Return the place of the last seat."""
    return db.session().scalar(select(func.max(Seat.position)).where(Seat.cellule_id == cellule_id)) or 0


def _seats() -> Select[Seat]:
    return select(Seat).options(
        joinedload(Seat.organisation),
        selectinload(Seat.holders).joinedload(SeatHolder.membership).joinedload(Membership.user),
    )
