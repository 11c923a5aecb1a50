"""Proposals, merges, their lines and their undoing. What tells of an identity is sealed (label `identity`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base, Public
from pdp.core.sealed import EncryptedText
from pdp.merging.enums import LineKind, ProposalState


def _person(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["cellule_id", column], ["insured_person.cellule_id", "insured_person.id"])


def _case(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["cellule_id", column], ["case_file.cellule_id", "case_file.id"])


class MergeProposal(Public, Base):
    """Two records said to be one person (or two), by whom and why, with the traits as they stood that day.

    It is seen by who may read the identity in both cases through which it was made.
    """

    __tablename__ = "merge_proposal"
    __table_args__ = (
        _person("kept_id"),
        _person("absorbed_id"),
        _case("kept_case_id"),
        _case("absorbed_case_id"),
        UniqueConstraint("cellule_id", "id"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'undone') OR decided_by_id <> proposed_by_id", name="another_decides"
        ),
        CheckConstraint("kept_id <> absorbed_id", name="two_persons"),
        Index("ix_merge_proposal_list", "cellule_id", "state", "id"),
        Index("ix_merge_proposal_kept", "cellule_id", "kept_id"),
        Index("ix_merge_proposal_absorbed", "cellule_id", "absorbed_id"),
    )

    cellule_id: Mapped[int]
    kept_id: Mapped[int]
    absorbed_id: Mapped[int]
    kept_case_id: Mapped[int]
    absorbed_case_id: Mapped[int]
    # Trait or contact → whose value is retained; words only.
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    traits: Mapped[str] = mapped_column(EncryptedText("merge_proposal.traits"))
    reason: Mapped[str] = mapped_column(EncryptedText("merge_proposal.reason"))
    # A keyed fingerprint of both identities: a proposal does not outlive a change of either.
    fingerprint: Mapped[str] = mapped_column(String(32))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[ProposalState]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(EncryptedText("merge_proposal.decision"))
    undo_reason: Mapped[str | None] = mapped_column(EncryptedText("merge_proposal.undo_reason"))


class PersonMerge(Public, Base):
    """A merge that was done. Only added to."""

    __tablename__ = "person_merge"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "proposal_id"], ["merge_proposal.cellule_id", "merge_proposal.id"]),
        _person("kept_id"),
        _person("absorbed_id"),
        UniqueConstraint("proposal_id"),
        UniqueConstraint("cellule_id", "id"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        Index("ix_person_merge_kept", "cellule_id", "kept_id"),
        Index("ix_person_merge_absorbed", "cellule_id", "absorbed_id"),
    )

    cellule_id: Mapped[int]
    proposal_id: Mapped[int]
    kept_id: Mapped[int]
    absorbed_id: Mapped[int]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    merged_at: Mapped[datetime]
    undo_until: Mapped[datetime]


class PersonMergeLine(Public, Base):
    """What a merge, or its undoing, did: a row moved from a person to another, or a value replaced. Only added to.

    `name` is the table of the row, or the column of the person; `sealed` holds the value before and after, in JSON.
    """

    __tablename__ = "person_merge_line"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "merge_id"], ["person_merge.cellule_id", "person_merge.id"]),
        Index("ix_person_merge_line_merge", "cellule_id", "merge_id", "id"),
    )

    cellule_id: Mapped[int]
    merge_id: Mapped[int]
    undone: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[LineKind]
    name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int]
    from_id: Mapped[int | None]
    to_id: Mapped[int | None]
    sealed: Mapped[str | None] = mapped_column(EncryptedText("person_merge_line.sealed"))


class PersonUnmerge(Public, Base):
    """A merge that was undone. Only added to."""

    __tablename__ = "person_unmerge"
    __table_args__ = (
        ForeignKeyConstraint(["cellule_id", "merge_id"], ["person_merge.cellule_id", "person_merge.id"]),
        UniqueConstraint("merge_id"),
    )

    cellule_id: Mapped[int]
    merge_id: Mapped[int]
    undone_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime]
