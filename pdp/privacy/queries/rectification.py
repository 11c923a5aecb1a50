"""Reads of what the insured contests, and of who received a file of its cases."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from pdp.cases.models import Case
from pdp.consent.models import Departure
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.privacy.enums.notices import RectificationOutcome
from pdp.privacy.models import RecipientNotice, Rectification, RectificationDecision


def list_contested(case: Case, labels: Collection[Label], *, corrected: bool = False) -> Sequence[Rectification]:
    """Return what is contested of a case under these labels, oldest first; `corrected` adds what was put right."""
    wanted = (
        select(Rectification)
        .outerjoin(Rectification.decision)
        .options(
            joinedload(Rectification.recorded_by),
            joinedload(Rectification.decision).joinedload(RectificationDecision.decided_by),
        )
        .where(Rectification.cellule_id == case.cellule_id, Rectification.case_id == case.id)
        .where(Rectification.label.in_(labels))
    )
    if not corrected:
        outcome = RectificationDecision.outcome
        wanted = wanted.where(or_(outcome.is_(None), outcome != RectificationOutcome.CORRECTED))
    return db.session().scalars(wanted.order_by(Rectification.id)).all()


def get_rectification(case: Case, public_id: str) -> Rectification:
    """Return a rectification of a case with its decision. Raises `NotFound`."""
    wanted = (
        select(Rectification)
        .options(joinedload(Rectification.decision))
        .where(
            Rectification.cellule_id == case.cellule_id,
            Rectification.case_id == case.id,
            Rectification.public_id == public_id,
        )
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def recipients_of(case_id: int, cellule_id: int, label: Label | None) -> list[int]:
    """Return the organisations that took a file of a case out, under this label when one is given."""
    rows = db.session().scalars(
        select(Departure).where(Departure.cellule_id == cellule_id, Departure.case_id == case_id)
    )
    return sorted({row.organisation_id for row in rows if label is None or label in row.labels})


def list_told(case: Case, labels: Collection[Label]) -> Sequence[RecipientNotice]:
    """Return who was told of what about a case under these labels, newest first, with the organisations."""
    wanted = (
        select(RecipientNotice)
        .options(joinedload(RecipientNotice.organisation))
        .where(RecipientNotice.cellule_id == case.cellule_id, RecipientNotice.case_id == case.id)
        .where(or_(RecipientNotice.label.is_(None), RecipientNotice.label.in_(labels)))
    )
    return db.session().scalars(wanted.order_by(RecipientNotice.id.desc())).all()


def list_own_news(actor: Actor) -> Sequence[RecipientNotice]:
    """Return what the actor's organisation was told, newest first."""
    wanted = select(RecipientNotice).where(
        RecipientNotice.cellule_id == actor.cellule_id, RecipientNotice.organisation_id == actor.organisation_id
    )
    return db.session().scalars(wanted.order_by(RecipientNotice.id.desc()).limit(100)).all()


def files_of(actor: Actor, case_ids: Collection[int]) -> Sequence[Departure]:
    """Return the files that the actor's organisation took out of these cases, oldest first, with the person."""
    wanted = (
        select(Departure)
        .options(joinedload(Departure.user, innerjoin=True))
        .where(
            Departure.cellule_id == actor.cellule_id,
            Departure.organisation_id == actor.organisation_id,
            Departure.case_id.in_(case_ids),
        )
    )
    return db.session().scalars(wanted.order_by(Departure.id)).all()
