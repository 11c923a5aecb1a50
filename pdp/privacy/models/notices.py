"""Information notices given to the insured."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.core.db import Base, Public
from pdp.privacy.enums.notices import NoticeMeans


class NoticeGiven(Public, Base):
    """That a version of the information notice was given to the person of a case (art. 13 and 14 RGPD).

    It informs the person, whatever the case: it is read through the person of its case. Only added to.
    """

    __tablename__ = "notice_given"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        ForeignKeyConstraint(["cellule_id", "document_id"], ["document.cellule_id", "document.id"]),
        Index("ix_notice_given_case", "cellule_id", "case_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    # The version of the text (its code in seeds/reference/privacy_notices.yaml).
    notice: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date]
    means: Mapped[NoticeMeans]
    given_by: Mapped[str]
    # The piece of the case that proves it, when there is one.
    document_id: Mapped[int | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")
