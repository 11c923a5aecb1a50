"""The list of proposals and merges, and one of them."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.merging.enums import ProposalState, Side
from pdp.merging.queries import proposals
from pdp.merging.queries.proposals import ProposalRow
from pdp.merging.rules.traits import FIELD_NAMES, TraitLine, alarms, from_snapshot
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure

WAITING = (ProposalState.WAITING,)
DECIDED = tuple(state for state in ProposalState if state not in WAITING)


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as pages show it: both names and traits as they stood when it was made."""

    public_id: str
    state: ProposalState
    kept_name: str
    absorbed_name: str
    kept_case: str
    kept_reference: str
    absorbed_case: str
    absorbed_reference: str
    proposed_by: str
    proposed_at: datetime
    is_own: bool
    decided_by: str | None
    decided_at: datetime | None
    undo_until: datetime | None
    undone_by: str | None
    undone_at: datetime | None

    @property
    def undo_day(self) -> date | None:
        """Return the last day on which the merge may be undone."""
        return clock.local(self.undo_until).date() if self.undo_until else None

    @property
    def may_be_undone(self) -> bool:
        """Tell whether the merge stands and its delay still runs."""
        standing = self.state is ProposalState.CONFIRMED and self.undo_until is not None
        return standing and self.undo_until is not None and clock.now() <= self.undo_until


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposal, with its reasons, its frozen traits, and what the actor may do."""

    view: ProposalView
    reason: str
    decision: str | None
    undo_reason: str | None
    lines: tuple[TraitLine, ...]
    alarms: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class MergePage:
    """A page of the list; `next` is the key of the following one."""

    rows: tuple[ProposalView, ...]
    next: str | None


def list_proposals(actor: Actor, *, waiting: bool, after: str | None = None) -> MergePage:
    """List the proposals that wait, or what was decided, newest first, 25 a page."""
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        rows, following = proposals.list_rows(actor, WAITING if waiting else DECIDED, after)
        audit.record(actor, "person.merges", waiting=waiting, count=len(rows))
    return MergePage(tuple(_view(actor, row) for row in rows), following)


def read_proposal(actor: Actor, public_id: str) -> ProposalPage:
    """Open a proposal. Raises `NotFound`."""
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        row = proposals.find_row(actor, public_id)
        for case_id in (row.proposal.kept_case_id, row.proposal.absorbed_case_id):
            audit.record(actor, "person.proposal", case_id=case_id, subject=row.proposal)
    lines = from_snapshot(row.proposal.traits)
    return ProposalPage(
        view=_view(actor, row),
        reason=row.proposal.reason,
        decision=row.proposal.decision,
        undo_reason=row.proposal.undo_reason,
        lines=lines,
        alarms=alarms(lines),
        choices=tuple((FIELD_NAMES[name], Side(side).label) for name, side in row.proposal.choices.items()),
        may_decide=row.proposal.state is ProposalState.WAITING and can(actor, Permission.PERSON_MERGE),
    )


def _view(actor: Actor, row: ProposalRow) -> ProposalView:
    proposal, lines = row.proposal, from_snapshot(row.proposal.traits)
    named = {line.trait.value: line for line in lines}
    family, given = named["family_name"], named["given_name"]
    return ProposalView(
        public_id=proposal.public_id,
        state=proposal.state,
        kept_name=f"{given.left} {family.left}",
        absorbed_name=f"{given.right} {family.right}",
        kept_case=row.kept_case,
        kept_reference=row.kept_reference,
        absorbed_case=row.absorbed_case,
        absorbed_reference=row.absorbed_reference,
        proposed_by=row.proposed_by,
        proposed_at=proposal.proposed_at,
        is_own=proposal.proposed_by_id == actor.user_id,
        decided_by=row.decided_by,
        decided_at=proposal.decided_at,
        undo_until=row.merge.undo_until if row.merge else None,
        undone_by=row.undone_by,
        undone_at=row.undone.undone_at if row.undone else None,
    )
