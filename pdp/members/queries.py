"""Reads of accesses: who has one, which accounts sleep, what a review still asks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from pdp.accounts.models import Membership, Organisation, User
from pdp.accounts.queries import membership_holds
from pdp.core import clock, db
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


def list_waiting_lines(actor: Actor, day: date, *, lock: bool = False) -> Sequence[AccessReviewLine]:
    """Return the accesses that the actor is asked to confirm, by organisation then name."""
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
        .where(*_waits(actor.cellule_id, day), asked_of(actor, day))
        .order_by(Organisation.name, Organisation.id, User.family_name, User.given_name, AccessReviewLine.id)
    )
    if lock:
        wanted = wanted.with_for_update(of=AccessReviewLine).execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()


def waiting_reviews(actor: Actor) -> Select[int, datetime]:
    """Select how many accesses the actor is asked to confirm, and since when."""
    day = clock.today()
    wanted = select(func.count(), func.min(AccessReview.opened_at)).select_from(AccessReviewLine)
    joined = wanted.join(AccessReviewLine.review).join(AccessReviewLine.membership).join(Membership.user)
    return joined.where(*_waits(actor.cellule_id, day), asked_of(actor, day))


def list_days_due(cellule_id: int, day: date) -> Sequence[date]:
    """Return the days by which the accesses that still wait are due."""
    wanted = select(AccessReview.due_on).distinct().select_from(AccessReviewLine)
    joined = wanted.join(AccessReviewLine.review).join(AccessReviewLine.membership).join(Membership.user)
    return db.session().scalars(joined.where(*_waits(cellule_id, day))).all()


def asked_of(actor: Actor, day: date) -> ColumnElement[bool]:
    """Return the filter over accesses that the actor confirms in a review: never one's own.

    A partner's manager confirms its people; the coordination confirms everybody whom no such manager
    confirms, and the managers; the administration confirms the coordination.
    """
    if actor.in_emergency:
        return false()
    if actor.is_partner:
        theirs = Membership.organisation_id == actor.organisation_id if actor.is_org_manager else false()
    elif actor.role is Role.COORDINATEUR:
        theirs = or_(Membership.is_org_manager, ~_managed(day))
    elif actor.role is Role.ADMIN:
        theirs = Membership.role == Role.COORDINATEUR
    else:
        return false()
    return and_(theirs, Membership.user_id != actor.user_id)


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


def _waits(cellule_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        AccessReviewLine.cellule_id == cellule_id,
        AccessReviewLine.decision.is_(None),
        AccessReview.closed_at.is_(None),
        User.disabled_at.is_(None),
        *membership_holds(day),
    )


def _managed(day: date) -> ColumnElement[bool]:
    """Return whether somebody of the access's organisation manages its people on `day`."""
    manager, holder = aliased(Membership), aliased(User)
    return exists().where(
        manager.cellule_id == Membership.cellule_id,
        manager.organisation_id == Membership.organisation_id,
        manager.is_org_manager,
        manager.starts_on <= day,
        or_(manager.ends_on.is_(None), manager.ends_on >= day),
        holder.id == manager.user_id,
        holder.disabled_at.is_(None),
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
