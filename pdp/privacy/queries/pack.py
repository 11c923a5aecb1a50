"""Reads of packs, of their parts and masks."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, undefer

from pdp.cases.models import Case
from pdp.cases.queries import visible_to
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.privacy.enums.pack import Part, PartState
from pdp.privacy.models import AccessPack, PackMask, PackPart, RightsRequest


def find_pack(request: RightsRequest, *, with_body: bool = False) -> AccessPack | None:
    """Return the pack of a request, with its file when it is asked."""
    wanted = select(AccessPack).where(AccessPack.cellule_id == request.cellule_id, AccessPack.request_id == request.id)
    if with_body:
        wanted = wanted.options(undefer(AccessPack.body)).execution_options(populate_existing=True)
    return db.session().scalars(wanted).one_or_none()


def list_parts(pack: AccessPack, *, with_content: bool = False) -> Sequence[PackPart]:
    """Return the parts of a pack with their cases, oldest case first; with what was released when it is asked."""
    wanted = (
        select(PackPart)
        .join(PackPart.case)
        .options(contains_eager(PackPart.case))
        .where(PackPart.cellule_id == pack.cellule_id, PackPart.pack_id == pack.id)
        .order_by(PackPart.case_id, PackPart.id)
    )
    if with_content:
        wanted = wanted.options(undefer(PackPart.content)).execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()


def get_part(actor: Actor, public_id: str, *, lock: bool = False) -> tuple[PackPart, AccessPack, RightsRequest]:
    """Return a part of a case that the actor may see, with its pack and request. Raises `NotFound`."""
    wanted = (
        select(PackPart, AccessPack, RightsRequest)
        .join(PackPart.case)
        .join(AccessPack, AccessPack.id == PackPart.pack_id)
        .join(RightsRequest, RightsRequest.id == AccessPack.request_id)
        .options(contains_eager(PackPart.case))
        .where(PackPart.public_id == public_id, visible_to(actor, clock.today()), _of_who_asked())
    )
    if lock:
        wanted = wanted.with_for_update(of=PackPart)
    found = db.session().execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1], found[2]


def _of_who_asked() -> ColumnElement[bool]:
    """Say that the case of a part is still of the person who asked: a merge undone since gave it to another."""
    asked = aliased(Case)
    return exists().where(
        asked.cellule_id == RightsRequest.cellule_id,
        asked.id == RightsRequest.case_id,
        asked.person_id == Case.person_id,
    )


def holds_another(pack: AccessPack, person_id: int) -> bool:
    """Tell whether something of a case of another person went into the file."""
    wanted = (
        select(PackPart.id)
        .join(PackPart.case)
        .where(
            PackPart.cellule_id == pack.cellule_id,
            PackPart.pack_id == pack.id,
            PackPart.content.is_not(None),
            Case.person_id != person_id,
        )
    )
    return db.session().scalar(wanted.limit(1)) is not None


def list_visible(actor: Actor, case_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these cases the actor may see."""
    wanted = select(Case.id).where(Case.id.in_(case_ids), visible_to(actor, clock.today()))
    return frozenset(db.session().scalars(wanted))


def list_masks(parts: Sequence[PackPart]) -> Sequence[PackMask]:
    """Return the masks in force of some parts."""
    wanted = select(PackMask).where(PackMask.part_id.in_([part.id for part in parts]), PackMask.lifted_at.is_(None))
    return db.session().scalars(wanted.order_by(PackMask.id)).all()


def list_to_release(actor: Actor, part: Part, limit: int) -> Sequence[tuple[PackPart, RightsRequest]]:
    """Return the parts of a kind that wait to be read again, of cases that the actor may see, by deadline."""
    wanted = (
        select(PackPart, RightsRequest)
        .join(PackPart.case)
        .join(Case.person)
        .join(AccessPack, AccessPack.id == PackPart.pack_id)
        .join(RightsRequest, RightsRequest.id == AccessPack.request_id)
        .options(contains_eager(PackPart.case).contains_eager(Case.person))
        .where(PackPart.part == part, PackPart.state == PartState.TO_RELEASE)
        .where(RightsRequest.closed_on.is_(None), RightsRequest.due_on.is_not(None))
        .where(PackPart.cellule_id == actor.cellule_id, visible_to(actor, clock.today()), _of_who_asked())
        .order_by(RightsRequest.due_on, PackPart.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session().execute(wanted)]


def list_expired(cellule_id: int, today: date) -> Sequence[tuple[AccessPack, RightsRequest]]:
    """Return the packs whose file has waited too long, with their requests."""
    wanted = (
        select(AccessPack, RightsRequest)
        .join(RightsRequest, RightsRequest.id == AccessPack.request_id)
        .where(AccessPack.cellule_id == cellule_id, AccessPack.expires_on < today, AccessPack.key_id.is_not(None))
        .order_by(AccessPack.id)
        .with_for_update(of=AccessPack)
    )
    return [(row[0], row[1]) for row in db.session().execute(wanted)]


def count_by_key(cellule_id: int) -> Mapping[int, int]:
    """Return the number of stored files by key id."""
    wanted = (
        select(AccessPack.key_id, func.count())
        .where(AccessPack.cellule_id == cellule_id, AccessPack.key_id.is_not(None))
        .group_by(AccessPack.key_id)
    )
    return {row[0] or 0: row[1] for row in db.session().execute(wanted)}


def list_of_other_keys(current: int, cellule_id: int, limit: int) -> Sequence[AccessPack]:
    """Return stored files sealed under another key than the current one."""
    wanted = (
        select(AccessPack)
        .options(undefer(AccessPack.body))
        .where(AccessPack.cellule_id == cellule_id, AccessPack.key_id.is_not(None), AccessPack.key_id != current)
        .order_by(AccessPack.id)
        .limit(limit)
    )
    return db.session().scalars(wanted).all()
