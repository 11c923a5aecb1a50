"""Reads of retention: clocks, the rows of one case, what statistics count, runs and holds."""

from pdp.retention.queries.cases import CaseRow, find_case, list_cases, list_ready, rules_history, rules_today
from pdp.retention.queries.erasing import count_cases, database_now, erase, newest_entry, weigh
from pdp.retention.queries.minutes import list_versions_about
from pdp.retention.queries.records import (
    announced,
    count_erasures,
    find_hidden,
    last_confirmed,
    last_trusted_run,
    list_contacts,
    list_erasures,
    list_holds,
    list_runs,
    lock_hold,
    lock_run,
    waiting_run,
)
from pdp.retention.queries.statistics import Line, facts, statistics

__all__ = [
    "CaseRow",
    "Line",
    "announced",
    "count_cases",
    "count_erasures",
    "database_now",
    "erase",
    "facts",
    "find_case",
    "find_hidden",
    "last_confirmed",
    "last_trusted_run",
    "list_cases",
    "list_contacts",
    "list_erasures",
    "list_holds",
    "list_ready",
    "list_runs",
    "list_versions_about",
    "lock_hold",
    "lock_run",
    "newest_entry",
    "rules_history",
    "rules_today",
    "statistics",
    "waiting_run",
    "weigh",
]
