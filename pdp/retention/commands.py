"""What `pdp retention` says. Exit codes: 0 done, 1 stopped or to be looked at, 2 it could not be done."""

from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from pdp.accounts.recipients import list_scopes
from pdp.core import db
from pdp.core.crypto import KeyUnavailable
from pdp.retention import erasures, queries
from pdp.retention.erasures import ErasuresBroken
from pdp.retention.service import erasing, running
from pdp.retention.service.running import Plan

Say = Callable[[str], None]
ACTIONS = ("dry-run", "run", "status", "reapply")


def act(action: str, say: Say, complain: Say) -> int:
    """Carry out one action in every cellule. Return the exit code."""
    steps = {"dry-run": dry_run, "run": run, "status": status, "reapply": reapply}
    try:
        return steps[action](say)
    except ErasuresBroken as error:
        complain(f"{erasures.path()}: {error}. Nothing of it was used.")
        return 1
    except (DBAPIError, KeyUnavailable, OSError) as error:
        complain(f"It could not be done: {str(error).splitlines()[0]}")
        return 2


def dry_run(say: Say) -> int:
    """Say what a run would do now; nothing is written."""
    stopped = False
    for cellule_id in _cellules():
        plan = running.dry_run(cellule_id)
        for line in _plan(plan):
            say(line)
        stopped = stopped or plan.stop is not None
    return 1 if stopped else 0


def run(say: Say) -> int:
    """Hide and erase what is due."""
    stopped = False
    for cellule_id in _cellules():
        ran = running.run(cellule_id)
        if ran.stop:
            say(f"Cellule {cellule_id}: stopped ({ran.stop.value}), nothing touched. {ran.reason}")
            stopped = True
        else:
            say(f"Cellule {cellule_id}: {ran.hidden} hidden, {ran.erased} erased.")
    return 1 if stopped else 0


def status(say: Say) -> int:
    """Say what was erased, and whether the file says the same as the database."""
    written = erasures.read()
    fault = False
    for cellule_id in _cellules():
        with db.reading(db.Upkeep(cellule_id)):
            stored = queries.list_erasures(cellule_id)
            broken = [erasure.case_id for erasure in stored if not erasing.is_certified(erasure)]
        lines = {line.case for line in written if line.cellule == cellule_id}
        missing = {erasure.case_id for erasure in stored} - lines
        unknown = lines - {erasure.case_id for erasure in stored}
        say(
            f"Cellule {cellule_id}: {len(stored)} erased, {len(lines)} in {erasures.path()}, "
            f"{len(missing)} to be written, {len(unknown)} unknown to the database, {len(broken)} false certificates."
        )
        if unknown:
            say("The database is older than the file: run `pdp retention reapply`.")
        fault = fault or bool(unknown or broken)
    return 1 if fault else 0


def reapply(say: Say) -> int:
    """Erase again what a restored backup brought back."""
    written = erasures.read()
    again = sum(erasing.erase_again(line) for line in written)
    say(f"{len(written)} lines in {erasures.path()}: {again} cases had come back and are erased again.")
    return 0


def _cellules() -> Sequence[int]:
    return [scope.cellule_id for scope in list_scopes()]


def _plan(plan: Plan) -> list[str]:
    lines = [
        f"Cellule {plan.cellule_id}: {plan.base} cases, {len(plan.soon)} announced, {len(plan.to_hide)} to hide, "
        f"{len(plan.to_erase)} to erase, {len(plan.suspended)} suspended, at most {plan.cap} of each in one run."
    ]
    if plan.stop:
        lines.append(f"  It would stop ({plan.stop.value}): {plan.reason}")
    if plan.to_erase:
        rows = ", ".join(f"{table} {count}" for table, count in sorted(plan.weights.items()) if count)
        lines.append(f"  Would go: {sum(plan.weights.values())} rows ({rows}), {plan.size} bytes of files.")
    return lines
