"""Persons and their memberships, as they hold on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Membership, Organisation, Seat, SeatHolder, UndertakingAcceptance, User
from pdp.accounts.queries.days import associated, holds
from pdp.core import clock, db
from pdp.policy import masking
from pdp.policy.actor import Actor


def find_user_by_email(email: str) -> User | None:
    """Return the person who signs in with this address."""
    return db.session().scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def get_user(user_id: int) -> User:
    """Return a person by key."""
    return db.session().get_one(User, user_id)


def list_users(user_ids: Collection[int]) -> Sequence[User]:
    """Return people by their keys. One statement."""
    return db.session().scalars(select(User).where(User.id.in_(user_ids)).order_by(User.id)).all()


def list_stand_ins(cellule_id: int, user_ids: Collection[int], day: date) -> dict[int, set[int]]:
    """Return, for each titulaire of a seat, the suppléants of the same seat on a day. One statement."""
    holder, other = aliased(SeatHolder), aliased(SeatHolder)
    theirs, others = aliased(Membership), aliased(Membership)
    found = db.session().execute(
        select(theirs.user_id, others.user_id)
        .join(holder, holder.membership_id == theirs.id)
        .join(Seat, and_(Seat.id == holder.seat_id, Seat.cellule_id == cellule_id))
        .join(other, and_(other.seat_id == Seat.id, other.rank == HolderRank.SUPPLEANT))
        .join(others, others.id == other.membership_id)
        .where(
            theirs.user_id.in_(user_ids),
            holder.rank == HolderRank.TITULAIRE,
            others.user_id != theirs.user_id,
            *holds(Seat, day),
            *(
                condition
                for table in (holder, other, theirs, others)
                for condition in (table.starts_on <= day, or_(table.ends_on.is_(None), table.ends_on >= day))
            ),
        )
    )
    instead: dict[int, set[int]] = {}
    for user_id, stand_in in found:
        instead.setdefault(user_id, set()).add(stand_in)
    return instead


def list_memberships(user_id: int, day: date) -> Sequence[Membership]:
    """Return the memberships of a person that hold on `day`, oldest first.

    A membership holds while its organisation is associated with the cellule.
    """
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.cellule), joinedload(Membership.user))
            .where(Membership.user_id == user_id, *holds(Membership, day), associated(day))
            .order_by(Membership.id)
        )
        .all()
    )


def find_membership(user_id: int, public_id: str, day: date) -> Membership | None:
    """Return one membership of a person if it holds on `day`."""
    return next((found for found in list_memberships(user_id, day) if found.public_id == public_id), None)


def find_any_membership(public_id: str) -> Membership | None:
    """Return a membership that holds today, whoever holds it; demo mode only."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.cellule), joinedload(Membership.user))
            .where(Membership.public_id == public_id, *holds(Membership, clock.today()))
        )
        .one_or_none()
    )


def list_everyone(day: date) -> Sequence[Membership]:
    """Return every membership that holds on `day`, for the demo's sign-in page only."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.user), joinedload(Membership.cellule))
            .where(*holds(Membership, day))
            .order_by(Membership.cellule_id, Membership.id)
        )
        .all()
    )


def has_accepted(user_id: int, undertaking: str) -> bool:
    """Tell whether a person accepted a version of the confidentiality undertaking."""
    accepted = UndertakingAcceptance
    return bool(
        db.session().scalar(select(exists().where(accepted.user_id == user_id, accepted.undertaking == undertaking)))
    )


def list_accepted(user_id: int) -> Sequence[UndertakingAcceptance]:
    """Return the versions that a person accepted, newest first."""
    accepted = UndertakingAcceptance
    return (
        db.session()
        .scalars(
            select(accepted).where(accepted.user_id == user_id).order_by(accepted.accepted_at.desc(), accepted.id)
        )
        .all()
    )


def list_people(cellule_id: int, day: date) -> Sequence[Membership]:
    """Return the people of a cellule on `day`, by organisation then name."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .join(Membership.organisation)
            .join(Membership.user)
            .options(contains_eager(Membership.organisation), contains_eager(Membership.user))
            .options(joinedload(Membership.cellule, innerjoin=True))
            .where(Membership.cellule_id == cellule_id, *holds(Membership, day))
            .order_by(Organisation.id, User.family_name, Membership.id)
        )
        .all()
    )


def find_unnamed(actor: Actor, user_ids: Collection[int]) -> frozenset[int]:
    """Return which of these people the actor may not be told of: those of a sensitive partner of its cellule.

    A name leads to the organisation as surely as its own. Nothing is asked for those who read every name.
    """
    if masking.reads_every_name(actor) or not user_ids:
        return frozenset()
    found = db.session().scalars(
        select(Membership.user_id)
        .join(Membership.organisation)
        .where(
            Membership.cellule_id == actor.cellule_id,
            Membership.user_id.in_(user_ids),
            Organisation.sensitive,
            Organisation.id != actor.organisation_id,
        )
    )
    return frozenset(found)


def membership_holds(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the filter over `Membership` of those that hold on `day`."""
    return holds(Membership, day)
