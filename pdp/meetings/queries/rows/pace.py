"""How a séance keeps its hours."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaceView:
    """The drift in words; `paused_at` and `resumes_at` are those of a break, if there is one."""

    sentence: str
    is_late: bool
    paused_at: datetime | None
    resumes_at: datetime | None
