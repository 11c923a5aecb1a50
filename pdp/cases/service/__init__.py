"""Use cases of cases. Other features call `read_case`; see the note at the top of `pdp.cases`."""

from pdp.cases.service.editing import Editable, edit_block, read_block, read_row, remove_row, save_row
from pdp.cases.service.exporting import ExportFile, count_exported, export_cases
from pdp.cases.service.journal import read_journal
from pdp.cases.service.listing import CasePage, list_cases
from pdp.cases.service.opening import open_case
from pdp.cases.service.reading import read_case, view_of
from pdp.cases.service.sharing import prepare_agreement, read_sharing, record_agreement, withdraw_agreement
from pdp.cases.service.stages import assign_referent, list_referents, move_case
from pdp.cases.service.support import add_note, read_support

__all__ = [
    "CasePage",
    "Editable",
    "ExportFile",
    "add_note",
    "assign_referent",
    "count_exported",
    "edit_block",
    "export_cases",
    "list_cases",
    "list_referents",
    "move_case",
    "open_case",
    "prepare_agreement",
    "read_block",
    "read_case",
    "read_journal",
    "read_row",
    "read_sharing",
    "read_support",
    "record_agreement",
    "remove_row",
    "save_row",
    "view_of",
    "withdraw_agreement",
]
