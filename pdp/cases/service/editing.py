"""Edit a block of a case, or a row that hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import Activity, Case, Encounter, InsuredPerson, Stoppage
from pdp.cases.rules.blocks import BLOCKS, ROW_KINDS, Block, RowKind, fingerprint
from pdp.cases.rules.dates import check_activity, check_birth, check_stoppage
from pdp.cases.rules.search import search_key
from pdp.cases.rules.view import CaseView
from pdp.cases.service.access import case_to_write
from pdp.cases.service.reading import view_of
from pdp.core import clock, db
from pdp.core.errors import Conflict, NotFound
from pdp.core.french import capital
from pdp.policy.actor import Actor
from pdp.policy.masking import UNNAMED

Row = Activity | Stoppage | Encounter

_MODELS: dict[str, type[Activity] | type[Stoppage] | type[Encounter]] = {
    "activite": Activity,
    "arret": Stoppage,
    "rencontre": Encounter,
}
_STALE = "Ces informations ont changé pendant que vous écriviez. Votre saisie n’est pas perdue."


@dataclass(frozen=True, slots=True)
class Editable:
    """A block or a row as a form opens on it: its values, what proves them, and who changed the block last."""

    case: CaseView
    title: str
    values: dict[str, Any]
    version: str
    changed_by: str | None = None
    changed_at: datetime | None = None


def read_block(actor: Actor, case_id: str, block: str) -> Editable:
    """Open a block for editing; a reading like any other, hence an entry. Raises `NotFound`."""
    with db.transaction(actor):
        case, found = _block_to_write(actor, case_id, block)
        values = _values(_holder(case, found), found.fields)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part=f"edit.{found.key}")
        return _editable(actor, case, found.title, values, found.key)


def edit_block(actor: Actor, case_id: str, block: str, /, *, version: str, **values: Any) -> None:
    """Replace the values of a block.

    Raises `NotFound` when the label is not the actor's to write, `Conflict` when the block changed
    since the form was opened, `InvalidInput` when the values do not go together.
    """
    with db.transaction(actor):
        case, found = _block_to_write(actor, case_id, block)
        holder = queries.lock_person(case) if found.of_person else case
        _refuse_stale(_values(holder, found.fields), version)
        if isinstance(holder, InsuredPerson):
            check_birth(values["birth_date"], clock.today())
        changed = _apply(holder, found.fields, values)
        if isinstance(holder, InsuredPerson):
            holder.search_key = search_key(holder.family_name, holder.given_name)
            holder.version += bool(changed)
        case.version += bool(changed)
        audit.record(actor, "case.edit", case_id=case.id, subject=holder, block=found.key, fields=changed)


def read_row(actor: Actor, case_id: str, kind: str, row_id: str | None) -> Editable:
    """Open a row for editing, or an empty one to add when `row_id` is None. Raises `NotFound`."""
    with db.transaction(actor):
        case, found = _kind_to_write(actor, case_id, kind)
        row = _row(case, found, row_id) if row_id else None
        audit.record(actor, "case.read", case_id=case.id, subject=case, part=f"edit.{found.key}")
        return _editable(
            actor, case, found.title if row else found.adding, _values(row, found.fields) if row else {}, found.key
        )


def save_row(
    actor: Actor, case_id: str, kind: str, row_id: str | None = None, /, *, version: str = "", **values: Any
) -> None:
    """Add a row to a case, or replace the values of one. Raises as `edit_block` does."""
    with db.transaction(actor):
        case, found = _kind_to_write(actor, case_id, kind)
        _check_row(found, values)
        if row_id:
            row = _row(case, found, row_id)
            _refuse_stale(_values(row, found.fields), version)
        else:
            row = _MODELS[found.key](cellule_id=case.cellule_id, case_id=case.id)
        changed = _apply(row, found.fields, values)
        db.session().add(row)
        case.version += 1
        action = "case.edit.row" if row_id else "case.edit.add"
        audit.record(actor, action, case_id=case.id, subject=row, block=found.key, fields=changed)


def remove_row(actor: Actor, case_id: str, kind: str, row_id: str, *, version: str) -> None:
    """Delete a row entered by mistake; the journal keeps that it was. Raises `NotFound` and `Conflict`."""
    with db.transaction(actor):
        case, found = _kind_to_write(actor, case_id, kind)
        row = _row(case, found, row_id)
        _refuse_stale(_values(row, found.fields), version)
        case.version += 1
        audit.record(actor, "case.edit.remove", case_id=case.id, subject=row, block=found.key)
        db.session().delete(row)


def _block_to_write(actor: Actor, case_id: str, key: str) -> tuple[Case, Block]:
    block = BLOCKS.get(key)
    if block is None or (block.core_only and actor.is_partner):
        raise NotFound
    return case_to_write(actor, case_id, block.label), block


def _kind_to_write(actor: Actor, case_id: str, key: str) -> tuple[Case, RowKind]:
    kind = ROW_KINDS.get(key)
    if kind is None:
        raise NotFound
    return case_to_write(actor, case_id, kind.label), kind


def _holder(case: Case, block: Block) -> Case | InsuredPerson:
    return case.person if block.of_person else case


def _row(case: Case, kind: RowKind, row_id: str) -> Row:
    return queries.find_row(case, _MODELS[kind.key], row_id)


def _values(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _refuse_stale(stored: Mapping[str, Any], version: str) -> None:
    if fingerprint(stored) != version:
        raise Conflict(_STALE)


def _apply(row: object, names: tuple[str, ...], values: Mapping[str, Any]) -> list[str]:
    """Set the values and return the names of those that changed."""
    changed = [name for name in names if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _check_row(kind: RowKind, values: Mapping[str, Any]) -> None:
    if kind.key == "arret":
        check_stoppage(values["starts_on"], values["prescribed_end"], values["ended_on"])
    elif kind.key == "activite":
        check_activity(values["starts_on"], values["ends_on"])


def _editable(actor: Actor, case: Case, title: str, values: dict[str, Any], block: str) -> Editable:
    change = queries.last_change(case, block)
    hidden = change is not None and bool(accounts.find_unnamed(actor, {change.user_id}))
    return Editable(
        case=view_of(actor, case),
        title=title,
        values=values,
        version=fingerprint(values),
        changed_by=(capital(UNNAMED) if hidden else change.name) if change else None,
        changed_at=change.at if change else None,
    )
