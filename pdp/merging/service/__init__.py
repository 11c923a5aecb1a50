"""Use cases of merging: look for possible duplicates, compare, propose, decide, undo."""

from pdp.merging.service.comparing import (
    CandidatePage,
    ComparisonPage,
    DuplicatePage,
    find_homonyms,
    list_candidates,
    list_duplicates,
    read_comparison,
)
from pdp.merging.service.deciding import confirm_merge, refuse_merge
from pdp.merging.service.proposing import propose_merge, set_apart
from pdp.merging.service.reading import MergePage, ProposalPage, list_proposals, read_proposal
from pdp.merging.service.undoing import UndoPage, prepare_undo, undo_merge

__all__ = [
    "CandidatePage",
    "ComparisonPage",
    "DuplicatePage",
    "MergePage",
    "ProposalPage",
    "UndoPage",
    "confirm_merge",
    "find_homonyms",
    "list_candidates",
    "list_duplicates",
    "list_proposals",
    "prepare_undo",
    "propose_merge",
    "read_comparison",
    "read_proposal",
    "refuse_merge",
    "set_apart",
    "undo_merge",
]
