"""Sharing agreements, the register of what left under them, and what is asked back at their end."""

from datetime import date, datetime

from sqlalchemy import Dialect, ForeignKey, ForeignKeyConstraint, Index, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.consent.enums import (
    AgreementEnd,
    AgreementForm,
    DepartureKind,
    PurposeCode,
    RecallState,
    WithdrawalMeans,
)
from pdp.core.db import Base, Public, Versioned
from pdp.policy.labels import Label


class LabelSet(TypeDecorator[frozenset[Label]]):
    """A set of labels stored as sorted words."""

    impl = String(400)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Label] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Label] | None:
        return None if value is None else frozenset(Label(word) for word in value.split())


class SharingAgreement(Public, Versioned, Base):
    """What the insured agreed to share of one case with one organisation.

    Distinct from the information given under the RGPD. `withdrawn_on` is the day from which it no
    longer holds, before its term: `end_kind` says why (withdrawal, a newer agreement, end of the case).
    `ended_at` is when the effects of its end were drawn, whatever the end.
    """

    __tablename__ = "sharing_agreement"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_sharing_agreement_org", "organisation_id", "cellule_id", "case_id"),
        Index("ix_sharing_agreement_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    labels: Mapped[frozenset[Label]] = mapped_column(LabelSet)
    purpose_code: Mapped[PurposeCode] = mapped_column(default=PurposeCode.OTHER, server_default="other")
    purpose: Mapped[str]
    # The information notice handed over (its code in seeds/reference), and when.
    notice: Mapped[str] = mapped_column(String(20), default="", server_default="")
    informed_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="", server_default="")
    form: Mapped[AgreementForm]
    witness: Mapped[str] = mapped_column(default="")
    collected_by: Mapped[str] = mapped_column(default="", server_default="")
    # The agreement that this one renews or narrows. SQLite adds no key to a column: this one has none.
    replaces_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    end_kind: Mapped[AgreementEnd | None]
    withdrawal_means: Mapped[WithdrawalMeans | None]
    withdrawal_reason: Mapped[str] = mapped_column(default="", server_default="")
    withdrawn_by_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Departure(Public, Base):
    """A file that a partner took out of the system; append-only (who, which version, when)."""

    __tablename__ = "departure"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_departure_case", "cellule_id", "case_id", "organisation_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    what: Mapped[DepartureKind]
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int]
    # A number of version and the start of a hash: never a title, never a name.
    object_version: Mapped[str] = mapped_column(String(80))
    labels: Mapped[frozenset[Label]] = mapped_column(LabelSet)
    left_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class Recall(Public, Versioned, Base):
    """What an organisation is asked to destroy once the sharing of a case has ended.

    It covers every departure towards it until `asked_at`.
    """

    __tablename__ = "recall"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_recall_case", "cellule_id", "case_id"),
        Index("ix_recall_org", "organisation_id", "cellule_id", "state"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RecallState]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    answered_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
