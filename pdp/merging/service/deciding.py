"""Confirm or refuse a proposal: the second of two steps, by somebody else."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pdp.audit import service as audit
from pdp.cases.models import InsuredPerson, PersonAlias
from pdp.cases.rules.search import search_key
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.merging.enums import LineKind, ProposalState
from pdp.merging.models import MergeProposal, PersonMerge, PersonMergeLine
from pdp.merging.queries import proposals, rows
from pdp.merging.queries.candidates import identity_of
from pdp.merging.rules.deciding import CHANGED, GONE, check_decision, check_waiting, undo_until
from pdp.merging.rules.traits import FIELDS, Identity, retained
from pdp.merging.service.access import ensure_mergeable, fingerprint
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def refuse_merge(actor: Actor, public_id: str, *, reason: str) -> None:
    """Refuse a proposal, one's own included: the two records stay as they are. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.PERSON_MERGE)
    with db.transaction(actor):
        proposal = proposals.lock_proposal(actor, public_id)
        check_waiting(proposal.state)
        _decide(actor, proposal, ProposalState.REFUSED, reason)
        for case_id in (proposal.kept_case_id, proposal.absorbed_case_id):
            audit.record(actor, "person.refuse", case_id=case_id, subject=proposal)


def confirm_merge(actor: Actor, public_id: str) -> None:
    """Merge the two records of a proposal of somebody else.

    Every case of the absorbed person goes to the kept one, which takes the values chosen; the former identity
    stays as an alias. Raises `NotFound`, and `RuleViolation` when either record changed or went meanwhile.
    """
    ensure(actor, Permission.PERSON_MERGE)
    with db.transaction(actor):
        proposal = proposals.lock_proposal(actor, public_id)
        check_decision(proposal.state, proposal.proposed_by_id, actor.user_id)
        kept, absorbed = _both(proposal)
        now = clock.now()
        _decide(actor, proposal, ProposalState.CONFIRMED, None)
        merge = PersonMerge(
            cellule_id=proposal.cellule_id,
            proposal_id=proposal.id,
            kept_id=kept.id,
            absorbed_id=absorbed.id,
            proposed_by_id=proposal.proposed_by_id,
            confirmed_by_id=actor.user_id,
            merged_at=now,
            undo_until=undo_until(now),
        )
        db.session().add(merge)
        db.session().flush()
        for case in rows.list_cases(merge.cellule_id, (kept.id, absorbed.id)):
            subject = kept if case.person_id == kept.id else absorbed
            audit.record(actor, "person.merge", case_id=case.id, subject=subject)
        move_everything(merge)
        _reconcile(merge, kept, absorbed, proposal.choices, now)
        db.session().flush()


def add_line(merge: PersonMerge, kind: LineKind, name: str, row_id: int, **more: Any) -> None:
    """Write one line of a merge or of its undoing; `values` are sealed."""
    values: tuple[Any, Any] | None = more.pop("values", None)
    sealed = json.dumps([_plain(value) for value in values], ensure_ascii=False) if values is not None else None
    db.session().add(
        PersonMergeLine(
            cellule_id=merge.cellule_id, merge_id=merge.id, kind=kind, name=name, row_id=row_id, sealed=sealed, **more
        )
    )


def move_everything(merge: PersonMerge) -> None:
    """Give every row of the absorbed person to the kept one, and write which rows those were."""
    for table, column in rows.followers():
        here = rows.list_rows_of(table, column, merge.cellule_id, merge.kept_id)
        there = rows.list_rows_of(table, column, merge.cellule_id, merge.absorbed_id)
        if table.name == "case_file":
            for row_id in here:
                add_line(merge, LineKind.STAYED, table.name, row_id, from_id=merge.kept_id, to_id=merge.kept_id)
        moved = rows.move_rows(table, column, merge.cellule_id, there, merge.absorbed_id, merge.kept_id)
        for row_id in moved:
            add_line(merge, LineKind.MOVED, table.name, row_id, from_id=merge.absorbed_id, to_id=merge.kept_id)
    db.session().flush()


def change_values(merge: PersonMerge, person: InsuredPerson, values: dict[str, Any], *, undone: bool = False) -> None:
    """Set the columns that differ, and write what each was and became."""
    changed = {name: value for name, value in values.items() if getattr(person, name) != value}
    for name, value in changed.items():
        before = getattr(person, name)
        add_line(merge, LineKind.VALUE, name, person.id, values=(before, value), undone=undone)
        setattr(person, name, str(value) if name == "nir" and value is not None else value)
    person.version += bool(changed)
    db.session().flush()


def _both(proposal: MergeProposal) -> tuple[InsuredPerson, InsuredPerson]:
    """Return both records, locked with their cases, as they were when they were compared."""
    cellule_id = proposal.cellule_id
    people = rows.lock_persons(cellule_id, (proposal.kept_id, proposal.absorbed_id))
    kept, absorbed = people[proposal.kept_id], people[proposal.absorbed_id]
    if any(rows.is_absorbed(cellule_id, person.id) for person in (kept, absorbed)):
        raise RuleViolation(GONE)
    if fingerprint(kept, absorbed) != proposal.fingerprint:
        raise RuleViolation(CHANGED)
    ensure_mergeable(cellule_id, (kept, absorbed))
    return kept, absorbed


def _decide(actor: Actor, proposal: MergeProposal, state: ProposalState, reason: str | None) -> None:
    proposal.state, proposal.decision = state, reason
    proposal.decided_by_id, proposal.decided_at = actor.user_id, clock.now()


def _reconcile(
    merge: PersonMerge, kept: InsuredPerson, absorbed: InsuredPerson, choices: dict[str, Any], now: datetime
) -> None:
    """Give the kept person the values chosen, and leave both former identities as aliases."""
    before, gone = identity_of(kept), identity_of(absorbed)
    after = retained(before, gone, choices)
    own, other = kept.nir_index, absorbed.nir_index
    index = _index(before, gone, after, own, other)
    # The index of a number is unique: it leaves one row before it enters the other.
    change_values(merge, absorbed, {"nir_index": None})
    values: dict[str, Any] = {name: getattr(after, name) for name in FIELDS}
    names_changed = (after.family_name, after.given_name) != (before.family_name, before.given_name)
    if names_changed:
        values["search_key"] = search_key(after.family_name, after.given_name)
    former_key = kept.search_key
    change_values(merge, kept, values | {"nir_index": index})
    aliases = [_alias(merge, absorbed.id, gone, absorbed.search_key, other if other != index else None, now)]
    if names_changed or (own is not None and own != index):
        aliases.append(_alias(merge, kept.id, before, former_key, own if own != index else None, now))
    db.session().add_all(aliases)
    db.session().flush()
    for alias in aliases:
        add_line(merge, LineKind.ALIAS, "person_alias", alias.id, from_id=alias.former_id, to_id=kept.id)


def _index(before: Identity, gone: Identity, after: Identity, own: str | None, other: str | None) -> str | None:
    """Return the index of the number retained; a number that a hidden record holds has none."""
    if after.nir is None:
        return None
    held: Sequence[str | None] = [
        index for number, index in ((before.nir, own), (gone.nir, other)) if number == after.nir and index is not None
    ]
    return held[0] if held else None


def _alias(
    merge: PersonMerge, former_id: int, identity: Identity, key: str, index: str | None, now: datetime
) -> PersonAlias:
    return PersonAlias(
        cellule_id=merge.cellule_id,
        person_id=merge.kept_id,
        former_id=former_id,
        family_name=identity.family_name,
        given_name=identity.given_name,
        search_key=key,
        nir_index=index,
        since=now,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
