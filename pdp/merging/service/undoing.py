"""Undo a merge within thirty days: both records as they were, and a word about what changed since."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.audit import service as audit
from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import visible_to
from pdp.cases.rules.search import search_key
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.merging.enums import LineKind, ProposalState
from pdp.merging.models import PersonMerge, PersonMergeLine, PersonUnmerge
from pdp.merging.queries import proposals, rows
from pdp.merging.queries.since import list_cases_since
from pdp.merging.rules.deciding import NEWER, check_not_frozen, check_standing, check_undo
from pdp.merging.rules.traits import FIELD_NAMES
from pdp.merging.service.deciding import add_line, change_values
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_NAMES = ("family_name", "given_name")


@dataclass(frozen=True, slots=True)
class UndoPage:
    """What an undoing asks: where the cases opened since the merge belong; and the fields edited since."""

    public_id: str
    kept_name: str
    absorbed_name: str
    cases: tuple[tuple[str, str, date], ...]
    edited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undoing left where it was edited: labels of fields."""

    edited: tuple[str, ...]


def prepare_undo(actor: Actor, public_id: str) -> UndoPage:
    """Open the page that undoes a merge. Raises `NotFound`, and `RuleViolation` when it is too late."""
    ensure(actor, Permission.PERSON_MERGE)
    with db.transaction(actor):
        row = proposals.find_row(actor, public_id)
        check_standing(row.proposal.state)
        merge = proposals.find_merge(row.proposal)
        _check(merge)
        lines = proposals.list_lines(merge)
        kept = db.session().get_one(InsuredPerson, merge.kept_id)
        absorbed = db.session().get_one(InsuredPerson, merge.absorbed_id)
        check_not_frozen(kept.frozen_on)
        edited = tuple(name for name, before, after in _values(lines, kept.id) if _now(kept, name) != after)
        audit.record(actor, "person.proposal", case_id=row.proposal.kept_case_id, subject=row.proposal, part="undo")
        return UndoPage(
            public_id=public_id,
            kept_name=kept.full_name,
            absorbed_name=absorbed.full_name,
            cases=tuple((case.public_id, case.reference, case.opened_on) for case in _since(actor, merge, lines)),
            edited=_labels(edited),
        )


def undo_merge(actor: Actor, public_id: str, *, reason: str, returning: Collection[str] = ()) -> Undone:
    """Give both persons back what was theirs.

    `returning` names the cases opened since that belong to the absorbed person; the others stay. A value edited
    since stays where it was edited, and is told. Raises `NotFound`, `InvalidInput`, `RuleViolation`.
    """
    ensure(actor, Permission.PERSON_MERGE)
    with db.transaction(actor):
        proposal = proposals.lock_proposal(actor, public_id)
        check_standing(proposal.state)
        merge = proposals.find_merge(proposal)
        people = rows.lock_persons(merge.cellule_id, (merge.kept_id, merge.absorbed_id))
        _check(merge)
        kept, absorbed = people[merge.kept_id], people[merge.absorbed_id]
        check_not_frozen(kept.frozen_on)
        lines = proposals.list_lines(merge)
        chosen = _chosen(_since(actor, merge, lines), returning)
        _move_back(merge, lines, chosen)
        edited = _give_back(merge, lines, kept, absorbed)
        _end_aliases(lines)
        proposal.state, proposal.undo_reason = ProposalState.UNDONE, reason
        db.session().add(
            PersonUnmerge(
                cellule_id=merge.cellule_id, merge_id=merge.id, undone_by_id=actor.user_id, undone_at=clock.now()
            )
        )
        db.session().flush()
        for case in rows.list_cases(merge.cellule_id, (kept.id, absorbed.id)):
            subject = kept if case.person_id == kept.id else absorbed
            audit.record(actor, "person.unmerge", case_id=case.id, subject=subject)
    return Undone(_labels(edited))


def _check(merge: PersonMerge) -> None:
    check_undo(merge.undo_until, clock.now())
    if proposals.has_newer_merge(merge):
        raise RuleViolation(NEWER)


def _since(actor: Actor, merge: PersonMerge, lines: Sequence[PersonMergeLine]) -> Sequence[Case]:
    """Return the cases of the kept person that the merge did not know, those that the actor may see."""
    known = [line.row_id for line in lines if line.name == "case_file"]
    return list_cases_since(merge, known, visible_to(actor, clock.today()))


def _chosen(since: Sequence[Case], returning: Collection[str]) -> list[int]:
    by_id = {case.public_id: case.id for case in since}
    if not set(returning) <= set(by_id):
        raise InvalidInput({"returning": ["Choisissez dans la liste."]})
    return sorted(by_id[public_id] for public_id in returning)


def _move_back(merge: PersonMerge, lines: Sequence[PersonMergeLine], chosen: list[int]) -> None:
    """Return the rows that came with the absorbed person, and the newer cases that are theirs."""
    for table, column in rows.followers():
        ids = [line.row_id for line in lines if line.kind is LineKind.MOVED and line.name == table.name]
        if table.name == "case_file":
            ids += chosen
        for row_id in rows.move_rows(table, column, merge.cellule_id, ids, merge.kept_id, merge.absorbed_id):
            add_line(
                merge,
                LineKind.MOVED,
                table.name,
                row_id,
                from_id=merge.kept_id,
                to_id=merge.absorbed_id,
                undone=True,
            )
    db.session().flush()


def _give_back(
    merge: PersonMerge, lines: Sequence[PersonMergeLine], kept: InsuredPerson, absorbed: InsuredPerson
) -> tuple[str, ...]:
    """Restore what the merge replaced; return the fields edited since, which stay."""
    values: dict[str, Any] = {}
    edited = []
    for name, before, after in _values(lines, kept.id):
        if _now(kept, name) == after:
            values[name] = _typed(name, before)
        else:
            edited.append(name)
    if "search_key" in edited or any(name in edited for name in _NAMES):
        names = [values.get(name, getattr(kept, name)) for name in _NAMES]
        values["search_key"] = search_key(names[0], names[1])
    # The index of a number is unique: it leaves one row before it enters the other.
    change_values(merge, kept, values, undone=True)
    change_values(
        merge, absorbed, {name: _typed(name, before) for name, before, _ in _values(lines, absorbed.id)}, undone=True
    )
    return tuple(edited)


def _end_aliases(lines: Sequence[PersonMergeLine]) -> None:
    ids = [line.row_id for line in lines if line.kind is LineKind.ALIAS]
    for alias in rows.list_aliases(lines[0].cellule_id, ids):
        alias.ended_at = clock.now()


def _values(lines: Sequence[PersonMergeLine], person_id: int) -> list[tuple[str, Any, Any]]:
    """Return each column of a person that the merge replaced: its name, what it was, what it became."""
    return [
        (line.name, *json.loads(str(line.sealed)))
        for line in lines
        if line.kind is LineKind.VALUE and line.row_id == person_id
    ]


def _now(person: InsuredPerson, name: str) -> Any:
    value = getattr(person, name)
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "birth_date" else value


def _labels(names: Collection[str]) -> tuple[str, ...]:
    return tuple(FIELD_NAMES[name] for name in names if name in FIELD_NAMES)
