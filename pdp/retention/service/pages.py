"""What the pages show: the cases near their end, one of them, the runs, the rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.roles import Role
from pdp.retention import queries
from pdp.retention.enums import Standing
from pdp.retention.models import RetentionContact, RetentionHold, RetentionRules, RetentionRun
from pdp.retention.rules import Rules
from pdp.retention.service.access import Shown, get_row, may_steer, reach, shown

# What each tab of the list shows.
TABS: Mapping[str, frozenset[Standing]] = {
    "a-venir": frozenset({Standing.SOON, Standing.DUE}),
    "masques": frozenset({Standing.HIDDEN, Standing.READY}),
    "suspendus": frozenset({Standing.SUSPENDED}),
}


@dataclass(frozen=True, slots=True)
class ListPage:
    """The cases of a tab, how many each tab holds, how many were erased, and a run that waits."""

    rows: Sequence[Shown]
    counts: Mapping[str, int]
    erased: int
    kept: Rules
    waiting: RetentionRun | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case: its clock, the contacts and holds written down, and what the actor may do."""

    case: Shown
    contacts: Sequence[tuple[RetentionContact, str]]
    holds: Sequence[tuple[RetentionHold, str]]
    kept: Rules
    steers: bool
    reads_reasons: bool


@dataclass(frozen=True, slots=True)
class RunsPage:
    """The last runs, and whether the actor's confirmation is awaited."""

    runs: Sequence[RetentionRun]
    confirms: bool


def list_cases(actor: Actor, tab: str) -> ListPage:
    """Return the cases of a tab that the actor may see. One journal entry; five statements."""
    ensure(actor, Permission.RETENTION_READ)
    with db.transaction(actor):
        today = clock.today()
        kept = queries.rules_today(actor.cellule_id, today)
        found = queries.list_cases(actor.cellule_id, kept, today, reach(actor, today))
        if actor.role is Role.SERVICE_SOCIAL:
            found = [row for row in found if may_steer(actor, row)]
        rows = [shown(actor, row, kept, today) for row in found]
        held = Counter(tab_of(row.standing) for row in rows)
        audit.record(actor, "retention.list", tab=tab, count=len(rows))
        return ListPage(
            sorted((row for row in rows if tab_of(row.standing) == tab), key=lambda row: row.due_on or today),
            {name: held[name] for name in TABS},
            queries.count_erasures(actor.cellule_id),
            kept,
            queries.waiting_run(actor.cellule_id) if can(actor, Permission.RETENTION_CONFIRM) else None,
        )


def tab_of(standing: Standing) -> str:
    """Return the tab that shows a case, an empty word for one that is simply kept."""
    return next((name for name, held in TABS.items() if standing in held), "")


def read_case(actor: Actor, public_id: str) -> CasePage:
    """Return one case whose clock runs, hidden or not. Raises `NotFound`."""
    ensure(actor, Permission.RETENTION_READ)
    with db.transaction(actor):
        row = get_row(actor, public_id)
        today = clock.today()
        kept = queries.rules_today(actor.cellule_id, today)
        reasons = actor.role is not Role.DPO
        audit.record(actor, "retention.read", case_id=row.id)
        return CasePage(
            shown(actor, row, kept, today),
            queries.list_contacts(actor.cellule_id, row.id) if reasons else (),
            queries.list_holds(actor.cellule_id, row.id),
            kept,
            can(actor, Permission.RETENTION_STEER) and may_steer(actor, row),
            reasons,
        )


def list_runs(actor: Actor) -> RunsPage:
    """Return the last runs of the cellule."""
    ensure(actor, Permission.RETENTION_READ)
    with db.transaction(actor):
        runs = queries.list_runs(actor.cellule_id)
        audit.record(actor, "retention.runs", count=len(runs))
        return RunsPage(runs, can(actor, Permission.RETENTION_CONFIRM))


def list_rules(actor: Actor) -> tuple[Rules, Sequence[RetentionRules]]:
    """Return the rules in force and their history."""
    ensure(actor, Permission.RETENTION_READ)
    with db.reading(actor):
        today = clock.today()
        return queries.rules_today(actor.cellule_id, today), queries.rules_history(actor.cellule_id)
