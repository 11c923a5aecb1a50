"""The insured person and the case: each column carries the label written beside its table."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from pdp.accounts.models import Organisation, User
from pdp.cases.enums import (
    Axis,
    BoethKind,
    BoethState,
    ConclusionCode,
    EncounterKind,
    ExportFormat,
    RecusalReason,
    RestrictionReason,
    Scheme,
    SignalSource,
    Stage,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.consent.models import SharingAgreement
from pdp.core.db import Base, Public, Versioned
from pdp.core.sealed import EncryptedText
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.labels import Label


class InsuredPerson(Public, Versioned, Base):
    """An insured person (labels `identity` and `nir`). A person is not a case and may have several."""

    __tablename__ = "insured_person"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "nir_index"),
        Index("ix_insured_person_search", "cellule_id", "search_key"),
        Index("ix_insured_person_birth", "cellule_id", "birth_date", "id"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    family_name: Mapped[str]
    given_name: Mapped[str]
    birth_date: Mapped[date]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    # Accent-free, case-folded names for search; same result on both engines.
    search_key: Mapped[str]
    nir: Mapped[str | None] = mapped_column(EncryptedText("insured_person.nir"))
    nir_index: Mapped[str | None] = mapped_column(String(32))
    # Since when the processing is restricted (art. 18 RGPD): nothing of the person is shared, nothing is
    # deleted, and next to nothing is written. `pdp.privacy` alone sets it.
    frozen_on: Mapped[date | None]

    @property
    def full_name(self) -> str:
        """Return given name then family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        """Return the initials shown where the identity may not be."""
        return f"{self.given_name[:1]}. {self.family_name[:1]}."


class PersonAlias(Public, Base):
    """A former identity of a person, from a merge (label `identity`): whoever looks for it finds the person.

    `former_id` is the record that had this identity: one absorbed by the person, or the person's own before.
    """

    __tablename__ = "person_alias"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "person_id"], ["insured_person.cellule_id", "insured_person.id"]),
        ForeignKeyConstraint(["cellule_id", "former_id"], ["insured_person.cellule_id", "insured_person.id"]),
        Index("ix_person_alias_search", "cellule_id", "search_key"),
        Index("ix_person_alias_nir", "cellule_id", "nir_index"),
        Index("ix_person_alias_person", "cellule_id", "person_id"),
        Index("ix_person_alias_former", "cellule_id", "former_id"),
    )

    cellule_id: Mapped[int]
    person_id: Mapped[int]
    former_id: Mapped[int]
    family_name: Mapped[str]
    given_name: Mapped[str]
    search_key: Mapped[str]
    nir_index: Mapped[str | None] = mapped_column(String(32))
    since: Mapped[datetime]
    # Set when the merge was undone: the identity stands on its own again.
    ended_at: Mapped[datetime | None]


class CaseReader(Public, Base):
    """A reader named for a restricted case: a person of the core, or a partner organisation; never both."""

    __tablename__ = "case_reader"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name="one_reader"),
        Index("ix_case_reader_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[user_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class CaseRecusal(Public, Base):
    """A déport: while it lasts the person knows nothing of the case, whatever the role or the membership.

    A code says the link in general; nothing is written about anybody. The row is never deleted but with
    its case.
    """

    __tablename__ = "case_recusal"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_case_recusal_case", "cellule_id", "case_id"),
        Index("ix_case_recusal_user", "user_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[RecusalReason]
    declared_at: Mapped[datetime]
    # The person, or the coordinator to whom it was said in the room.
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[user_id])


class Case(Public, Versioned, Base):
    """A situation followed by the service social, from triage to its end."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("cellule_id", "reference"),
        ForeignKeyConstraint(["cellule_id", "person_id"], ["insured_person.cellule_id", "insured_person.id"]),
        Index("ix_case_file_list", "cellule_id", "stage", "id"),
        Index("ix_case_file_referent", "referent_user_id", "id"),
    )

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    person_id: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    stage: Mapped[Stage]
    axis: Mapped[Axis | None]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    referent_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]

    # Since when only the referent and the named readers know that the case exists.
    restricted_on: Mapped[date | None]
    restricted_reason: Mapped[RestrictionReason | None]
    # Since when the case is hidden from everyone, before its erasure (see `pdp.retention`).
    hidden_on: Mapped[date | None]

    # Label `signal`.
    source: Mapped[SignalSource]
    signal_reason: Mapped[str] = mapped_column(default="")
    reorientation: Mapped[str] = mapped_column(default="")

    # Label `request`: what the cellule needs to know of the situation.
    presentation: Mapped[str] = mapped_column(default="")
    work_exclusion_risk: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)
    social_evaluation_on: Mapped[date | None]
    insured_request_on: Mapped[date | None]

    # Label `employment`.
    scheme: Mapped[Scheme] = mapped_column(default=Scheme.UNKNOWN)
    affiliation_months: Mapped[int | None]

    # Label `allowance`.
    old_age_pension: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)
    invalidity_pension: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)
    long_term_condition: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)
    fund_participates: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)

    # Label `boeth`.
    boeth_kind: Mapped[BoethKind | None]
    boeth_state: Mapped[BoethState] = mapped_column(default=BoethState.UNKNOWN)
    boeth_valid_until: Mapped[date | None]

    # Label `restrictions`.
    unfitness_state: Mapped[UnfitnessState] = mapped_column(default=UnfitnessState.UNKNOWN)
    unfitness_on: Mapped[date | None]

    # Label `conclusion`.
    conclusion_code: Mapped[ConclusionCode | None]
    conclusion_on: Mapped[date | None]
    conclusion_limits: Mapped[str] = mapped_column(default="")

    person: Mapped[InsuredPerson] = relationship(lazy="raise_on_sql", viewonly=True)
    referent: Mapped[User | None] = relationship(lazy="raise_on_sql")
    activities: Mapped[list["Activity"]] = relationship(lazy="raise_on_sql", order_by="Activity.id", viewonly=True)
    stoppages: Mapped[list["Stoppage"]] = relationship(
        lazy="raise_on_sql", order_by="Stoppage.starts_on", viewonly=True
    )
    agreements: Mapped[list[SharingAgreement]] = relationship(
        lazy="raise_on_sql", order_by="SharingAgreement.id", viewonly=True
    )
    if TYPE_CHECKING:
        named: Mapped[str | None]
        recused: Mapped[str | None]
        frozen_on: Mapped[date | None]


_WORD = func.coalesce("u" + cast(CaseReader.user_id, String), "o" + cast(CaseReader.organisation_id, String))
# Who is named for a restricted case, as words `u12` (a person) and `o4` (an organisation). It comes with
# every case that is loaded, without a statement of its own, so that no reader can forget it.
Case.named = column_property(
    case(
        (
            Case.restricted_on.is_not(None),
            select(func.aggregate_strings(_WORD, " "))
            .where(
                CaseReader.cellule_id == Case.cellule_id,
                CaseReader.case_id == Case.id,
                CaseReader.ended_at.is_(None),
            )
            .correlate_except(CaseReader)
            .scalar_subquery(),
        )
    )
)
# The people who take no part in the case, as numbers: it comes with every case for the same reason.
Case.recused = column_property(
    select(func.aggregate_strings(cast(CaseRecusal.user_id, String), " "))
    .where(
        CaseRecusal.cellule_id == Case.cellule_id,
        CaseRecusal.case_id == Case.id,
        CaseRecusal.ended_at.is_(None),
    )
    .correlate_except(CaseRecusal)
    .scalar_subquery()
)
# Since when the processing of the person is restricted; it too comes with every case that is loaded.
Case.frozen_on = column_property(
    select(InsuredPerson.frozen_on)
    .where(InsuredPerson.cellule_id == Case.cellule_id, InsuredPerson.id == Case.person_id)
    .correlate_except(InsuredPerson)
    .scalar_subquery()
)


class Activity(Public, Base):
    """One professional status of the person (label `employment`): a contract or a business.

    Several employers are several rows; an employee who is also self-employed has both groups.
    """

    __tablename__ = "activity"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_activity_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    status: Mapped[PersonStatus]
    employer: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")
    working_time: Mapped[str] = mapped_column(default="")
    is_micro: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Stoppage(Public, Base):
    """A prescribed period of arrêt (label `stoppage`): the first one or an extension."""

    __tablename__ = "stoppage"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_stoppage_case", "cellule_id", "case_id", "starts_on"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    # Null: the period concerns every status of the person.
    status_group: Mapped[StatusGroup | None]
    origin: Mapped[StoppageOrigin]
    starts_on: Mapped[date]
    prescribed_end: Mapped[date]
    ended_on: Mapped[date | None]
    indemnified: Mapped[TriState] = mapped_column(default=TriState.UNKNOWN)
    full_time: Mapped[bool] = mapped_column(default=True)


class Encounter(Public, Base):
    """A dated step around the arrêt (label `stoppage`), for the timeline."""

    __tablename__ = "encounter"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_encounter_case", "cellule_id", "case_id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    kind: Mapped[EncounterKind]
    happens_on: Mapped[date]


class CaseNote(Public, Base):
    """A note under one label. Every text is stored encrypted; a note is never edited, only added."""

    __tablename__ = "case_note"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_case_note_case", "cellule_id", "case_id", "label"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    label: Mapped[Label]
    text: Mapped[str] = mapped_column(EncryptedText("case_note.text"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise_on_sql")


class EmergencyAccess(Public, Base):
    """The opening, in an emergency, of a case that the person may not open otherwise (label `journal`).

    It opens reading only, for one sign-in and sixty minutes; the row is never deleted.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_emergency_access_list", "cellule_id", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(40))
    # Whether the case was restricted; else it was one of another cellule.
    restricted: Mapped[bool]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review_comment: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[user_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    case: Mapped[Case] = relationship(lazy="raise_on_sql", viewonly=True)


class CaseExport(Public, Base):
    """A list of cases that left as a file: who took it, when, and why. Only added to."""

    __tablename__ = "case_export"
    __table_args__ = (Index("ix_case_export_list", "cellule_id", "id"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    file_format: Mapped[ExportFormat]
    with_names: Mapped[bool]
    cases: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str]
