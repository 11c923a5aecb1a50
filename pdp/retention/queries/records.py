"""Holds, contacts, deletions and runs of a cellule."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from pdp.accounts.models import User
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.retention.enums import ErasureState, RunState
from pdp.retention.models import CaseErasure, RetentionContact, RetentionHold, RetentionRun

RUNS_SHOWN = 30


def list_contacts(cellule_id: int, case_id: int) -> Sequence[tuple[RetentionContact, str]]:
    """Return the contacts written down for a case, newest first, with who wrote each."""
    wanted = (
        select(RetentionContact, User)
        .join(User, User.id == RetentionContact.recorded_by_id)
        .where(RetentionContact.cellule_id == cellule_id, RetentionContact.case_id == case_id)
        .order_by(RetentionContact.contacted_on.desc(), RetentionContact.id.desc())
    )
    return [(contact, user.full_name) for contact, user in db.session().execute(wanted)]


def list_holds(cellule_id: int, case_id: int) -> Sequence[tuple[RetentionHold, str]]:
    """Return the holds of a case, newest first, with who placed each."""
    wanted = (
        select(RetentionHold, User)
        .join(User, User.id == RetentionHold.placed_by_id)
        .where(RetentionHold.cellule_id == cellule_id, RetentionHold.case_id == case_id)
        .order_by(RetentionHold.id.desc())
    )
    return [(hold, user.full_name) for hold, user in db.session().execute(wanted)]


def lock_hold(cellule_id: int, case_id: int, public_id: str) -> RetentionHold:
    """Return a hold of the case, locked. Raises `NotFound`."""
    wanted = select(RetentionHold).where(
        RetentionHold.cellule_id == cellule_id, RetentionHold.case_id == case_id, RetentionHold.public_id == public_id
    )
    found = db.session().scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_hidden(cellule_id: int, case_id: int) -> CaseErasure | None:
    """Return the deletion under way of a case, locked."""
    wanted = select(CaseErasure).where(
        CaseErasure.cellule_id == cellule_id, CaseErasure.case_id == case_id, CaseErasure.state == ErasureState.HIDDEN
    )
    return db.session().scalars(wanted.with_for_update()).one_or_none()


def list_erasures(cellule_id: int, *, unwritten: bool = False) -> Sequence[CaseErasure]:
    """Return the erasures of a cellule, oldest first; only those that the file does not hold yet, if asked."""
    wanted = select(CaseErasure).where(CaseErasure.cellule_id == cellule_id, CaseErasure.state == ErasureState.ERASED)
    if unwritten:
        wanted = wanted.where(CaseErasure.written_at.is_(None)).with_for_update()
    return db.session().scalars(wanted.order_by(CaseErasure.id)).all()


def count_erasures(cellule_id: int) -> int:
    """Return how many cases of the cellule were erased."""
    wanted = select(func.count(CaseErasure.id)).where(
        CaseErasure.cellule_id == cellule_id, CaseErasure.state == ErasureState.ERASED
    )
    return db.session().scalar(wanted) or 0


def list_runs(cellule_id: int) -> Sequence[RetentionRun]:
    """Return the last runs, newest first."""
    wanted = select(RetentionRun).where(RetentionRun.cellule_id == cellule_id)
    return db.session().scalars(wanted.order_by(RetentionRun.id.desc()).limit(RUNS_SHOWN)).all()


def _newest(cellule_id: int, *conditions: Any) -> RetentionRun | None:
    wanted = select(RetentionRun).where(RetentionRun.cellule_id == cellule_id, *conditions)
    return db.session().scalars(wanted.order_by(RetentionRun.id.desc()).limit(1)).first()


def waiting_run(cellule_id: int) -> RetentionRun | None:
    """Return the newest run when it was stopped."""
    newest = _newest(cellule_id)
    return newest if newest and newest.state is RunState.STOPPED else None


def last_trusted_run(cellule_id: int) -> datetime | None:
    """Return when the last run that was not stopped began, or was confirmed."""
    found = _newest(cellule_id, RetentionRun.state != RunState.STOPPED)
    return max(filter(None, (found.at, found.coordinator_at, found.officer_at))) if found else None


def last_confirmed(cellule_id: int) -> RetentionRun | None:
    """Return the newest run when two people confirmed it."""
    newest = _newest(cellule_id)
    return newest if newest and newest.state is RunState.CONFIRMED else None


def lock_run(cellule_id: int, public_id: str) -> RetentionRun:
    """Return a run, locked. Raises `NotFound`."""
    wanted = select(RetentionRun).where(RetentionRun.cellule_id == cellule_id, RetentionRun.public_id == public_id)
    found = db.session().scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def announced(cellule_id: int, case_ids: Collection[int]) -> frozenset[int]:
    """Return the cases of which a notice of this kind was left lately: they stay ninety days once read."""
    wanted = select(Notice.case_id).where(
        Notice.cellule_id == cellule_id, Notice.kind == NoticeKind.RETENTION_SOON, Notice.case_id.in_(case_ids)
    )
    return frozenset(key for key in db.session().scalars(wanted) if key is not None)
