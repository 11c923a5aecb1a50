"""Watch the entries of a transaction before they are written: count, alert, suspend.

It runs under the lock of the cellule's chain (`pdp.audit.service.watchers`): two requests at once cannot both
be the last one allowed. What it raises undoes the whole act, and nothing of the case gets out.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pdp.core import clock, db
from pdp.core.errors import AccessSuspended
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.oversight import rules
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.oversight.queries import watching as queries
from pdp.oversight.rules import Finding, Quotas
from pdp.policy.roles import Role

Entry = Mapping[str, Any]
_quotas: list[Quotas] = [Quotas()]
ALERTS = "/journal/alertes"


def use(quotas: Quotas) -> None:
    """Say how many cases an account may open in a day, in this installation."""
    _quotas[:] = [quotas]


def watch(entries: Sequence[Entry]) -> None:
    """Judge the entries of a transaction. Raises `AccessSuspended` for an account whose accesses are."""
    person = next((entry for entry in entries if entry["user_id"] and entry["cellule_id"]), None)
    if person is None:
        return
    stopped = any(rules.is_stopped(entry["action"]) for entry in entries)
    opened = rules.opened(entries)
    if any(entry["action"] == rules.REFUSED for entry in entries):
        _watch_refusals(person)
    elif opened:
        _watch_openings(person, opened, stopped=stopped)
    elif stopped and queries.is_suspended(**_who(person)):
        raise AccessSuspended


def _watch_openings(person: Entry, opened: frozenset[int], *, stopped: bool) -> None:
    role = Role(person["role"])
    found = queries.count_openings(
        **_who(person),
        organisation_id=person["organisation_id"],
        role=role,
        now_opened=opened,
        since=midnight(),
    )
    if found.suspended:
        if stopped:
            raise AccessSuspended
        return
    limits = _quotas[0].of(role)
    rules.ensure_within(found, limits, len(opened))
    _raise_alerts(person, rules.judge(found, limits))


def _watch_refusals(person: Entry) -> None:
    since = clock.now() - timedelta(minutes=rules.REFUSALS_MINUTES)
    # The refusal under way is not written yet.
    count, found = queries.count_refusals(**_who(person), since=since)
    count += 1
    if found.suspended:
        raise AccessSuspended
    if count >= rules.REFUSALS and AlertKind.REFUSALS not in found.raised:
        _raise_alerts(person, [Finding(AlertKind.REFUSALS, count, rules.REFUSALS)])


def _raise_alerts(person: Entry, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    now, day = clock.now(), clock.today()
    for finding in findings:
        db.session().add(
            AccessAlert(
                cellule_id=person["cellule_id"],
                user_id=person["user_id"],
                organisation_id=person["organisation_id"],
                role=Role(person["role"]),
                kind=finding.kind,
                day=day,
                round=finding.round,
                counted=finding.counted,
                threshold=finding.threshold,
                raised_at=now,
                ends_at=midnight(days=1) if finding.kind is AlertKind.BLOCK else None,
            )
        )
    recipients = queries.list_dpo_ids(person["cellule_id"], day)
    notifications.notify(recipients, NoticeKind.ACCESS_ALERT, cellule_id=person["cellule_id"], link=ALERTS)


def midnight(days: int = 0) -> datetime:
    """Return the instant when this day began in metropolitan France, or a later one."""
    start = datetime.combine(clock.today() + timedelta(days=days), time(), tzinfo=clock.PARIS)
    return start.astimezone(UTC)


def _who(person: Entry) -> dict[str, Any]:
    return {"cellule_id": person["cellule_id"], "user_id": person["user_id"], "day": clock.today()}
