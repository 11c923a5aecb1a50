"""The texts of a cellule with their versions, and the letters produced about a case."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.consent.models import LabelSet
from pdp.core.db import Base, Public
from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import LetterKind, SendingMeans, TextKind
from pdp.policy.labels import Label


class CelluleText(Public, Base):
    """A version of a standard text or of the template of a letter; append-only, the last edition holds.

    A text of `seeds/reference` that the cellule never changed has no row. It names nobody.
    """

    __tablename__ = "cellule_text"
    __table_args__ = (UniqueConstraint("cellule_id", "code", "edition"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    code: Mapped[str] = mapped_column(String(60))
    edition: Mapped[int]
    kind: Mapped[TextKind]
    # None: for every dispositif.
    dispositif: Mapped[Dispositif | None]
    # Of a letter, its subject.
    title: Mapped[str]
    body: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    active: Mapped[bool]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[User] = relationship(lazy="raise_on_sql")


class Letter(Public, Base):
    """A letter produced about a request: what it says is kept, its files are made from it, the same each time.

    `labels` are those of all that it says: whoever opens it reads them all. What changes is that it was sent.
    """

    __tablename__ = "letter"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        UniqueConstraint("cellule_id", "year", "number"),
        Index("ix_letter_case", "cellule_id", "case_id", "id"),
        Index("ix_letter_request", "cellule_id", "request_id", "kind"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    request_id: Mapped[int]
    # The partner to whom it is written; None for the insured and the employer.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    number: Mapped[int]
    kind: Mapped[LetterKind]
    labels: Mapped[frozenset[Label]] = mapped_column(LabelSet)
    content: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))
    content_hash: Mapped[str] = mapped_column(String(64))
    # When the insured agreed that the employer be written to.
    agreed_on: Mapped[date | None]
    produced_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    produced_at: Mapped[datetime]
    sent_on: Mapped[date | None]
    sent_by_means: Mapped[SendingMeans | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    produced_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[produced_by_id])
    sent_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[sent_by_id])

    @property
    def reference(self) -> str:
        """Return the number as printed: C-2026-004."""
        return f"C-{self.year}-{self.number:03}"
