"""Use cases of cases. Other features call `read_case`; see the note at the top of `pdp.cases`."""

from pdp.cases.service.agreement_form import PrintedForm, print_form
from pdp.cases.service.editing import Editable, edit_block, read_block, read_row, remove_row, save_row
from pdp.cases.service.exporting import ExportFile, count_exported, export_cases
from pdp.cases.service.journal import read_journal
from pdp.cases.service.listing import CasePage, list_cases
from pdp.cases.service.opening import open_case
from pdp.cases.service.reading import read_case, view_of
from pdp.cases.service.recusing import declare_recusal, end_recusal, prepare_recusal
from pdp.cases.service.restricting import lift_restriction, prepare_restriction, restrict_case
from pdp.cases.service.sharing import prepare_agreement, read_sharing, record_agreement, withdraw_agreement
from pdp.cases.service.stages import assign_referent, list_referents, move_case
from pdp.cases.service.support import add_note, read_support
from pdp.cases.service.who_sees import print_who_sees, read_who_sees

__all__ = [
    "CasePage",
    "Editable",
    "ExportFile",
    "PrintedForm",
    "add_note",
    "assign_referent",
    "count_exported",
    "declare_recusal",
    "edit_block",
    "end_recusal",
    "export_cases",
    "lift_restriction",
    "list_cases",
    "list_referents",
    "move_case",
    "open_case",
    "prepare_agreement",
    "prepare_recusal",
    "prepare_restriction",
    "print_form",
    "print_who_sees",
    "read_block",
    "read_case",
    "read_journal",
    "read_row",
    "read_sharing",
    "read_support",
    "read_who_sees",
    "record_agreement",
    "remove_row",
    "restrict_case",
    "save_row",
    "view_of",
    "withdraw_agreement",
]
