"""One passage over a cellule: judge the clocks, stop if anything is odd, then case by case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service import notify
from pdp.policy.roles import Role
from pdp.retention import queries, rules
from pdp.retention.enums import RunState, Standing, StopReason
from pdp.retention.models import RetentionRun
from pdp.retention.queries import CaseRow
from pdp.retention.rules import Rules
from pdp.retention.service import erasing

LIST, RUNS = "/conservation/dossiers", "/conservation/passages"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, and why it would not. `weights`: rows by table, and bytes of files."""

    cellule_id: int
    kept: Rules
    base: int
    soon: Sequence[CaseRow]
    to_hide: Sequence[CaseRow]
    to_erase: Sequence[CaseRow]
    suspended: Sequence[CaseRow]
    stop: StopReason | None
    reason: str
    weights: Mapping[str, int]
    size: int

    @property
    def cap(self) -> int:
        """Return how many cases a run may hide, and erase."""
        return self.kept.cap(self.base)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    hidden: int = 0
    erased: int = 0
    stop: StopReason | None = None
    reason: str = ""


def dry_run(cellule_id: int) -> Plan:
    """Return what a run would do now, with the rows and bytes that would go. Nothing is written."""
    with db.reading(db.Upkeep(cellule_id)):
        return _plan(cellule_id, weighed=True)


def run(cellule_id: int) -> Ran:
    """Hide and erase what is due in a cellule; touch nothing when the clock or the number is odd.

    One transaction per case: an interrupted run is taken up by the next one.
    """
    erasing.write_lines(cellule_id)
    with db.transaction(db.Upkeep(cellule_id)) as session:
        # Two runs at once would both count under the cap.
        accounts.lock_cellule(cellule_id)
        plan = _plan(cellule_id, weighed=False)
        entry = _entry(plan)
        session.add(entry)
        session.flush()
        audit.record(
            None,
            "retention.run",
            subject=entry,
            stop=plan.stop.value if plan.stop else None,
            base=plan.base,
            to_hide=len(plan.to_hide),
            to_erase=len(plan.to_erase),
        )
        if plan.stop:
            _ask_two_people(plan)
            return Ran(stop=plan.stop, reason=plan.reason)
        _announce(plan)
    return _carry_out(plan, entry.id)


def _carry_out(plan: Plan, run_id: int) -> Ran:
    failures: list[Exception] = []
    # What was hidden earlier goes first: its time came first.
    erased = _each(erasing.erase, plan, plan.to_erase, failures)
    hidden = _each(erasing.hide, plan, plan.to_hide, failures)
    if hidden or erased:
        with db.transaction(db.Upkeep(plan.cellule_id)) as session:
            entry = session.get_one(RetentionRun, run_id)
            entry.hidden, entry.erased = hidden, erased
            audit.record(None, "retention.ran", subject=entry, hidden=hidden, erased=erased)
    if failures:
        raise ExceptionGroup(f"{len(failures)} cases failed", failures)
    return Ran(hidden, erased)


def _each(
    act: Callable[[int, int, Rules], bool], plan: Plan, rows: Sequence[CaseRow], failures: list[Exception]
) -> int:
    """Do it to each case in a transaction of its own: one that fails leaves the others their turn.

    An erasures' file that cannot be written stops everything: no case goes without its line.
    """
    done = 0
    for row in rows:
        try:
            done += act(plan.cellule_id, row.id, plan.kept)
        except OSError:
            raise
        except Exception as failure:
            failures.append(failure)
    return done


def _plan(cellule_id: int, *, weighed: bool) -> Plan:
    today = clock.today()
    kept = queries.rules_today(cellule_id, today)
    rows = queries.list_ready(cellule_id, kept, today)
    to_hide, to_erase = rows.get(Standing.DUE, ()), rows.get(Standing.READY, ())
    base = queries.count_cases(cellule_id)
    stop, reason = _stop(cellule_id, kept, base, len(to_hide), len(to_erase))
    weights: dict[str, int] = {}
    size = 0
    for row in to_erase if weighed else ():
        counts, bytes_ = queries.weigh(cellule_id, row.id)
        weights = {table: weights.get(table, 0) + count for table, count in counts.items()}
        size += bytes_
    return Plan(
        cellule_id,
        kept,
        base,
        rows.get(Standing.SOON, ()),
        to_hide,
        to_erase,
        rows.get(Standing.SUSPENDED, ()),
        stop,
        reason,
        weights,
        size,
    )


def _stop(cellule_id: int, kept: Rules, base: int, hide: int, erase: int) -> tuple[StopReason | None, str]:
    now = clock.now()
    doubts = {
        StopReason.CLOCK: rules.doubt_of_clock(
            now,
            queries.database_now(),
            queries.newest_entry(cellule_id),
            queries.last_trusted_run(cellule_id),
        ),
        StopReason.CAP: rules.beyond_cap(kept, base, hide, erase),
    }
    said = queries.last_confirmed(cellule_id)
    confirmed = None
    if said is not None and said.stop is not None:
        at = max(filter(None, (said.coordinator_at, said.officer_at)), default=said.at)
        confirmed = (said.stop, at, said.to_hide, said.to_erase)
    for stop, reason in doubts.items():
        if reason and not rules.is_covered(stop, confirmed, now, hide, erase):
            return stop, reason
    return None, ""


def _entry(plan: Plan) -> RetentionRun:
    return RetentionRun(
        cellule_id=plan.cellule_id,
        at=clock.now(),
        state=RunState.STOPPED if plan.stop else RunState.DONE,
        stop=plan.stop,
        detail=plan.reason,
        base=plan.base,
        cap=plan.cap,
        to_hide=len(plan.to_hide),
        to_erase=len(plan.to_erase),
    )


def _people(cellule_id: int, *roles: Role) -> set[int]:
    return {found.user_id for found in accounts.list_people(cellule_id, clock.today()) if found.role in roles}


def _ask_two_people(plan: Plan) -> None:
    both = _people(plan.cellule_id, Role.COORDINATEUR, Role.DPO)
    notify(both, NoticeKind.RETENTION_STOPPED, cellule_id=plan.cellule_id, link=RUNS)


def _announce(plan: Plan) -> None:
    """Tell the referent (or the managers) and the coordinator, once per case and end of its time."""
    told = _people(plan.cellule_id, Role.COORDINATEUR)
    managers = _people(plan.cellule_id, Role.MANAGER)
    known = queries.announced(plan.cellule_id, {row.id for row in plan.soon})
    for row in plan.soon:
        if row.id in known:
            continue
        answer = {row.referent_user_id} if row.referent_user_id else managers
        notify(
            told | answer,
            NoticeKind.RETENTION_SOON,
            cellule_id=plan.cellule_id,
            case_id=row.id,
            link=f"{LIST}/{row.public_id}",
        )
