"""The DPO's alerts: read them, say that they were looked at, lift a suspension."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.oversight.queries import reading as queries
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in a list."""

    alert: AccessAlert
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """An alert, the person it is about, and who dealt with it. `holds`: a suspension is in force."""

    alert: AccessAlert
    name: str
    person_id: str
    organisation: str
    looked_by: str
    lifted_by: str
    holds: bool


def list_alerts(actor: Actor, *, waiting: bool) -> Sequence[AlertRow]:
    """Return the alerts of the cellule, or those that nobody looked at yet."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        rows = [AlertRow(*found) for found in queries.list_alerts(actor.cellule_id, waiting=waiting)]
        audit.record(actor, "alert.list", waiting=waiting, count=len(rows))
        return rows


def read_alert(actor: Actor, alert_id: str) -> AlertPage:
    """Open an alert."""
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        alert, person, organisation = queries.get_alert(actor.cellule_id, alert_id)
        names = queries.names_of({key for key in (alert.looked_by_id, alert.lifted_by_id) if key})
        audit.record(actor, "alert.read", subject=alert)
        return AlertPage(
            alert,
            person.full_name,
            person.public_id,
            organisation,
            names.get(alert.looked_by_id or 0, ""),
            names.get(alert.lifted_by_id or 0, ""),
            _holds(alert),
        )


def mark_looked(actor: Actor, alert_id: str, *, comment: str) -> AlertKind:
    """Say that an alert was looked at, and what was found; return its kind.

    Raises `RuleViolation` when it was before, or when it is about oneself.
    """
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        alert, _, _ = queries.get_alert(actor.cellule_id, alert_id, lock=True)
        _refuse_oneself(actor, alert)
        if alert.looked_at is not None:
            raise RuleViolation("Cette alerte a déjà été examinée. Rechargez la page pour lire ce qui en a été dit.")
        alert.looked_at, alert.looked_by_id, alert.comment = clock.now(), actor.user_id, comment
        audit.record(actor, "alert.looked", subject=alert)
        return alert.kind


def lift(actor: Actor, alert_id: str, *, reason: str) -> AlertKind:
    """Lift a suspension before midnight; return its kind.

    Raises `RuleViolation` when it no longer holds, or is one's own.
    """
    ensure(actor, Permission.JOURNAL_READ)
    with db.transaction(actor):
        alert, _, _ = queries.get_alert(actor.cellule_id, alert_id, lock=True)
        _refuse_oneself(actor, alert)
        if not _holds(alert):
            raise RuleViolation("Cette suspension n’a plus cours. Rechargez la page.")
        alert.lifted_at, alert.lifted_by_id, alert.lift_reason = clock.now(), actor.user_id, reason
        audit.record(actor, "alert.lift", subject=alert)
        return alert.kind


def _refuse_oneself(actor: Actor, alert: AccessAlert) -> None:
    # Someone who also works on cases, through another membership, is not their own watch.
    if alert.user_id == actor.user_id:
        raise RuleViolation("Cette alerte vous concerne : c’est à une autre personne de l’examiner.")


def _holds(alert: AccessAlert) -> bool:
    return alert.kind is AlertKind.BLOCK and alert.lifted_at is None and alert.day == clock.today()
