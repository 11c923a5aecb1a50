"""What happens to a measure that was granted: a measure is its request, this is its history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.measures.enums import EventKind
from pdp.requests.models import DispositifRequest


class MeasureEvent(Public, Base):
    """A fact of the life of a measure (label `outcome`): dates and codes, no text. Only added to.

    `code` is the signer, the reason of an interruption, the objective or the dispositif asked next; `result`,
    how far the objective was reached.
    """

    __tablename__ = "measure_event"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_measure_event_request", "cellule_id", "request_id", "id"),
        Index("ix_measure_event_case", "cellule_id", "case_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    request_id: Mapped[int]
    kind: Mapped[EventKind]
    happened_on: Mapped[date]
    # The last day of a period planned.
    until: Mapped[date | None]
    code: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[str] = mapped_column(String(40), default="")
    # Of the convention: which one was written, or signed.
    text_version: Mapped[int | None]
    # The period that this one calls off.
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("measure_event.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    request: Mapped[DispositifRequest] = relationship(lazy="raise_on_sql", viewonly=True)
    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")
