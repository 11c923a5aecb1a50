"""A dispositif asked for a case, what it requires, and its eligibility as it was found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.models import User
from pdp.cases.models import Case
from pdp.core.db import Base, Public, Versioned
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor, RequestStatus, SnapshotReason


class DispositifRequest(Public, Versioned, Base):
    """A dispositif requested for a case (label `request`)."""

    __tablename__ = "dispositif_request"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        ForeignKeyConstraint(["cellule_id", "case_id"], ["case_file.cellule_id", "case_file.id"]),
        Index("ix_dispositif_request_case", "cellule_id", "case_id", "id"),
        Index("ix_dispositif_request_status", "cellule_id", "status", "id"),
    )

    cellule_id: Mapped[int]
    case_id: Mapped[int]
    dispositif: Mapped[Dispositif]
    status: Mapped[RequestStatus]
    author: Mapped[RequestAuthor]
    # What is asked, in a sentence; the question put to the vote is derived when it is empty.
    purpose: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    measure_start: Mapped[date | None]
    measure_end: Mapped[date | None]
    # Facts proper to the dispositif, by name of the rules' vocabulary (trial.tutor_name, host.type…).
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Why a partner's proposal was not taken over, in the words of who answers for the case.
    decline_reason: Mapped[str] = mapped_column(default="", server_default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_by_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]

    case: Mapped[Case] = relationship(lazy="raise_on_sql", viewonly=True)
    created_by: Mapped[User] = relationship(lazy="raise_on_sql")
    pieces: Mapped[list["RequiredPiece"]] = relationship(
        lazy="raise_on_sql", order_by="RequiredPiece.position", viewonly=True
    )


class RequiredPiece(Public, Versioned, Base):
    """An agreement or a document that the dispositif requires (label `agreements`)."""

    __tablename__ = "required_piece"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        UniqueConstraint("request_id", "kind"),
        Index("ix_required_piece_request", "cellule_id", "request_id"),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    position: Mapped[int]
    nature: Mapped[PieceNature]
    # The word of the rules' vocabulary: ATTENDING, ADVISER…, TRIAL_CONVENTION, BOETH_RECEIPT…
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[PieceState]
    asked_on: Mapped[date | None]
    dated: Mapped[date | None]
    comment: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class EligibilitySnapshot(Public, Base):
    """The eligibility of a request as found at one moment; append-only (label `request`).

    A rule changed later never alters it: rule ids and versions are inside `results`.
    """

    __tablename__ = "eligibility_snapshot"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_eligibility_snapshot_request", "cellule_id", "request_id", "id"),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    taken_at: Mapped[datetime]
    evaluated_on: Mapped[date]
    reason: Mapped[SnapshotReason]
    doctrine: Mapped[str] = mapped_column(String(20))
    ruleset_hash: Mapped[str] = mapped_column(String(64))
    # One assessment per status group, as `Assessment.to_json(all_rules=True)`.
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class HumanAnswer(Public, Base):
    """A named person's answer to an `a_verifier` rule, or an override of an `ineligible` one.

    Append-only: the newest answer to a rule holds. An override carries its written reason.
    """

    __tablename__ = "human_answer"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "request_id"], ["dispositif_request.cellule_id", "dispositif_request.id"]),
        Index("ix_human_answer_request", "cellule_id", "request_id", "id"),
    )

    cellule_id: Mapped[int]
    request_id: Mapped[int]
    status_group: Mapped[StatusGroup]
    rule_id: Mapped[str] = mapped_column(String(20))
    accepted: Mapped[bool]
    is_override: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    seat_label: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime]

    answered_by: Mapped[User] = relationship(lazy="raise_on_sql")
