"""Use cases of convocations: send them, answer them, remind of them."""

from pdp.convocations.service.answering import (
    Card,
    answer,
    answer_for,
    answer_own,
    mark_read,
    read_card,
    read_own,
)
from pdp.convocations.service.board import Board, read_board, remind
from pdp.convocations.service.listening import find_own_reply, list_announced
from pdp.convocations.service.sending import on_change, send_convocations
from pdp.convocations.service.warning import warn_all

__all__ = [
    "Board",
    "Card",
    "answer",
    "answer_for",
    "answer_own",
    "find_own_reply",
    "list_announced",
    "mark_read",
    "on_change",
    "read_board",
    "read_card",
    "read_own",
    "remind",
    "send_convocations",
    "warn_all",
]
