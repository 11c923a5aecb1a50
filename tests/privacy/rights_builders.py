"""A request for a copy of the data of the case `shared`, its pack and its parts, written as rows."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.privacy.enums.pack import MaskReason, Part, PartState
from pdp.privacy.enums.register import Channel, IdentityProof, RequestState, RightKind
from pdp.privacy.models import AccessPack, PackMask, PackPart, RightsRequest
from tests.support.world import World


def add_rights(world: World, key: str) -> None:
    """Add a request with a pack under way to the case `shared`. Inside a session of the caller."""
    session = db.session()
    request = add_request(world, f"{key}.shared", state=RequestState.PREPARING)
    case = session.get_one(Case, request.case_id)
    pack = AccessPack(
        cellule_id=request.cellule_id,
        request_id=request.id,
        person_id=case.person_id,
        opened_by_id=request.recorded_by_id,
        opened_at=clock.now(),
    )
    session.add(pack)
    session.flush()
    part = PackPart(
        cellule_id=pack.cellule_id, pack_id=pack.id, case_id=case.id, part=Part.GENERAL, state=PartState.TO_RELEASE
    )
    session.add(part)
    session.flush()
    session.add(
        PackMask(
            cellule_id=part.cellule_id,
            part_id=part.id,
            field_key="case_file.presentation:essai",
            start=0,
            length=0,
            digest="0" * 64,
            reason=MaskReason.THIRD_PARTY,
            masked_by_id=request.recorded_by_id,
            masked_at=clock.now(),
            lifted_at=clock.now(),
        )
    )


def add_request(world: World, case: str, **values: Any) -> RightsRequest:
    """Add a request about a case, received ten days ago. Inside a session of the caller."""
    session, key = db.session(), case.partition(".")[0]
    cellule_id = world.cellule[key]
    number = session.scalars(
        select(func.count()).select_from(RightsRequest).where(RightsRequest.cellule_id == cellule_id)
    ).one()
    received: date = values.pop("received_on", clock.today() - timedelta(days=10))
    fields: dict[str, Any] = {
        "cellule_id": cellule_id,
        "case_id": world.case_id[case],
        "reference": f"DR-2026-{number + 1:03}",
        "kind": RightKind.ACCESS,
        "channel": Channel.MAIL,
        "received_on": received,
        "identity_proof": IdentityProof.KNOWN,
        "state": RequestState.RECEIVED,
        "due_on": received + timedelta(days=31),
        "recorded_by_id": world.user[f"{key}.service_social"],
        "recorded_at": clock.now(),
    }
    row = RightsRequest(**(fields | values))
    session.add(row)
    session.flush()
    return row
