"""Use cases of requests; what other features call is listed in the docstring of `pdp.requests`."""

from pdp.requests.service.answers import answer_rule, override
from pdp.requests.service.appraisal import answers_of, appraise, standing_of, take_snapshot
from pdp.requests.service.expected import list_expected, record_from_document
from pdp.requests.service.guidance import Guidance, guide
from pdp.requests.service.pieces import ask_piece, record_piece
from pdp.requests.service.reading import (
    StoredPiece,
    StoredRequest,
    panel_of,
    read_case_requests,
    read_finding,
    read_for_edit,
    read_piece,
    read_request,
)
from pdp.requests.service.write import advance, confirm, create_request, decline, edit, move, submit, withdraw

__all__ = [
    "Guidance",
    "StoredPiece",
    "StoredRequest",
    "advance",
    "answer_rule",
    "answers_of",
    "appraise",
    "ask_piece",
    "confirm",
    "create_request",
    "decline",
    "edit",
    "guide",
    "list_expected",
    "move",
    "override",
    "panel_of",
    "read_case_requests",
    "read_finding",
    "read_for_edit",
    "read_piece",
    "read_request",
    "record_from_document",
    "record_piece",
    "standing_of",
    "submit",
    "take_snapshot",
    "withdraw",
]
