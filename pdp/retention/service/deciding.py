"""What people decide: a contact written down, a case brought back, a hold, a run confirmed, the rules."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.retention import queries, rules
from pdp.retention.enums import ContactMeans, ErasureState, RunState
from pdp.retention.models import RetentionContact, RetentionHold, RetentionRules
from pdp.retention.queries import CaseRow
from pdp.retention.service.access import get_row, may_steer

_NOT_YOURS = (
    "Ce dossier ne relève pas de vous. Demandez-le à son référent, au manager ou au secrétariat de la cellule."
)
_NOT_HIDDEN = "Ce dossier n’est pas masqué. Rechargez la page pour voir où il en est."
_CHANGED = "Cette conservation a changé entre-temps. Rechargez la page : rien n’a été modifié."
_SAME_PERSON = "Vous avez demandé cette levée : une autre personne doit la confirmer."


def record_contact(actor: Actor, case_id: str, *, contacted_on: date, means: ContactMeans, reason: str) -> None:
    """Write down a contact with the person: the clock runs again from that day. Raises `InvalidInput`."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor):
        row = _steered(actor, case_id)
        if row.clock.hidden_on is not None:
            raise RuleViolation("Ce dossier est masqué : rendez-le d’abord, avec le motif du contact.")
        _refuse_date(row, contacted_on)
        contact = _add_contact(actor, row, contacted_on, means, reason)
        audit.record(actor, "retention.contact", case_id=row.id, subject=contact, means=means.value)


def bring_back(actor: Actor, case_id: str, *, reason: str) -> None:
    """Show a hidden case again; its clock runs again from today. Raises `RuleViolation`."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor) as session:
        row = _steered(actor, case_id)
        erasure = queries.find_hidden(actor.cellule_id, row.id)
        if row.clock.hidden_on is None or erasure is None:
            raise RuleViolation(_NOT_HIDDEN)
        case = session.get_one(Case, row.id)
        case.hidden_on = None
        case.version += 1
        erasure.state = ErasureState.RESTORED
        erasure.ended_at, erasure.ended_by_id = clock.now(), actor.user_id
        _add_contact(actor, row, clock.today(), ContactMeans.BROUGHT_BACK, reason)
        audit.record(actor, "retention.bring_back", case_id=row.id, subject=erasure)


def place_hold(actor: Actor, case_id: str, *, dispute: str) -> None:
    """Keep a case for a dispute, whatever its clock says. It is looked at again within a year."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor) as session:
        row = _steered(actor, case_id)
        if any(held.lifted_at is None for held, _ in queries.list_holds(actor.cellule_id, row.id)):
            raise RuleViolation("Ce dossier est déjà conservé pour contentieux. Rechargez la page.")
        today = clock.today()
        hold = RetentionHold(
            cellule_id=actor.cellule_id,
            case_id=row.id,
            reason=dispute,
            placed_by_id=actor.user_id,
            placed_on=today,
            review_on=rules.add_months(today, rules.REVIEW_MONTHS),
            lift_reason="",
        )
        session.add(hold)
        session.flush()
        audit.record(actor, "retention.hold", case_id=row.id, subject=hold)


def review_hold(actor: Actor, case_id: str, hold_id: str, *, version: int) -> None:
    """Say that the dispute still stands: one more year."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor):
        hold = _hold(actor, case_id, hold_id, version)
        today = clock.today()
        hold.reviewed_on, hold.reviewed_by_id = today, actor.user_id
        hold.review_on = rules.add_months(today, rules.REVIEW_MONTHS)
        hold.version += 1
        audit.record(actor, "retention.review", case_id=hold.case_id, subject=hold)


def ask_lift(actor: Actor, case_id: str, hold_id: str, *, lift_reason: str, version: int) -> None:
    """Ask that a hold be lifted: another person confirms."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor):
        hold = _hold(actor, case_id, hold_id, version)
        hold.lift_reason, hold.lift_asked_by_id, hold.lift_asked_at = lift_reason, actor.user_id, clock.now()
        hold.version += 1
        audit.record(actor, "retention.lift_asked", case_id=hold.case_id, subject=hold)


def lift(actor: Actor, case_id: str, hold_id: str, *, version: int) -> None:
    """Lift a hold that another person asked to lift. Raises `RuleViolation`."""
    ensure(actor, Permission.RETENTION_STEER)
    with db.transaction(actor):
        hold = _hold(actor, case_id, hold_id, version)
        if hold.lift_asked_by_id is None:
            raise RuleViolation("Demandez d’abord la levée, avec son motif.")
        if hold.lift_asked_by_id == actor.user_id:
            raise RuleViolation(_SAME_PERSON)
        hold.lifted_by_id, hold.lifted_at = actor.user_id, clock.now()
        hold.version += 1
        audit.record(actor, "retention.lift", case_id=hold.case_id, subject=hold)


def confirm_run(actor: Actor, run_id: str) -> bool:
    """Confirm, for one's function, a run that was stopped; return whether both have. Raises `RuleViolation`."""
    ensure(actor, Permission.RETENTION_CONFIRM)
    with db.transaction(actor):
        run = queries.lock_run(actor.cellule_id, run_id)
        newest = queries.waiting_run(actor.cellule_id)
        if newest is None or newest.id != run.id:
            raise RuleViolation("Ce passage n’attend plus de confirmation. Rechargez la page.")
        if actor.user_id in (run.coordinator_id, run.officer_id):
            raise RuleViolation("Vous avez déjà confirmé : une autre personne doit le faire aussi.")
        if actor.role is Role.DPO:
            run.officer_id, run.officer_at = actor.user_id, clock.now()
        else:
            run.coordinator_id, run.coordinator_at = actor.user_id, clock.now()
        both = run.officer_id is not None and run.coordinator_id is not None
        if both:
            run.state = RunState.CONFIRMED
        audit.record(actor, "retention.confirm", subject=run, both=both)
    return both


def set_rules(
    actor: Actor,
    *,
    valid_from: date,
    months: int,
    notice_days: int,
    hidden_days: int,
    cap_percent: int,
    cap_cases: int,
) -> None:
    """Decide how long cases are kept from a date on. Raises `InvalidInput`."""
    ensure(actor, Permission.RETENTION_SETTLE)
    if valid_from < clock.today():
        raise InvalidInput(
            {"valid_from": ["Une règle ne vaut pas pour le passé : choisissez aujourd’hui ou plus tard."]}
        )
    row = RetentionRules(
        cellule_id=actor.cellule_id,
        valid_from=valid_from,
        months=months,
        notice_days=notice_days,
        hidden_days=hidden_days,
        cap_percent=cap_percent,
        cap_cases=cap_cases,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    try:
        with db.transaction(actor) as session:
            session.add(row)
            session.flush()
            audit.record(actor, "retention.rules", subject=row, months=months, hidden_days=hidden_days)
    except IntegrityError:
        raise InvalidInput(
            {"valid_from": ["Une règle commence déjà ce jour-là : choisissez un autre jour."]}
        ) from None


def _steered(actor: Actor, case_id: str) -> CaseRow:
    row = get_row(actor, case_id, lock=True)
    if not may_steer(actor, row):
        raise RuleViolation(_NOT_YOURS)
    return row


def _hold(actor: Actor, case_id: str, hold_id: str, version: int) -> RetentionHold:
    row = _steered(actor, case_id)
    hold = queries.lock_hold(actor.cellule_id, row.id, hold_id)
    if hold.lifted_at is not None or hold.version != version:
        raise Conflict(_CHANGED)
    return hold


def _refuse_date(row: CaseRow, contacted_on: date) -> None:
    if contacted_on > clock.today():
        raise InvalidInput({"contacted_on": ["Ce jour est à venir : écrivez un contact qui a eu lieu."]})
    if row.clock.closed_on and contacted_on < row.clock.closed_on:
        raise InvalidInput({"contacted_on": ["Ce contact est antérieur à la clôture : il ne change pas la durée."]})


def _add_contact(actor: Actor, row: CaseRow, on: date, means: ContactMeans, reason: str) -> RetentionContact:
    contact = RetentionContact(
        cellule_id=actor.cellule_id,
        case_id=row.id,
        contacted_on=on,
        means=means,
        reason=reason,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session().add(contact)
    db.session().flush()
    return contact
