"""Reads of sharing agreements, of the register of what left, and of what is asked back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from pdp.accounts.models import Membership, User
from pdp.audit.models import AuditEntry
from pdp.consent.enums import RecallState
from pdp.consent.models import Departure, Recall, SharingAgreement
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.policy.labels import Label


def get_agreement(cellule_id: int, case_id: int, public_id: str, *, lock: bool = False) -> SharingAgreement:
    """Return an agreement of a case with its organisation. Raises `NotFound`."""
    wanted = (
        select(SharingAgreement)
        .options(joinedload(SharingAgreement.organisation, innerjoin=True))
        .where(
            SharingAgreement.cellule_id == cellule_id,
            SharingAgreement.case_id == case_id,
            SharingAgreement.public_id == public_id,
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=SharingAgreement).execution_options(populate_existing=True)
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_standing(
    cellule_id: int, case_id: int, day: date, organisation_id: int | None = None
) -> Sequence[SharingAgreement]:
    """Return, locked, the agreements of a case that are in force on `day` or to come, newest last."""
    wanted = select(SharingAgreement).where(
        SharingAgreement.cellule_id == cellule_id, SharingAgreement.case_id == case_id, ~_over(day)
    )
    if organisation_id is not None:
        wanted = wanted.where(SharingAgreement.organisation_id == organisation_id)
    wanted = wanted.order_by(SharingAgreement.id).with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()


def list_due_ends(cellule_id: int, day: date) -> Sequence[SharingAgreement]:
    """Return, locked, the agreements that are over on `day` and whose effects were not drawn yet."""
    wanted = select(SharingAgreement).where(
        SharingAgreement.cellule_id == cellule_id, SharingAgreement.ended_at.is_(None), _over(day)
    )
    return db.session().scalars(wanted.order_by(SharingAgreement.id).with_for_update()).all()


def labels_in_force(cellule_id: int, case_id: int, organisation_id: int, day: date) -> frozenset[Label]:
    """Return the labels that agreements in force open to an organisation, whatever the stage of the case."""
    rows = db.session().scalars(
        select(SharingAgreement.labels).where(
            SharingAgreement.cellule_id == cellule_id,
            SharingAgreement.case_id == case_id,
            SharingAgreement.organisation_id == organisation_id,
            SharingAgreement.starts_on <= day,
            ~_over(day),
        )
    )
    return frozenset().union(*rows)


def list_departures(cellule_id: int, case_id: int) -> Sequence[Departure]:
    """Return what left of a case, newest first, with the organisation and the person."""
    wanted = (
        select(Departure)
        .options(joinedload(Departure.organisation, innerjoin=True), joinedload(Departure.user, innerjoin=True))
        .where(Departure.cellule_id == cellule_id, Departure.case_id == case_id)
    )
    return db.session().scalars(wanted.order_by(Departure.id.desc())).all()


def departures_of(recall: Recall) -> Sequence[Departure]:
    """Return what a recall asks to destroy, oldest first, with the person."""
    wanted = (
        select(Departure)
        .options(joinedload(Departure.user, innerjoin=True))
        .where(
            Departure.cellule_id == recall.cellule_id,
            Departure.case_id == recall.case_id,
            Departure.organisation_id == recall.organisation_id,
            Departure.left_at <= recall.asked_at,
        )
    )
    return db.session().scalars(wanted.order_by(Departure.id)).all()


def has_left(cellule_id: int, case_id: int, organisation_id: int) -> bool:
    """Tell whether something of the case left towards the organisation since the last recall."""
    last = select(Recall.asked_at).where(
        Recall.cellule_id == cellule_id, Recall.case_id == case_id, Recall.organisation_id == organisation_id
    )
    asked = max(db.session().scalars(last), default=None)
    wanted = select(Departure.id).where(
        Departure.cellule_id == cellule_id,
        Departure.case_id == case_id,
        Departure.organisation_id == organisation_id,
    )
    if asked is not None:
        wanted = wanted.where(Departure.left_at > asked)
    return db.session().scalar(wanted.limit(1)) is not None


def list_recalls(cellule_id: int, case_id: int) -> Sequence[Recall]:
    """Return what was asked back of a case, newest first, with the organisation and who answered."""
    wanted = select(Recall).options(joinedload(Recall.organisation, innerjoin=True), joinedload(Recall.answered_by))
    wanted = wanted.where(Recall.cellule_id == cellule_id, Recall.case_id == case_id)
    return db.session().scalars(wanted.order_by(Recall.id.desc())).all()


def list_own_recalls(cellule_id: int, organisation_id: int) -> Sequence[Recall]:
    """Return what an organisation is asked to destroy, what waits first."""
    wanted = (
        select(Recall)
        .options(joinedload(Recall.answered_by))
        .where(Recall.cellule_id == cellule_id, Recall.organisation_id == organisation_id)
        .order_by(Recall.id.desc())
    )
    return sorted(db.session().scalars(wanted).all(), key=lambda row: row.state is not RecallState.ASKED)


def get_own_recall(cellule_id: int, organisation_id: int, public_id: str, *, lock: bool = False) -> Recall:
    """Return a recall made to an organisation. Raises `NotFound`."""
    wanted = (
        select(Recall)
        .options(joinedload(Recall.answered_by))
        .where(
            Recall.cellule_id == cellule_id, Recall.organisation_id == organisation_id, Recall.public_id == public_id
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=Recall).execution_options(populate_existing=True)
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def people_concerned(cellule_id: int, case_id: int, organisation_id: int, day: date) -> Sequence[int]:
    """Return the people of an organisation who opened the case, and its gestionnaires."""
    opened = select(AuditEntry.user_id).where(
        AuditEntry.cellule_id == cellule_id,
        AuditEntry.case_id == case_id,
        AuditEntry.organisation_id == organisation_id,
        AuditEntry.refused.is_(False),
    )
    wanted = select(Membership.user_id).where(
        Membership.cellule_id == cellule_id,
        Membership.organisation_id == organisation_id,
        Membership.starts_on <= day,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= day),
        or_(Membership.is_org_manager, Membership.user_id.in_(opened)),
    )
    return db.session().scalars(wanted.distinct().order_by(Membership.user_id)).all()


def names_of(user_ids: Collection[int | None]) -> Mapping[int, str]:
    """Return the names of people by key."""
    wanted = select(User).where(User.id.in_([key for key in user_ids if key is not None]))
    return {user.id: user.full_name for user in db.session().scalars(wanted)}


def _over(day: date) -> ColumnElement[bool]:
    ended = and_(SharingAgreement.ends_on.is_not(None), SharingAgreement.ends_on < day)
    stopped = and_(SharingAgreement.withdrawn_on.is_not(None), SharingAgreement.withdrawn_on <= day)
    return or_(ended, stopped)
