"""Ballots: frozen electorate, votes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pdp.accounts.enums import BallotMode, OrganisationKind, Voice
from pdp.core.db import Base, Public, Versioned
from pdp.core.sealed import EncryptedText
from pdp.meetings.enums import BallotStatus, OpinionCode, VoteChannel, VoteValue
from pdp.requests.models import EligibilitySnapshot


class Ballot(Public, Versioned, Base):
    """A vote on one item. Opening freezes question, electorate and eligibility; closing freezes all."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("cellule_id", "id"),
        UniqueConstraint("item_id"),
        ForeignKeyConstraint(["cellule_id", "item_id"], ["agenda_item.cellule_id", "agenda_item.id"]),
    )

    cellule_id: Mapped[int]
    item_id: Mapped[int]
    question: Mapped[str]
    status: Mapped[BallotStatus]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The seat that chaired when the ballot opened: its vote may settle a tie.
    chair_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("eligibility_snapshot.id"))
    # The quorum in words, as it was when the ballot closed.
    quorum_reached: Mapped[bool | None]
    quorum_sentence: Mapped[str] = mapped_column(default="")
    mode: Mapped[BallotMode] = mapped_column(default=BallotMode.NAMED, server_default="NAMED")
    # What the chair proposed to agree on without a vote; it stays when a vote was asked for.
    proposed: Mapped[OpinionCode | None]
    # The seat that asked for a vote instead, as it was called.
    vote_asked_by: Mapped[str] = mapped_column(default="", server_default="")
    # The votes of the newest round count; each reset begins another, with a line of its reason.
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    reset_reasons: Mapped[str] = mapped_column(default="", server_default="")
    # A secret ballot, in this one row so that no other tells an order (ADR 0015): who took part, a line per seat
    # laid down at the opening [seat, membership or 0, fingerprint of the request]; how many did; the counters,
    # sealed while votes come in, plain once closed.
    turnout: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    received: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    sealed_counts: Mapped[str | None] = mapped_column(EncryptedText("ballot.sealed_counts"))
    counts: Mapped[str] = mapped_column(default="", server_default="")

    snapshot: Mapped[EligibilitySnapshot] = relationship(lazy="raise_on_sql")
    voters: Mapped[list["BallotVoter"]] = relationship(lazy="raise_on_sql", viewonly=True)
    votes: Mapped[list["Vote"]] = relationship(lazy="raise_on_sql", viewonly=True)


class BallotVoter(Base):
    """A seat of the frozen electorate; append-only."""

    __tablename__ = "ballot_voter"
    __table_args__ = (
        UniqueConstraint("ballot_id", "seat_id"),
        ForeignKeyConstraint(["cellule_id", "ballot_id"], ["ballot.cellule_id", "ballot.id"]),
    )

    cellule_id: Mapped[int]
    ballot_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    seat_label: Mapped[str]
    organisation_kind: Mapped[OrganisationKind]
    voice: Mapped[Voice]
    position: Mapped[int]
    # The seat is represented: `membership_id` is who carries its proxy, and votes for it apart.
    by_proxy: Mapped[bool] = mapped_column(default=False, server_default=false())


class Vote(Public, Base):
    """What a seat answered; append-only (label `ballot`). The highest sequence of a seat holds.

    A change before closing is a new row; the unique key makes a double vote impossible.
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("ballot_id", "seat_id", "sequence"),
        ForeignKeyConstraint(["cellule_id", "ballot_id"], ["ballot.cellule_id", "ballot.id"]),
    )

    cellule_id: Mapped[int]
    ballot_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    # Who sat when the seat answered: the suppléant, once the titulaire takes no part.
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    sequence: Mapped[int]
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    value: Mapped[VoteValue]
    # The condition of a conditional vote, the reason of a vote against.
    text: Mapped[str] = mapped_column(default="")
    channel: Mapped[VoteChannel]
    cast_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    cast_at: Mapped[datetime]
    # Replaying a request with the same key returns the first vote instead of a second one.
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
