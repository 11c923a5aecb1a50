"""The note of a discussion, which several people may type."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as stored. `saved_by` names who saved it last when that is somebody else than the reader.

    `merged` says that the text just saved was brought together with what somebody else had written.
    """

    item: str
    text: str
    version: int
    saved_at: datetime | None
    saved_by: str
    merged: bool = False
