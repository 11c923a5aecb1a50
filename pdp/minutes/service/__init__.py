"""Minutes: compose them once, read what one may read of them, download a file."""

from pdp.minutes.service.compose import Composed, compose_minutes
from pdp.minutes.service.read import (
    Download,
    Draft,
    DraftPoint,
    DraftRecipient,
    MinutesView,
    ShownVersion,
    download,
    open_minutes,
    read_minutes,
)

__all__ = [
    "Composed",
    "Download",
    "Draft",
    "DraftPoint",
    "DraftRecipient",
    "MinutesView",
    "ShownVersion",
    "compose_minutes",
    "download",
    "open_minutes",
    "read_minutes",
]
