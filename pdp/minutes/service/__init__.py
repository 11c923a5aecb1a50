"""Minutes: compose them, correct and send them, read what one may read of them, keep their register."""

from pdp.minutes.service.approve import (
    approve_in_seance,
    close_due_windows,
    object_to,
    on_seance_closed,
    open_window,
    read_window,
    shortest_window,
)
from pdp.minutes.service.compose import Composed, compose_minutes
from pdp.minutes.service.correct import ErratumSheet, compose_erratum, read_erratum
from pdp.minutes.service.doors import ShownVersion
from pdp.minutes.service.draft import Draft, DraftPoint, DraftRecipient, Preview, read_preview
from pdp.minutes.service.excerpt import ExcerptLink, find_excerpts, list_papers, read_excerpt
from pdp.minutes.service.read import Download, MinutesView, download, open_minutes, read_minutes
from pdp.minutes.service.register import Register, RegisterLine, export_register, read_register
from pdp.minutes.service.send import (
    SendingLine,
    SendingSheet,
    cancel_sending,
    prepare_sending,
    read_recall,
    read_sending,
    recall,
    send_due,
)

__all__ = [
    "Composed",
    "Download",
    "Draft",
    "DraftPoint",
    "DraftRecipient",
    "ErratumSheet",
    "ExcerptLink",
    "MinutesView",
    "Preview",
    "Register",
    "RegisterLine",
    "SendingLine",
    "SendingSheet",
    "ShownVersion",
    "approve_in_seance",
    "cancel_sending",
    "close_due_windows",
    "compose_erratum",
    "compose_minutes",
    "download",
    "export_register",
    "find_excerpts",
    "list_papers",
    "object_to",
    "on_seance_closed",
    "open_minutes",
    "open_window",
    "prepare_sending",
    "read_erratum",
    "read_excerpt",
    "read_minutes",
    "read_preview",
    "read_recall",
    "read_register",
    "read_sending",
    "read_window",
    "recall",
    "send_due",
    "shortest_window",
]
