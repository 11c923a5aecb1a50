"""The slots of scheduled work: which job, due when, taken by which process, and what became of it."""

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base
from pdp.operations.enums import SlotOutcome


class JobSlot(Base):
    """A slot of a job, taken by one process at a time: `lease_until` says until when it vouches for it.

    A slot whose lease ended without an end is taken again. The process that leads has a row of its own,
    under the name `scheduler`, from the instant it was elected.
    """

    __tablename__ = "job_slot"
    __table_args__ = (UniqueConstraint("job", "slot_at"),)

    job: Mapped[str] = mapped_column(String(60))
    slot_at: Mapped[datetime]
    claimed_at: Mapped[datetime]
    # Host, number and mark of the process: no person.
    claimed_by: Mapped[str] = mapped_column(String(100))
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[SlotOutcome | None]
    attempts: Mapped[int] = mapped_column(Integer, default=1)
