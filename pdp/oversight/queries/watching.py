"""What an account did today: one statement, run under the lock of the cellule's chain."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, or_, select, true

from pdp.accounts.models import Membership
from pdp.audit.models import AuditEntry
from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.core import db
from pdp.meetings.models import Action, AgendaItem
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.oversight.rules import REFUSED, Counted
from pdp.policy.roles import PARTNER_ROLES, Role
from pdp.requests.models import DispositifRequest

# The twin of `rules.is_counted`.
_NOT_COUNTED = ("vote", "ballot", "opinion", "agenda", "meeting", "access")


def count_openings(
    *,
    cellule_id: int,
    user_id: int,
    organisation_id: int,
    role: Role,
    now_opened: Collection[int],
    since: datetime,
    day: date,
) -> Counted:
    """Count the distinct cases that an account opened since an instant, `now_opened` included."""
    before = (
        select(AuditEntry.case_id.label("id"))
        .where(
            AuditEntry.user_id == user_id,
            AuditEntry.at >= since,
            AuditEntry.case_id.is_not(None),
            AuditEntry.cellule_id == cellule_id,
            ~or_(*(AuditEntry.action.startswith(f"{family}.") for family in _NOT_COUNTED)),
        )
        .union(*(select(literal(case_id).label("id")) for case_id in sorted(now_opened)))
        .subquery("opened")
    )
    inside = _inside(user_id, organisation_id, role)
    cases = (
        select(func.count().label("cases"), func.count().filter(~inside).label("outside"))
        .select_from(before)
        .outerjoin(Case, and_(Case.id == before.c.id, Case.cellule_id == cellule_id))
        .subquery("cases")
    )
    alerts = _alerts(cellule_id, user_id, day)
    row = db.session().execute(select(cases, alerts).join(alerts, true())).one()
    raised = {AlertKind.MASS: row.mass, AlertKind.OUTSIDE: row.outside_alerts, AlertKind.REFUSALS: row.refusals}
    return Counted(
        cases=row.cases,
        outside=row.outside,
        raised=frozenset(kind for kind, count in raised.items() if count),
        blocks=row.blocks,
        suspended=bool(row.holding),
    )


def count_refusals(*, cellule_id: int, user_id: int, since: datetime, day: date) -> tuple[int, Counted]:
    """Count the refusals of an account on addresses of the site since an instant."""
    alerts = _alerts(cellule_id, user_id, day)
    refusals = (
        select(func.count().label("refused"))
        .where(
            AuditEntry.user_id == user_id,
            AuditEntry.at >= since,
            AuditEntry.action == REFUSED,
            AuditEntry.cellule_id == cellule_id,
        )
        .subquery("refusals")
    )
    row = db.session().execute(select(refusals.c.refused, alerts).join(alerts, true())).one()
    raised = frozenset({AlertKind.REFUSALS} if row.refusals else ())
    return row.refused, Counted(0, 0, raised, row.blocks, bool(row.holding))


def is_suspended(*, cellule_id: int, user_id: int, day: date) -> bool:
    """Tell whether a suspension of an account holds today."""
    wanted = select(AccessAlert.id).where(
        AccessAlert.cellule_id == cellule_id,
        AccessAlert.user_id == user_id,
        AccessAlert.day == day,
        AccessAlert.kind == AlertKind.BLOCK,
        AccessAlert.lifted_at.is_(None),
    )
    return db.session().scalar(wanted.limit(1)) is not None


def list_dpo_ids(cellule_id: int, day: date) -> list[int]:
    """Return the DPOs of a cellule on a day."""
    wanted = select(Membership.user_id).where(
        Membership.cellule_id == cellule_id,
        Membership.role == Role.DPO,
        Membership.starts_on <= day,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= day),
    )
    return list(db.session().scalars(wanted))


def _alerts(cellule_id: int, user_id: int, day: date) -> Subquery:
    kind = AccessAlert.kind
    return (
        select(
            func.count().filter(kind == AlertKind.MASS).label("mass"),
            func.count().filter(kind == AlertKind.OUTSIDE).label("outside_alerts"),
            func.count().filter(kind == AlertKind.REFUSALS).label("refusals"),
            func.count().filter(kind == AlertKind.BLOCK).label("blocks"),
            func.count().filter(kind == AlertKind.BLOCK, AccessAlert.lifted_at.is_(None)).label("holding"),
        )
        .where(AccessAlert.cellule_id == cellule_id, AccessAlert.user_id == user_id, AccessAlert.day == day)
        .subquery("alerts")
    )


def _inside(user_id: int, organisation_id: int, role: Role) -> ColumnElement[bool]:
    """Tell whether a case belongs to what an account works on: referent, team, agenda, action, sharing.

    A partner only sees what was shared with its organisation: all of it is its caseload. The team is the
    manager's; a case in triage is everyone's who sorts signalements.
    """
    if role in PARTNER_ROLES:
        return true()
    on_agenda = (
        select(AgendaItem.id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .where(AgendaItem.cellule_id == Case.cellule_id, DispositifRequest.case_id == Case.id)
        .exists()
    )
    has_action = (
        select(Action.id)
        .where(
            Action.cellule_id == Case.cellule_id,
            Action.case_id == Case.id,
            Action.owner_organisation_id == organisation_id,
        )
        .exists()
    )
    own = [Case.referent_user_id == user_id, on_agenda, has_action]
    if role is Role.MANAGER:
        team = select(Membership.user_id).where(Membership.organisation_id == organisation_id)
        own.append(Case.referent_user_id.in_(team))
    if role in {Role.CSAM, Role.MANAGER}:
        own.append(Case.stage == Stage.TRIAGE)
    return func.coalesce(or_(*own), False)
