"""Who prepares which part of a pack, and what of a pack each reader of its request sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pdp.cases.queries import case_facts, get_case
from pdp.core import clock
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can
from pdp.policy.roles import Role
from pdp.policy.visibility import answers_for, readable_labels
from pdp.privacy.enums.pack import Part, PartState
from pdp.privacy.models import AccessPack, PackPart, RightsRequest
from pdp.privacy.queries import pack as queries
from pdp.privacy.rules.register import OVER

_ONE_HAND = (
    "Vous avez scellé cette copie et connaissez sa phrase secrète\u00a0: une autre personne doit remettre le fichier."
)
_PARTED = (
    "Une fusion a été annulée depuis que cette copie a été scellée\u00a0: elle contient les données d’une autre "
    "personne. Demandez à qui l’a préparée de la reprendre."
)


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as the page of a request shows it: `public_id` is there for who may open it."""

    part: Part
    case_reference: str
    state: PartState
    public_id: str | None


@dataclass(frozen=True, slots=True)
class PackSummary:
    """Where a pack is. `elsewhere` counts the parts of cases that the reader may not see."""

    lines: Sequence[PartLine]
    elsewhere: int
    waiting: int
    sealed_at: datetime | None
    expires_on: date | None
    size: int | None
    may_seal: bool
    may_fetch: bool


def summary_of(actor: Actor, request: RightsRequest) -> PackSummary | None:
    """Return where the pack of a request is, None while nobody prepared it."""
    pack = queries.find_pack(request)
    if pack is None:
        return None
    person_id = request.case.person_id if request.case else 0
    parts = [part for part in queries.list_parts(pack) if part.case.person_id == person_id]
    seen = _seen(actor, parts)
    waiting = sum(part.state is PartState.TO_RELEASE for part in parts)
    sealed, over = pack.key_id is not None, request.state in OVER
    kept = sealed and pack.expires_on is not None and pack.expires_on >= clock.today()
    return PackSummary(
        [_line(actor, part) for part in parts if part.case_id in seen],
        sum(part.case_id not in seen for part in parts),
        waiting,
        pack.sealed_at if sealed else None,
        pack.expires_on,
        pack.size,
        may_seal=can(actor, Permission.PACK_PREPARE) and not waiting and not sealed and not over,
        may_fetch=can(actor, Permission.PACK_HAND_OVER) and kept and why_kept_back(actor, request, pack) is None,
    )


def why_kept_back(actor: Actor, request: RightsRequest, pack: AccessPack) -> str | None:
    """Say in French why a sealed file is not for this reader, or for nobody any more; None when it may leave."""
    if pack.sealed_by_id == actor.user_id:
        return _ONE_HAND
    person_id = request.case.person_id if request.case else 0
    return _PARTED if queries.holds_another(pack, person_id) else None


def _seen(actor: Actor, parts: Sequence[PackPart]) -> frozenset[int]:
    ids = [part.case_id for part in parts]
    # The DPO follows every part by its state, and opens none.
    return frozenset(ids) if actor.role is Role.DPO else queries.list_visible(actor, ids)


def _line(actor: Actor, part: PackPart) -> PartLine:
    opens = can(actor, Permission.PACK_RELEASE) and may_open(actor, part)
    return PartLine(part.part, part.case.reference, part.state, part.public_id if opens else None)


def may_open(actor: Actor, part: PackPart) -> bool:
    """Tell whether the actor prepares this part; the case is one that the actor may see."""
    case = get_case(actor, part.case.public_id)
    if part.part is Part.GENERAL:
        return can(actor, Permission.PACK_PREPARE) and answers_for(actor, case.referent_user_id)
    readable = readable_labels(actor, case_facts(case), clock.today())
    label = Label.MEDICAL if part.part is Part.MEDICAL else Label.SOCIAL
    return can(actor, Permission.PACK_RELEASE) and label in readable
