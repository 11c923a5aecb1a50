"""The file of a copy: made of its parts, closed with a passphrase, handed over by someone who cannot open it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pdp.accounts.queries import get_cellule
from pdp.accounts.service.upkeep import in_each_cellule
from pdp.audit import service as audit
from pdp.cases.models import InsuredPerson
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.documents.enums import ReviewState, ScanState
from pdp.documents.rules.kinds import file_name
from pdp.documents.service import store
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.privacy.enums.pack import Part, PartState
from pdp.privacy.enums.register import RequestState
from pdp.privacy.models import AccessPack, PackMask, PackPart, RightsRequest
from pdp.privacy.queries import copy as rows
from pdp.privacy.queries import pack as queries
from pdp.privacy.queries.copy import Holdings
from pdp.privacy.queries.register import get_request
from pdp.privacy.rules.copy import CaseCopy, from_plain, in_part, together
from pdp.privacy.rules.register import Act
from pdp.privacy.rules.shelves import BY_TABLE
from pdp.privacy.service import pack_store, printing
from pdp.privacy.service.gathering import copy_of
from pdp.privacy.service.masking import Others, mask, others_of
from pdp.privacy.service.pack import digest, person_of
from pdp.privacy.service.pack_access import why_kept_back
from pdp.privacy.service.printing import Cover
from pdp.privacy.service.register import people_of, take

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is shown once: the passphrase, which is kept nowhere."""

    request: RightsRequest
    passphrase: str


def seal(actor: Actor, rights_id: str, *, version: int) -> Sealed:
    """Make the file and close it with a passphrase that is shown once, to this person, and kept nowhere.

    Raises `RuleViolation` while a part is not released, or changed since it was.
    """
    ensure(actor, Permission.PACK_PREPARE)
    with db.transaction(actor):
        request = take(actor, rights_id, Act.PREPARE, version)
        person = person_of(actor, request)
        pack = queries.find_pack(request)
        if pack is None:
            raise NotFound
        passphrase = printing.new_passphrase()
        body, left = _file(request, pack, person, passphrase)
        pack_store.keep(pack, body)
        pack.sealed_at, pack.sealed_by_id, pack.destroyed_at = clock.now(), actor.user_id, None
        pack.expires_on = clock.today() + KEPT
        request.state = RequestState.TO_HAND_OVER
        request.version += 1
        audit.record(actor, "pack.seal", case_id=request.case_id, subject=pack, size=len(body), files=left)
        told = people_of(actor.cellule_id, Role.DPO) | people_of(actor.cellule_id, Role.COORDINATEUR)
        notifications.notify(
            told, NoticeKind.PACK_SEALED, cellule_id=actor.cellule_id, link=f"/droits/{request.public_id}"
        )
    return Sealed(request, passphrase)


def _file(request: RightsRequest, pack: AccessPack, person: InsuredPerson, passphrase: str) -> tuple[bytes, int]:
    """Return the file of a pack whose parts are all settled and fresh, and how many pieces it holds."""
    cases = rows.list_cases(person)
    held = rows.gather(person, cases)
    parts = _own_parts(pack, person)
    if any(part.state is PartState.TO_RELEASE for part in parts):
        raise RuleViolation("Une partie attend encore d’être relue : la copie ne peut pas être scellée.")
    others, masks = others_of(person, held), queries.list_masks(parts)
    shown, missing, files = [], [], []
    for copy in copy_of(held, rows.list_consultations(person.cellule_id, [case.id for case in cases])):
        own = {part.part: part for part in parts if part.case_id == copy.case_id}
        _ensure_fresh(copy, own, others, masks)
        kept = [json.loads(part.content) for part in own.values() if part.content]
        pieces = [from_plain(one["copy"]) for one in kept]
        shown.append(together([in_part(copy, None), *pieces], BY_TABLE))
        files += [name for one in kept for name in one["files"]]
        missing += [
            f"{part.part.label}, dossier {copy.reference} : {part.withheld_reason.label.lower()}."
            for part in own.values()
            if part.withheld_reason
        ]
    attached = _pieces(person.cellule_id, files)
    return printing.build(_cover(request, person, held, tuple(missing)), shown, attached, passphrase), len(attached)


def _own_parts(pack: AccessPack, person: InsuredPerson) -> list[PackPart]:
    """Return the parts that are the person's; what was released of another one, by a merge undone since, goes."""
    own = []
    for part in queries.list_parts(pack, with_content=True):
        if part.case.person_id == person.id:
            own.append(part)
        elif part.content is not None:
            part.state, part.digest, part.content = PartState.TO_RELEASE, "", None
            part.version += 1
    return own


def _ensure_fresh(copy: CaseCopy, own: dict[Part, PackPart], others: Others, masks: Sequence[PackMask]) -> None:
    """Refuse to seal what changed since it was read. The medical zone is not seen from here: its release dates it."""
    for part in (Part.GENERAL, Part.SOCIAL):
        now, found = in_part(copy, part), own.get(part)
        if not now.sections or (found is not None and found.state is PartState.WITHHELD):
            continue
        placed = [one for one in masks if found is not None and one.part_id == found.id]
        if found is None or found.digest != digest(mask(now, others, placed)):
            raise RuleViolation(
                f"« {part.label} » du dossier {copy.reference} a changé depuis sa relecture : cherchez de nouvelles "
                "données ou reprenez cette partie, relisez-la, puis scellez."
            )


def _pieces(cellule_id: int, public_ids: Sequence[str]) -> dict[str, bytes]:
    """Return the files of the pieces that leave: accepted and checked."""
    files: dict[str, bytes] = {}
    # A piece of a zone is shown to its service, and to what works for nobody: the antivirus, and this.
    with db.transaction(db.Upkeep(cellule_id)):
        found = rows.list_files(cellule_id, public_ids)
        for document, body in found:
            if (
                document.review is ReviewState.ACCEPTED
                and document.scan is ScanState.CLEAN
                and not document.withdrawn_at
            ):
                ending = document.media.value.replace("jpeg", "jpg")
                files[file_name(f"piece-{len(files) + 1:02}", document.kind, ending)] = store.open_body(body)
    return files


def _cover(request: RightsRequest, person: InsuredPerson, held: Holdings, missing: tuple[str, ...]) -> Cover:
    cellule = get_cellule(request.cellule_id)
    received = sorted({row.organisation_id for row in held.rows["sharing_agreement"]})
    left = {row.organisation_id for row in held.rows["departure"]}
    hidden = (
        "Les noms d’autres personnes suivies sont masqués, et ceux des professionnels remplacés par leur fonction : "
        "la loi protège aussi leurs données. Un passage masqué est signalé à sa place, avec la raison.",
        "Les votes sont donnés sans dire quel siège les a émis.",
    )
    return Cover(
        cellule=cellule.name,
        caisse=cellule.caisse_name,
        person=person.full_name,
        reference=request.reference,
        received_on=request.received_on,
        made_on=clock.today(),
        missing=(*missing, *hidden),
        recipients=tuple(
            f"{held.organisations.get(key, '')} : avec votre accord"
            f"{', et des fichiers lui ont été transmis' if key in left else ''}."
            for key in received
        ),
    )


def fetch(actor: Actor, rights_id: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the sealed file, to be handed over unopened; one journal entry."""
    ensure(actor, Permission.PACK_HAND_OVER)
    with db.transaction(actor):
        request = get_request(actor, rights_id)
        pack = queries.find_pack(request, with_body=True)
        if pack is None or pack.key_id is None or pack.expires_on is None or pack.expires_on < clock.today():
            raise NotFound
        if (said := why_kept_back(actor, request, pack)) is not None:
            raise RuleViolation(said)
        body = pack_store.open_body(pack)
        audit.record(actor, "pack.download", case_id=request.case_id, subject=pack, size=len(body))
    return f"copie-{request.reference}.pdf", body


def end_expired() -> None:
    """Destroy the files that waited for thirty days; a request without answer goes back to its preparation."""
    in_each_cellule(_end_expired)


def _end_expired(cellule_id: int) -> None:
    for pack, request in queries.list_expired(cellule_id, clock.today()):
        pack_store.destroy(pack)
        if request.state is RequestState.TO_HAND_OVER:
            request.state = RequestState.PREPARING
            request.version += 1
        audit.record(None, "pack.expire", case_id=request.case_id, subject=pack)
