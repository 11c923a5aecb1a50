"""Emergency accesses: the case behind a reference, the register, and what each one read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, select

from pdp.accounts.models import Cellule, Organisation, User
from pdp.audit.models import AuditEntry
from pdp.cases.models import Case, EmergencyAccess
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A line of the register: who opened which case, why, until when, and how much was read."""

    access: str
    name: str
    role: str
    organisation: str
    reference: str
    restricted: bool
    reason: str
    opened_at: datetime
    ends_at: datetime
    read: int
    reviewed_at: datetime | None
    review_comment: str


def list_cellules() -> Sequence[Cellule]:
    """Return every cellule of the installation, by name."""
    return db.session().scalars(select(Cellule).order_by(Cellule.name, Cellule.id)).all()


def find_by_reference(cellule_id: int, reference: str) -> Case | None:
    """Return the case of a cellule that has exactly this reference, whoever may see it, unless its time is over."""
    wanted = select(Case).where(Case.cellule_id == cellule_id, Case.reference == reference, Case.hidden_on.is_(None))
    return db.session().scalars(wanted).one_or_none()


def find_access(cellule_id: int, access_id: int) -> EmergencyAccess | None:
    """Return an access by its key, locked."""
    wanted = select(EmergencyAccess).where(EmergencyAccess.cellule_id == cellule_id, EmergencyAccess.id == access_id)
    return db.session().scalars(wanted.with_for_update()).one_or_none()


def get_access(cellule_id: int, public_id: str) -> EmergencyAccess:
    """Return an access of the cellule by its public id, locked. Raises `NotFound`."""
    wanted = select(EmergencyAccess).where(
        EmergencyAccess.cellule_id == cellule_id, EmergencyAccess.public_id == public_id
    )
    found = db.session().scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_accesses(actor: Actor) -> Select[int, datetime]:
    """Select how many accesses to the cases of the cellule await their review, and when the oldest was opened."""
    return select(func.count(), func.min(EmergencyAccess.opened_at)).where(
        EmergencyAccess.cellule_id == actor.cellule_id, EmergencyAccess.reviewed_at.is_(None)
    )


def list_accesses(cellule_id: int, limit: int) -> list[AccessRow]:
    """Return the accesses to the cases of a cellule, those to review first, then the newest, in one statement."""
    ends_at = func.coalesce(EmergencyAccess.ended_at, EmergencyAccess.expires_at)
    entries = (
        select(func.count(AuditEntry.id))
        .where(
            and_(
                AuditEntry.cellule_id == EmergencyAccess.cellule_id,
                AuditEntry.user_id == EmergencyAccess.user_id,
                AuditEntry.case_id == EmergencyAccess.case_id,
                AuditEntry.at >= EmergencyAccess.opened_at,
                AuditEntry.at <= ends_at,
                AuditEntry.action.not_in(("case.emergency", "case.emergency.end")),
            )
        )
        .correlate(EmergencyAccess)
        .scalar_subquery()
    )
    rows = db.session().execute(
        select(EmergencyAccess, User, Organisation, Case.reference, entries)
        .join(User, User.id == EmergencyAccess.user_id)
        .join(Organisation, Organisation.id == EmergencyAccess.organisation_id)
        .join(Case, and_(Case.cellule_id == EmergencyAccess.cellule_id, Case.id == EmergencyAccess.case_id))
        .where(EmergencyAccess.cellule_id == cellule_id)
        .order_by(case((EmergencyAccess.reviewed_at.is_(None), 0), else_=1), EmergencyAccess.id.desc())
        .limit(limit)
    )
    return [
        AccessRow(
            access=access.public_id,
            name=user.full_name,
            role=access.role,
            organisation=organisation.short_name,
            reference=reference,
            restricted=access.restricted,
            reason=access.reason,
            opened_at=access.opened_at,
            ends_at=access.ended_at or access.expires_at,
            read=read,
            reviewed_at=access.reviewed_at,
            review_comment=access.review_comment,
        )
        for access, user, organisation, reference, read in rows
    ]
