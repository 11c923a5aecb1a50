"""Access packs: who released which part of which case, what was hidden, and the sealed file."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.cases.models import Case
from pdp.core.db import Base, Public, Versioned
from pdp.core.sealed import EncryptedText
from pdp.privacy.enums.pack import MaskReason, Part, PartState, WithheldReason


class AccessPack(Public, Versioned, Base):
    """The copy of one person's data made for one request. The file is there between sealing and its end.

    `body` is a PDF that only the passphrase given to the person opens; it is sealed once more here.
    """

    __tablename__ = "access_pack"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("request_id"),
        ForeignKeyConstraint(["cellule_id", "request_id"], ["rights_request.cellule_id", "rights_request.id"]),
        ForeignKeyConstraint(["cellule_id", "person_id"], ["insured_person.cellule_id", "insured_person.id"]),
        Index("ix_access_pack_expiry", "cellule_id", "expires_on"),
        Index("ix_access_pack_key", "key_id", "id"),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    person_id: Mapped[int]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sealed_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    destroyed_at: Mapped[datetime | None]
    size: Mapped[int | None] = mapped_column(Integer)
    key_id: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class PackPart(Public, Versioned, Base):
    """A part of the pack for one case, and who released it. `digest` is a keyed hash of what was released.

    `content` is what was released, kept sealed until the file is made: whoever makes it may not read the zone
    that the part comes from, and PostgreSQL would not show it. It goes with the file.
    """

    __tablename__ = "pack_part"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("pack_id", "case_id", "part"),
        ForeignKeyConstraint(["cellule_id", "pack_id"], ["access_pack.cellule_id", "access_pack.id"]),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
    )

    cellule_id: Mapped[int]
    pack_id: Mapped[int]
    case_id: Mapped[int]
    part: Mapped[Part]
    state: Mapped[PartState]
    digest: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[str | None] = mapped_column(EncryptedText("pack_part.content"), deferred=True)
    withheld_reason: Mapped[WithheldReason | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise_on_sql", viewonly=True)


class PackMask(Base):
    """A passage hidden from the person: where it stands in a text, and a keyed hash of it; never its words.

    A text that changed since is hidden whole until somebody looks at it again. `length` 0 is the whole field.
    """

    __tablename__ = "pack_mask"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "part_id"], ["pack_part.cellule_id", "pack_part.id"]),
        Index("ix_pack_mask_part", "cellule_id", "part_id", "id"),
    )

    cellule_id: Mapped[int]
    part_id: Mapped[int]
    field_key: Mapped[str] = mapped_column(String(120))
    start: Mapped[int] = mapped_column(Integer)
    length: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[MaskReason]
    masked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    masked_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
