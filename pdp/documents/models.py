"""The pieces of a case and, apart, the sealed bytes of their files."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.cases.models import Case
from pdp.core.db import Base, Public, Versioned
from pdp.core.sealed import EncryptedText
from pdp.documents.enums import About, MediaType, PaperKind, ReviewState, ScanState, Spread
from pdp.policy.labels import Label


class DocumentBody(Base):
    """The bytes of a file, encrypted, under the keyed hash of its content.

    The key of the hash depends on the case: equal files of two cases have nothing in common here.
    `sealed` is read only where a file is opened or scanned.
    """

    __tablename__ = "document_body"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        UniqueConstraint("cellule_id", "case_id", "digest"),
        Index("ix_document_body_key", "key_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class Document(Public, Versioned, Base):
    """A piece of a case, under one label. Its title is its kind: the name of the file is not kept."""

    __tablename__ = "document"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        UniqueConstraint("cellule_id", "id"),
        Index("ix_document_case", "cellule_id", "case_id", "id"),
        Index("ix_document_review", "cellule_id", "review", "id"),
        Index("ix_document_scan", "cellule_id", "scan", "id"),
        Index("ix_document_body", "body_id"),
        Index("ix_document_author", "added_by_id", "added_at"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    label: Mapped[Label]
    kind: Mapped[PaperKind]
    # One short line under the title, to tell two pieces of a kind apart; its label may be a medical one.
    precision: Mapped[str] = mapped_column(EncryptedText("document.precision"), default="")
    media: Mapped[MediaType]
    size: Mapped[int] = mapped_column(Integer)
    # Null once the file was destroyed because the antivirus found it dangerous.
    body_id: Mapped[int | None] = mapped_column(ForeignKey("document_body.id"))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    added_at: Mapped[datetime]

    review: Mapped[ReviewState]
    spread: Mapped[Spread]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(EncryptedText("document.refusal"), default="")

    scan: Mapped[ScanState]
    scanned_at: Mapped[datetime | None]

    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawal: Mapped[str] = mapped_column(EncryptedText("document.withdrawal"), default="")

    # The former version, which stays; `replaced_at` is set on it when the new one counts.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    replaced_at: Mapped[datetime | None]

    about: Mapped[About | None]
    about_ref: Mapped[str | None] = mapped_column(String(32))

    case: Mapped[Case] = relationship(lazy="raise_on_sql", viewonly=True)
    body: Mapped[DocumentBody | None] = relationship(lazy="raise_on_sql")
    added_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[added_by_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    former: Mapped["Document | None"] = relationship(
        lazy="raise_on_sql", remote_side="Document.id", foreign_keys=[replaces_id], viewonly=True
    )
