"""Sharing agreements: the lifting of secrecy, per organisation, labels, purpose and period."""

from datetime import date, datetime

from sqlalchemy import Dialect, ForeignKey, ForeignKeyConstraint, Index, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import Organisation
from pdp.consent.enums import AgreementForm
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

    Distinct from the information given under the RGPD. A withdrawal acts on the next request.
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
    purpose: Mapped[str]
    form: Mapped[AgreementForm]
    witness: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
