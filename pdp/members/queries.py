"""Reads of accesses: who has one, which accounts sleep, what a review still asks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from pdp.accounts.models import Membership, Organisation, User
from pdp.accounts.queries import membership_holds
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.members.models import AccessReview, AccessReviewLine
from pdp.policy.actor import Actor
from pdp.policy.roles import Role


def list_accesses(cellule_id: int, ended_since: date) -> Sequence[Membership]:
    """Return the memberships of a cellule that hold, or ended since a day, by organisation then name."""
    return (
        db.session()
        .scalars(
            _with_people()
            .where(
                Membership.cellule_id == cellule_id,
                or_(Membership.ends_on.is_(None), Membership.ends_on >= ended_since),
            )
            .order_by(Organisation.name, Organisation.id, User.family_name, User.given_name, Membership.id)
        )
        .all()
    )


def lock_access(actor: Actor, public_id: str) -> Membership:
    """Return a membership of the actor's cellule with its person, both locked. Raises `NotFound`."""
    wanted = _with_people().where(Membership.cellule_id == actor.cellule_id, Membership.public_id == public_id)
    found = db.session().scalars(
        wanted.with_for_update(of=[Membership, User]).execution_options(populate_existing=True)
    )
    membership: Membership | None = found.one_or_none()
    if membership is None:
        raise NotFound
    return membership


def count_others_of_role(membership: Membership, day: date) -> int:
    """Count the other people who hold the same role in the cellule on `day`, with an account that is open."""
    wanted = (
        select(func.count())
        .select_from(Membership)
        .join(Membership.user)
        .where(
            Membership.cellule_id == membership.cellule_id,
            Membership.role == membership.role,
            Membership.user_id != membership.user_id,
            User.disabled_at.is_(None),
            *membership_holds(day),
        )
    )
    return db.session().scalar(wanted) or 0


def list_managed_organisations(cellule_id: int, day: date) -> frozenset[int]:
    """Return the organisations whose own manager looks after their accesses on `day`."""
    wanted = (
        select(Membership.organisation_id)
        .join(Membership.user)
        .where(
            Membership.cellule_id == cellule_id,
            Membership.is_org_manager,
            User.disabled_at.is_(None),
            *membership_holds(day),
        )
    )
    return frozenset(db.session().scalars(wanted.distinct()))


def list_unused_accounts(cellule_id: int, before: datetime, day: date) -> Sequence[User]:
    """Return the people of a cellule whose open account was not used since an instant, locked."""
    member = exists().where(Membership.user_id == User.id, Membership.cellule_id == cellule_id, *membership_holds(day))
    wanted = select(User).where(User.disabled_at.is_(None), _last_use() <= before, member)
    return db.session().scalars(wanted.order_by(User.id).with_for_update(of=User)).all()


def list_unreviewed(cellule_id: int, period: str, day: date) -> Sequence[Membership]:
    """Return the memberships of organisations that have no review of a period yet, by organisation."""
    reviewed = exists().where(
        AccessReview.cellule_id == cellule_id,
        AccessReview.organisation_id == Membership.organisation_id,
        AccessReview.period == period,
    )
    wanted = (
        select(Membership).join(Membership.user).where(Membership.cellule_id == cellule_id, *membership_holds(day))
    )
    return (
        db.session()
        .scalars(
            wanted.where(User.disabled_at.is_(None), ~reviewed).order_by(Membership.organisation_id, Membership.id)
        )
        .all()
    )


def list_waiting_lines(
    cellule_id: int, day: date, *, organisation_id: int | None = None, lock: bool = False
) -> Sequence[AccessReviewLine]:
    """Return the accesses that still hold and wait to be confirmed, by organisation then name."""
    wanted = (
        select(AccessReviewLine)
        .join(AccessReviewLine.review)
        .join(AccessReviewLine.membership)
        .join(Membership.user)
        .join(AccessReviewLine.organisation)
        .options(
            contains_eager(AccessReviewLine.review),
            contains_eager(AccessReviewLine.membership).contains_eager(Membership.user),
            contains_eager(AccessReviewLine.organisation),
        )
        .where(
            AccessReviewLine.cellule_id == cellule_id,
            AccessReviewLine.decision.is_(None),
            AccessReview.closed_at.is_(None),
            User.disabled_at.is_(None),
            *membership_holds(day),
        )
        .order_by(Organisation.name, Organisation.id, User.family_name, User.given_name, AccessReviewLine.id)
    )
    if organisation_id is not None:
        wanted = wanted.where(AccessReviewLine.organisation_id == organisation_id)
    if lock:
        wanted = wanted.with_for_update(of=AccessReviewLine).execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()


def list_finished_reviews(cellule_id: int, day: date) -> Sequence[AccessReview]:
    """Return the open reviews that wait for nobody any more."""
    line = aliased(AccessReviewLine)
    waits = exists().where(
        line.cellule_id == AccessReview.cellule_id,
        line.review_id == AccessReview.id,
        line.decision.is_(None),
        Membership.id == line.membership_id,
        User.id == Membership.user_id,
        User.disabled_at.is_(None),
        *membership_holds(day),
    )
    wanted = select(AccessReview).where(
        AccessReview.cellule_id == cellule_id, AccessReview.closed_at.is_(None), ~waits
    )
    return db.session().scalars(wanted.order_by(AccessReview.id)).all()


def list_people_of_roles(cellule_id: int, roles: Collection[Role], day: date) -> Sequence[Membership]:
    """Return the people who hold one of these roles in a cellule on `day`."""
    loaded = (Membership.user, Membership.organisation, Membership.cellule)
    wanted = select(Membership).options(*(joinedload(each, innerjoin=True) for each in loaded))
    return (
        db.session()
        .scalars(
            wanted.where(
                Membership.cellule_id == cellule_id,
                or_(Membership.role.in_(roles), Membership.is_org_manager),
                *membership_holds(day),
            ).order_by(Membership.id)
        )
        .all()
    )


def _with_people() -> Select[Any]:
    return (
        select(Membership)
        .join(Membership.organisation)
        .join(Membership.user)
        .options(contains_eager(Membership.organisation), contains_eager(Membership.user))
    )


def _last_use() -> ColumnElement[datetime]:
    return func.coalesce(User.last_signed_in_at, User.created_at)
