"""The copy of a person's data, prepared part by part by those who may read each; `sealing` closes its file."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pdp.audit import service as audit
from pdp.cases.models import InsuredPerson
from pdp.cases.queries import get_case, list_answerers
from pdp.core import clock, crypto, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.privacy.enums.pack import MaskReason, Part, PartState, WithheldReason
from pdp.privacy.enums.register import RequestState
from pdp.privacy.models import AccessPack, PackMask, PackPart, RightsRequest
from pdp.privacy.queries import copy as rows
from pdp.privacy.queries import pack as queries
from pdp.privacy.rules.copy import CaseCopy, Field, fields_of, in_part, sentences, to_plain
from pdp.privacy.rules.register import Act
from pdp.privacy.service import pack_store
from pdp.privacy.service.gathering import copy_of
from pdp.privacy.service.masking import digest_of, mask, others_of
from pdp.privacy.service.pack_access import may_open
from pdp.privacy.service.register import people_of, take

_STALE = "Quelqu’un a relu cette partie depuis que vous avez ouvert la page. Rien n’a été enregistré : rechargez-la."
_ALREADY = "Cette partie est déjà relue. Reprenez-la d’abord si quelque chose doit changer."
# What changes because of the request itself does not make a part stale.
_MOVING = frozenset({"rights_request"})


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part as it will be read, and what may be done of it."""

    part: PackPart
    request: RightsRequest
    case_reference: str
    copy: CaseCopy
    hidden: int


@dataclass(frozen=True, slots=True)
class FieldPage:
    """A text, its sentences (start, words, hidden or not), for the choice of what to hide."""

    part: PackPart
    field: Field
    sentences: Sequence[tuple[int, str, bool]]
    whole: bool


def prepare(actor: Actor, rights_id: str, *, version: int) -> None:
    """Open the preparation, or begin it again: one part per case and per zone that holds something.

    A file already sealed is destroyed. Those whose zone is concerned are told.
    """
    ensure(actor, Permission.PACK_PREPARE)
    with db.transaction(actor) as session:
        request = take(actor, rights_id, Act.PREPARE, version)
        person = person_of(actor, request)
        pack = queries.find_pack(request)
        if pack is None:
            pack = AccessPack(
                cellule_id=request.cellule_id,
                request_id=request.id,
                person_id=person.id,
                opened_by_id=actor.user_id,
                opened_at=clock.now(),
            )
            session.add(pack)
            session.flush()
        elif pack.key_id is not None:
            pack_store.destroy(pack)
            _begin_again(pack)
        added = _add_parts(pack, person)
        request.state = RequestState.PREPARING
        request.version += 1
        audit.record(actor, "pack.prepare", case_id=request.case_id, subject=pack, parts=len(added))
        for part in added:
            _ask_release(actor, part)


def _begin_again(pack: AccessPack) -> None:
    """What was released went with the file: each part is read again."""
    for part in queries.list_parts(pack):
        part.state, part.digest, part.withheld_reason = PartState.TO_RELEASE, "", None
        part.version += 1


def person_of(actor: Actor, request: RightsRequest) -> InsuredPerson:
    """Return the person of a request, by their case. Raises `NotFound`."""
    if request.case is None:
        raise NotFound
    return get_case(actor, request.case.public_id).person


def _add_parts(pack: AccessPack, person: InsuredPerson) -> list[PackPart]:
    held = rows.gather(person, rows.list_cases(person))
    by_id = {case.id: case for case in held.cases}
    known = {(part.case_id, part.part) for part in queries.list_parts(pack)}
    added = []
    for copy in copy_of(held):
        for part in Part:
            # The medical zone shows itself to its service only: whether it holds something, its service says.
            concerned = part is Part.MEDICAL or in_part(copy, part).sections
            if (copy.case_id, part) not in known and concerned:
                row = PackPart(
                    cellule_id=pack.cellule_id,
                    pack_id=pack.id,
                    case_id=copy.case_id,
                    case=by_id[copy.case_id],
                    part=part,
                    state=PartState.TO_RELEASE,
                )
                db.session().add(row)
                added.append(row)
    db.session().flush()
    return added


def _ask_release(actor: Actor, part: PackPart) -> None:
    case = part.case
    if part.part is Part.MEDICAL:
        told = people_of(part.cellule_id, Role.SERVICE_MEDICAL)
    else:
        told = set(list_answerers(case, clock.today()))
    notifications.notify(
        told - {actor.user_id},
        NoticeKind.PACK_PART_ASKED,
        cellule_id=part.cellule_id,
        case_id=part.case_id,
        link=f"/droits/parties/{part.public_id}",
    )


def read_part(actor: Actor, part_id: str) -> PartPage:
    """Open a part as the person will read it; one journal entry."""
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor):
        part, pack, request = _open_part(actor, part_id)
        copy, before = _copy_of_part(part, pack)
        hidden = sum(new.text != old.text for new, old in zip(fields_of(copy), fields_of(before), strict=True))
        audit.record(actor, "pack.read", case_id=part.case_id, subject=part, part=part.part.value)
    return PartPage(part, request, part.case.reference, copy, hidden)


def read_field(actor: Actor, part_id: str, field_key: str) -> FieldPage:
    """Open one text of a part, cut in sentences; one journal entry."""
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor):
        part, pack, _ = _open_part(actor, part_id)
        field = _field(part, pack, field_key)
        masks = [found for found in queries.list_masks([part]) if found.field_key == field_key]
        starts = {found.start for found in masks if found.length}
        cut = [
            (start, field.text[start : start + length].strip(), start in starts)
            for start, length in sentences(field.text)
        ]
        audit.record(actor, "pack.read", case_id=part.case_id, subject=part, part=part.part.value)
    return FieldPage(part, field, cut, any(found.length == 0 for found in masks))


def set_masks(
    actor: Actor,
    part_id: str,
    field_key: str,
    *,
    reason: MaskReason,
    whole: bool = False,
    starts: Sequence[int] = (),
    passage: str = "",
) -> int:
    """Hide sentences, a passage wherever it stands, or a whole text; what was hidden before is shown again.

    Returns how many passages are hidden. Raises `InvalidInput` for a passage that the text does not hold.
    """
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor) as session:
        part, pack, _ = _open_part(actor, part_id, lock=True)
        _ensure_to_release(part)
        field = _field(part, pack, field_key)
        places = [(0, 0)] if whole else _places(field, starts, passage)
        for old in queries.list_masks([part]):
            if old.field_key == field_key:
                old.lifted_at = clock.now()
        for start, length in places:
            text = field.text[start : start + (length or len(field.text))]
            session.add(
                PackMask(
                    cellule_id=part.cellule_id,
                    part_id=part.id,
                    field_key=field_key,
                    start=start,
                    length=length,
                    digest=digest_of(part.cellule_id, text),
                    reason=reason,
                    masked_by_id=actor.user_id,
                    masked_at=clock.now(),
                )
            )
        audit.record(actor, "pack.mask", case_id=part.case_id, subject=part, count=len(places), reason=reason.value)
    return len(places)


def _places(field: Field, starts: Sequence[int], passage: str) -> list[tuple[int, int]]:
    places = [(start, length) for start, length in sentences(field.text) if start in set(starts)]
    if passage:
        found = [at for at in range(len(field.text)) if field.text.startswith(passage, at)]
        if not found:
            raise InvalidInput({"passage": ["Le texte ne contient pas ce passage : recopiez-le tel quel."]})
        places += [(at, len(passage)) for at in found]
    return places


def release(actor: Actor, part_id: str, *, version: int) -> RightsRequest:
    """Say that a part was read and may leave as it is shown."""
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor):
        part, pack, request = _open_part(actor, part_id, lock=True, version=version)
        _ensure_to_release(part)
        copy, plain = _copy_of_part(part, pack)
        _settle(actor, part, PartState.RELEASED, digest(copy))
        part.content = json.dumps({"copy": to_plain(copy), "files": _kept_files(copy, plain)}, ensure_ascii=False)
        audit.record(actor, "pack.release", case_id=part.case_id, subject=part, part=part.part.value)
    return request


def withhold(actor: Actor, part_id: str, *, version: int, reason: WithheldReason) -> RightsRequest:
    """Keep a part out of the file, because it reaches the person another way."""
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor):
        part, _, request = _open_part(actor, part_id, lock=True, version=version)
        if part.part is Part.GENERAL:
            raise RuleViolation("Le dossier lui-même ne se réserve pas : masquez les passages qui doivent l’être.")
        _ensure_to_release(part)
        _settle(actor, part, PartState.WITHHELD, "")
        part.withheld_reason = reason
        audit.record(actor, "pack.withhold", case_id=part.case_id, subject=part, reason=reason.value)
    return request


def take_back(actor: Actor, part_id: str, *, version: int) -> RightsRequest:
    """Open a part again, as long as nothing is sealed."""
    ensure(actor, Permission.PACK_RELEASE)
    with db.transaction(actor):
        part, pack, request = _open_part(actor, part_id, lock=True, version=version)
        if pack.key_id is not None:
            raise RuleViolation("La copie est scellée : reprenez d’abord la préparation depuis la demande.")
        _settle(actor, part, PartState.TO_RELEASE, "")
        part.withheld_reason, part.content = None, None
        audit.record(actor, "pack.take_back", case_id=part.case_id, subject=part, part=part.part.value)
    return request


def _kept_files(copy: CaseCopy, plain: CaseCopy) -> list[str]:
    """Return the pieces whose file leaves: those whose nature nobody hid."""
    kept = zip(fields_of(copy), fields_of(plain), strict=True)
    return [
        new.key.partition(":")[2] for new, old in kept if new.key.startswith("document.kind:") and new.text == old.text
    ]


def _open_part(
    actor: Actor, part_id: str, *, lock: bool = False, version: int | None = None
) -> tuple[PackPart, AccessPack, RightsRequest]:
    part, pack, request = queries.get_part(actor, part_id, lock=lock)
    get_case(actor, part.case.public_id)
    if not may_open(actor, part):
        raise NotFound
    if version is not None and part.version != version:
        raise Conflict(_STALE)
    if lock and request.closed_on is not None:
        raise RuleViolation("Cette demande est close : sa copie ne change plus.")
    return part, pack, request


def _copy_of_part(part: PackPart, pack: AccessPack) -> tuple[CaseCopy, CaseCopy]:
    """Return a part as the person will read it, and as it is."""
    # The pack stays with the person of its day; its case may have followed a merge undone since.
    person = rows.get_person(pack.cellule_id, part.case.person_id)
    held = rows.gather(person, rows.list_cases(person))
    own = next(copy for copy in copy_of(held) if copy.case_id == part.case_id)
    plain = in_part(own, part.part)
    return mask(plain, others_of(person, held), queries.list_masks([part])), plain


def _field(part: PackPart, pack: AccessPack, field_key: str) -> Field:
    _, plain = _copy_of_part(part, pack)
    found = next((one for one in fields_of(plain) if one.key == field_key and one.free), None)
    if found is None:
        raise NotFound
    return found


def _ensure_to_release(part: PackPart) -> None:
    if part.state is not PartState.TO_RELEASE:
        raise RuleViolation(_ALREADY)


def _settle(actor: Actor, part: PackPart, state: PartState, digest: str) -> None:
    part.state, part.digest, part.version = state, digest, part.version + 1
    part.released_by_id, part.released_at = actor.user_id, clock.now()


def digest(copy: CaseCopy) -> str:
    """Return the keyed digest of what a part says: it tells, at the sealing, whether the part changed since."""
    kept = replace(copy, sections=tuple(one for one in copy.sections if one.code not in _MOVING))
    plain = json.dumps([[field.key, field.text] for field in fields_of(kept)], ensure_ascii=False)
    key = crypto.ring().derive(crypto.ring().index_id, f"pack-part:{copy.case_id}")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
