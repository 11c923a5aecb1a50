"""Notices shown in the site, and the mails that announce them: kinds, paths and ids, never a text."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, BigId, Public
from pdp.notifications.enums import DropReason, MailState, NoticeKind

_UNREAD = text("seen_at IS NULL")
_WAITING = text("state = 'queued'")


class Notice(Public, Base):
    """Something that awaits a person in a cellule. At most one unread per kind and link."""

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_notice_inbox", "cellule_id", "user_id", "id"),
        Index(
            "uq_notice_unread",
            "cellule_id",
            "user_id",
            "kind",
            "link",
            unique=True,
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[NoticeKind]
    link: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    # When a mail told of it, at once or in a digest.
    announced_at: Mapped[datetime | None]


class OutboxMail(Public, Base):
    """A mail to send: its words are written when it leaves, from the kind and the link alone.

    `dedupe_key` names the person, the kind and the link; at most one mail of a key waits at a time.
    `next_try_at` is also the lease of the process that took it.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_outbox_mail_due", "cellule_id", "state", "next_try_at", "id"),
        Index("uq_outbox_mail_waiting", "dedupe_key", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[NoticeKind]
    link: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[DropReason | None]
    dedupe_key: Mapped[str] = mapped_column(String(64))


class LinkMail(Public, Base):
    """A mail whose link opens a door: the address and the link are found again when it leaves, stored nowhere.

    `target_id` is the public id of what the link opens.
    """

    __tablename__ = "link_mail"
    __table_args__ = (Index("ix_link_mail_due", "state", "next_try_at", "id"),)

    kind: Mapped[NoticeKind]
    target_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[DropReason | None]
