"""Proposals and merges, seen by who reads the identity in both cases through which they were made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from pdp.accounts.models import User
from pdp.cases.models import Case
from pdp.cases.queries import reads_label
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.merging.enums import ProposalState
from pdp.merging.models import MergeProposal, PersonMerge, PersonMergeLine, PersonUnmerge
from pdp.policy.actor import Actor
from pdp.policy.labels import Label

PAGE = 25


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with its merge, who proposed, who decided, and the references of its two cases."""

    proposal: MergeProposal
    merge: PersonMerge | None
    undone: PersonUnmerge | None
    proposed_by: str
    decided_by: str | None
    undone_by: str | None
    kept_case: str
    kept_reference: str
    absorbed_case: str
    absorbed_reference: str


def find_row(actor: Actor, public_id: str) -> ProposalRow:
    """Return a proposal that the actor may see. Raises `NotFound`."""
    rows = _rows(actor, MergeProposal.public_id == public_id)
    if not rows:
        raise NotFound
    return rows[0]


def lock_proposal(actor: Actor, public_id: str) -> MergeProposal:
    """Return a proposal that the actor may see, locked until the transaction ends. Raises `NotFound`."""
    wanted = (
        select(MergeProposal)
        .where(MergeProposal.public_id == public_id, *seen_by(actor))
        .with_for_update(of=MergeProposal)
        .execution_options(populate_existing=True)
    )
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_rows(
    actor: Actor, states: Collection[ProposalState], after: str | None
) -> tuple[list[ProposalRow], str | None]:
    """Return a page of proposals in these states, newest first, and the key of the next page. One statement."""
    condition: ColumnElement[bool] = MergeProposal.state.in_(states)
    if after:
        last = select(MergeProposal.id).where(MergeProposal.public_id == after).scalar_subquery()
        condition = and_(condition, MergeProposal.id < last)
    rows = _rows(actor, condition, limit=PAGE + 1)
    shown = rows[:PAGE]
    return shown, shown[-1].proposal.public_id if len(rows) > PAGE else None


def list_between(actor: Actor, one: int, other: int) -> Sequence[MergeProposal]:
    """Return the proposals about two persons that the actor may see, whichever was to be kept."""
    wanted = select(MergeProposal).where(
        *seen_by(actor),
        or_(
            and_(MergeProposal.kept_id == one, MergeProposal.absorbed_id == other),
            and_(MergeProposal.kept_id == other, MergeProposal.absorbed_id == one),
        ),
    )
    return db.session().scalars(wanted.order_by(MergeProposal.id)).all()


def find_merge(proposal: MergeProposal) -> PersonMerge:
    """Return the merge that a confirmed proposal led to."""
    return db.session().scalars(select(PersonMerge).where(PersonMerge.proposal_id == proposal.id)).one()


def has_newer_merge(merge: PersonMerge) -> bool:
    """Tell whether a later merge, still in place, has one of the two persons in it."""
    people = (merge.kept_id, merge.absorbed_id)
    wanted = (
        select(PersonMerge.id)
        .outerjoin(PersonUnmerge, PersonUnmerge.merge_id == PersonMerge.id)
        .where(
            PersonMerge.cellule_id == merge.cellule_id,
            PersonMerge.id > merge.id,
            PersonUnmerge.id.is_(None),
            or_(PersonMerge.kept_id.in_(people), PersonMerge.absorbed_id.in_(people)),
        )
    )
    return db.session().scalar(wanted.limit(1)) is not None


def list_lines(merge: PersonMerge) -> Sequence[PersonMergeLine]:
    """Return what a merge did, in order, without what its undoing did."""
    wanted = select(PersonMergeLine).where(
        PersonMergeLine.cellule_id == merge.cellule_id,
        PersonMergeLine.merge_id == merge.id,
        PersonMergeLine.undone.is_(False),
    )
    return db.session().scalars(wanted.order_by(PersonMergeLine.id)).all()


def waiting_proposals(actor: Actor) -> Select[int, datetime]:
    """Select how many proposals of somebody else wait for a decision, and when the oldest was made."""
    return select(func.count(MergeProposal.id), func.min(MergeProposal.proposed_at)).where(
        MergeProposal.state == ProposalState.WAITING,
        MergeProposal.proposed_by_id != actor.user_id,
        *seen_by(actor),
    )


def seen_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the filter over `MergeProposal`: the identity is readable in both cases of it."""
    today = clock.today()
    readable = (
        select(Case.id).where(Case.id == column, reads_label(actor, Label.IDENTITY, today)).exists()
        for column in (MergeProposal.kept_case_id, MergeProposal.absorbed_case_id)
    )
    return (MergeProposal.cellule_id == actor.cellule_id, *readable)


def _rows(actor: Actor, condition: ColumnElement[bool], limit: int = 1) -> list[ProposalRow]:
    kept, absorbed = aliased(Case), aliased(Case)
    proposer, decider, undoer = aliased(User), aliased(User), aliased(User)
    rows = db.session().execute(
        select(
            MergeProposal,
            PersonMerge,
            PersonUnmerge,
            proposer.given_name + " " + proposer.family_name,
            decider.given_name + " " + decider.family_name,
            undoer.given_name + " " + undoer.family_name,
            kept.public_id,
            kept.reference,
            absorbed.public_id,
            absorbed.reference,
        )
        .outerjoin(PersonMerge, PersonMerge.proposal_id == MergeProposal.id)
        .outerjoin(PersonUnmerge, PersonUnmerge.merge_id == PersonMerge.id)
        .join(proposer, proposer.id == MergeProposal.proposed_by_id)
        .outerjoin(decider, decider.id == MergeProposal.decided_by_id)
        .outerjoin(undoer, undoer.id == PersonUnmerge.undone_by_id)
        .join(kept, kept.id == MergeProposal.kept_case_id)
        .join(absorbed, absorbed.id == MergeProposal.absorbed_case_id)
        .where(condition, *seen_by(actor))
        .order_by(MergeProposal.id.desc())
        .limit(limit)
    )
    return [ProposalRow(*tuple(row)) for row in rows]
