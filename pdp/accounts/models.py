"""Cellules, organisations, people, seats and sign-in sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.enums import BallotMode, ClosingReason, HolderRank, OrganisationKind, SignInStage, Silence, Voice
from pdp.core.db import Base, BigId, Public
from pdp.notifications.enums import Pace
from pdp.policy.masking import OrganisationFacts
from pdp.policy.roles import ROLE_NAMES, Role


class Cellule(Public, Base):
    """A committee of one circonscription: the tenant of every case."""

    __tablename__ = "cellule"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str]
    caisse_name: Mapped[str]
    territory: Mapped[str] = mapped_column(String(20), default="METROPOLE")
    created_at: Mapped[datetime]


class GovernanceRules(Base):
    """The rules of a cellule from a date on; the newest one begun by a day holds on that day."""

    __tablename__ = "governance_rules"
    __table_args__ = (UniqueConstraint("cellule_id", "valid_from"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    valid_from: Mapped[date]
    # A word of `dispositifs.enums.Doctrine`, which lives in a layer above this one.
    doctrine: Mapped[str] = mapped_column(String(20), default="regional")
    # The quorum by number: at least this share of the deliberative seats, in percent.
    quorum_percent: Mapped[int] = mapped_column(default=50)
    # The quorum by composition: one deliberative seat of each service of the core.
    quorum_each_service: Mapped[bool] = mapped_column(default=True)
    chair_casting_vote: Mapped[bool] = mapped_column(default=True)
    # The way of voting that the console proposes first.
    ballot_mode: Mapped[BallotMode] = mapped_column(default=BallotMode.NAMED, server_default="NAMED")
    # What a seat that does not answer a written consultation is taken to say.
    silence: Mapped[Silence] = mapped_column(default=Silence.NOTHING, server_default=Silence.NOTHING.value)
    # How many proxies one person may carry in a séance; none where it is 0.
    proxies_per_holder: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    # In working days before a séance: a request declared ready later is said to be late.
    notice_days: Mapped[int] = mapped_column(Integer, default=5, server_default="5")
    # How long a prepared sending of minutes may still be taken back, in minutes.
    cooling_off_minutes: Mapped[int] = mapped_column(Integer, default=30, server_default="30")
    # The shortest delay for objections to minutes, in working days.
    objection_days: Mapped[int] = mapped_column(Integer, default=5, server_default="5")
    # Who decided them and why; nobody for the rules that the cellule began with.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    decided_by: Mapped["User | None"] = relationship(lazy="raise_on_sql")


class Organisation(Public, Base):
    """A body whose people take part in cellules."""

    __tablename__ = "organisation"

    kind: Mapped[OrganisationKind]
    name: Mapped[str]
    short_name: Mapped[str]
    # Its very name tells of an illness or a handicap: those who need not know read « un partenaire ».
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def facts(self) -> OrganisationFacts:
        """Return what decides whether its short name is said."""
        return OrganisationFacts(self.id, self.short_name, self.sensitive)


class CelluleOrganisation(Base):
    """An organisation associated with a cellule, between two dates."""

    __tablename__ = "cellule_organisation"
    __table_args__ = (UniqueConstraint("cellule_id", "organisation_id"),)

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class User(Public, Base):
    """A person who signs in; accounts are nominative."""

    __tablename__ = "user_account"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[ClosingReason | None]
    created_at: Mapped[datetime]
    # The last sign-in that opened, and when the person was told that an account without use will be closed.
    last_signed_in_at: Mapped[datetime | None]
    dormant_warned_at: Mapped[datetime | None]
    # How mails about each family of notices reach the person, and the days when another sits in their place.
    mails_about_cases: Mapped[Pace] = mapped_column(default=Pace.DIGEST, server_default=Pace.DIGEST.value)
    mails_about_meetings: Mapped[Pace] = mapped_column(default=Pace.DIGEST, server_default=Pace.DIGEST.value)
    mails_about_duties: Mapped[Pace] = mapped_column(default=Pace.DIGEST, server_default=Pace.DIGEST.value)
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]

    @property
    def full_name(self) -> str:
        """Return given name then family name."""
        return f"{self.given_name} {self.family_name}"

    def is_absent(self, day: date) -> bool:
        """Tell whether the person said to be away on a day."""
        return self.absent_from is not None and self.absent_from <= day <= (self.absent_until or day)


class Membership(Public, Base):
    """What a person is in a cellule through an organisation, between two dates."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "cellule_id", "role"),
        Index("ix_membership_cellule_id_role", "cellule_id", "role"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_org_manager: Mapped[bool] = mapped_column(default=False)
    is_physician: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    cellule: Mapped[Cellule] = relationship(lazy="raise_on_sql")

    @property
    def role_label(self) -> str:
        """Return the French name of the role."""
        return ROLE_NAMES[self.role]


class Seat(Public, Base):
    """A place of an organisation in a cellule: the unit of vote."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("cellule_id", "id"), UniqueConstraint("cellule_id", "label"))

    cellule_id: Mapped[int] = mapped_column(ForeignKey("cellule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str]
    position: Mapped[int]
    voice: Mapped[Voice]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    holders: Mapped[list["SeatHolder"]] = relationship(lazy="raise_on_sql", back_populates="seat")


class SeatHolder(Base):
    """A person who may sit in a seat, as titulaire or suppléant, between two dates."""

    __tablename__ = "seat_holder"
    __table_args__ = (UniqueConstraint("seat_id", "membership_id", "starts_on"),)

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    rank: Mapped[HolderRank]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    seat: Mapped[Seat] = relationship(lazy="raise_on_sql", back_populates="holders")
    membership: Mapped[Membership] = relationship(lazy="raise_on_sql")


class UserSession(Public, Base):
    """A sign-in, revocable, checked at each request. The cookie holds the token, the row its hash.

    It grants nothing before its stage is `open`.
    """

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    stage: Mapped[SignInStage]
    # Words of `Proof`, and when they last made two factors.
    proofs: Mapped[str] = mapped_column(String(80))
    proven_at: Mapped[datetime | None]
    # The browser and the system as the person would say them, to know their sign-ins apart.
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # The emergency access under way in this sign-in, if any: which case of which cellule, until when.
    emergency_access_id: Mapped[int | None] = mapped_column(BigId)
    emergency_cellule_id: Mapped[int | None] = mapped_column(BigId)
    emergency_case_id: Mapped[int | None] = mapped_column(BigId)
    emergency_reference: Mapped[str | None] = mapped_column(String(20))
    emergency_until: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, kept for throttling: keyed fingerprints, never the address typed."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account_at", "account_key", "at"),
        Index("ix_sign_in_attempt_source_at", "source_key", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )

    account_key: Mapped[str] = mapped_column(String(64))
    source_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class UndertakingAcceptance(Base):
    """A person accepted a version of the confidentiality undertaking; such a row is never changed."""

    __tablename__ = "undertaking_acceptance"
    __table_args__ = (UniqueConstraint("user_id", "undertaking"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The code of the version, as in `seeds/reference/undertaking.yaml`.
    undertaking: Mapped[str] = mapped_column(String(20))
    accepted_at: Mapped[datetime]


class PasswordReset(Public, Base):
    """A link asked for to choose a new password; the same row whether the address has an account or not."""

    __tablename__ = "password_reset"
    __table_args__ = (
        Index("ix_password_reset_account_key", "account_key"),
        Index("ix_password_reset_source_key", "source_key"),
    )

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Keyed fingerprints of the address typed and of where it was typed.
    account_key: Mapped[str] = mapped_column(String(64))
    source_key: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Used, or replaced by a newer one.
    ended_at: Mapped[datetime | None]
