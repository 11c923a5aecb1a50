"""Reads of cases. Everything is filtered by `visible_to`: a hidden case is a missing one."""

from pdp.cases.queries.facts import case_facts
from pdp.cases.queries.journal import list_journal
from pdp.cases.queries.listing import CaseFilters, CaseRow, count_by_stage, list_cases
from pdp.cases.queries.one import (
    find_cases_of_person,
    find_person_by_nir,
    find_row,
    get_case,
    has_hidden_case,
    last_change,
    list_activities,
    list_answerers,
    list_encounters,
    list_former_names,
    list_notes,
    list_referents,
    list_stoppages,
    lock_person,
    next_reference,
)
from pdp.cases.queries.visibility import named_in_lists, reads_label, visible_to

__all__ = [
    "CaseFilters",
    "CaseRow",
    "case_facts",
    "count_by_stage",
    "find_cases_of_person",
    "find_person_by_nir",
    "find_row",
    "get_case",
    "has_hidden_case",
    "last_change",
    "list_activities",
    "list_answerers",
    "list_cases",
    "list_encounters",
    "list_former_names",
    "list_journal",
    "list_notes",
    "list_referents",
    "list_stoppages",
    "lock_person",
    "named_in_lists",
    "next_reference",
    "reads_label",
    "visible_to",
]
