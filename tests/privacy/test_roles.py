"""Who may do each step of a request and of its copy: a table written by hand, for every role of the cellule."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can
from pdp.policy.roles import Role
from pdp.privacy.enums.pack import Part
from pdp.privacy.enums.register import AnswerMeans, Channel, IdentityProof, RightKind
from pdp.privacy.models import PackPart, RightsRequest
from pdp.privacy.service import pack, register, sealing
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
PEOPLE = [
    "service_social",
    "service_social_2",
    "manager",
    "service_medical",
    "cpam",
    "coordinateur",
    "csam",
    "spst",
    "cap_emploi",
    "comete",
    "mdph",
    "oeth",
    "pilotage",
    "dpo",
    "admin",
]
# Step → who may take it on the case `shared`, whose referent is `service_social`; everyone else meets a 404.
WHO: dict[str, str] = {
    "list the register": "coordinateur dpo",
    "read the request": "service_social manager coordinateur dpo",
    "answer it": "service_social manager coordinateur dpo",
    "prepare the copy": "service_social manager",
    "read the general part": "service_social manager",
    "read the social part": "service_social manager",
    "read the medical part": "service_medical",
    "release the general part": "service_social manager",
    "release the medical part": "service_medical",
    "seal the copy": "service_social manager",
    "download the sealed file": "coordinateur dpo",
}


@pytest.fixture
def sealed(world: World, actor_of: ActorOf) -> str:
    """A request about the case `shared`, its copy sealed."""
    referent = actor_of("a.service_social")
    request = recorded(world, referent)
    pack.prepare(referent, request, version=1)
    for name, part in parts(request).items():
        pack.release(actor_of("a.service_medical" if name == "medical" else "a.service_social"), part, version=1)
    sealing.seal(referent, request, version=2)
    return request


def recorded(world: World, actor: Actor, case: str = "a.shared") -> str:
    return register.record_request(
        actor,
        world.case[case],
        kind=RightKind.ACCESS,
        channel=Channel.MAIL,
        received_on=clock.today(),
        identity_proof=IdentityProof.KNOWN,
    )


def parts(request: str) -> dict[str, str]:
    with as_owner() as session:
        found = session.scalars(select(PackPart).order_by(PackPart.id)).all()
        return {row.part.value: row.public_id for row in found}


def row_of(request: str) -> RightsRequest:
    with as_owner() as session:
        return session.scalars(select(RightsRequest).where(RightsRequest.public_id == request)).one()


def add_social_note(world: World) -> None:
    from pdp.cases.models import CaseNote
    from pdp.policy.labels import Label

    with as_owner() as session:
        session.add(
            CaseNote(
                cellule_id=world.cellule["a"],
                case_id=world.case_id["a.shared"],
                label=Label.SOCIAL,
                text="Une note d’entretien.",
                author_id=world.user["a.service_social"],
                written_at=clock.now(),
            )
        )


def steps(request: str) -> dict[str, Callable[[Actor], object]]:
    found = parts(request)
    return {
        "list the register": lambda actor: register.list_register(actor),
        "read the request": lambda actor: register.read_request(actor, request),
        "prepare the copy": lambda actor: pack.prepare(actor, request, version=row_of(request).version),
        "read the general part": lambda actor: pack.read_part(actor, found["general"]),
        "read the social part": lambda actor: pack.read_part(actor, found["social"]),
        "read the medical part": lambda actor: pack.read_part(actor, found["medical"]),
        "release the general part": lambda actor: released_again(actor, found["general"]),
        "release the medical part": lambda actor: released_again(actor, found["medical"]),
        "seal the copy": lambda actor: sealing.seal(actor, request, version=row_of(request).version),
        "download the sealed file": lambda actor: sealing.fetch(actor, request),
        "answer it": lambda actor: register.answer(
            actor, request, version=row_of(request).version, answered_on=clock.today(), means=AnswerMeans.HAND
        ),
    }


def released_again(actor: Actor, part_id: str) -> None:
    """Release a part, as if nobody had."""
    with as_owner() as session:
        part = session.scalars(select(PackPart).where(PackPart.public_id == part_id)).one()
        part.state = part.state.TO_RELEASE
        version = part.version
    try:
        pack.release(actor, part_id, version=version)
    finally:
        with as_owner() as session:
            part = session.scalars(select(PackPart).where(PackPart.public_id == part_id)).one()
            if part.state is part.state.TO_RELEASE:
                part.state = part.state.RELEASED


def may(act: Callable[[Actor], object], actor: Actor) -> bool:
    with suppress(NotFound):
        act(actor)
        return True
    return False


def test_each_step_is_open_to_those_of_the_table_and_missing_to_the_others(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    add_social_note(world)
    referent = actor_of("a.service_social")
    wrong, cells = [], 0
    for step, allowed in WHO.items():
        request = recorded(world, referent)
        pack.prepare(referent, request, version=1)
        for name, part in parts(request).items():
            pack.release(actor_of("a.service_medical" if name == "medical" else "a.service_social"), part, version=1)
        sealing.seal(referent, request, version=2)
        act = steps(request)[step]
        for name in PEOPLE if step != "answer it" else [*(one for one in PEOPLE if one not in allowed.split()), "dpo"]:
            cells += 1
            if may(act, actor_of(f"a.{name}")) is not (name in allowed.split()):
                wrong.append((step, name))
    assert wrong == []
    figure("rights.roles", f"{cells} pairs of a person and a step as in the table, {len(wrong)} wrong")


def test_another_cellule_knows_nothing_of_a_request(world: World, actor_of: ActorOf, sealed: str) -> None:
    for name in ("dpo", "coordinateur", "manager", "service_medical"):
        for step, act in steps_of_base(sealed).items():
            assert not may(act, actor_of(f"b.{name}")), (step, name)


def steps_of_base(request: str) -> dict[str, Callable[[Actor], object]]:
    found = parts(request)
    return {
        "read": lambda actor: register.read_request(actor, request),
        "part": lambda actor: pack.read_part(actor, found["general"]),
        "medical": lambda actor: pack.read_part(actor, found["medical"]),
        "fetch": lambda actor: sealing.fetch(actor, request),
    }


def test_the_dpo_reads_codes_and_dates_and_no_name(world: World, actor_of: ActorOf, sealed: str) -> None:
    page = register.read_request(actor_of("a.dpo"), sealed)
    assert page.case_reference == "2026-0002"
    assert page.case_public_id is None
    assert page.pack is not None
    assert [line.public_id for line in page.pack.lines] == [None] * len(page.pack.lines)
    assert "Shared" not in repr(page)


def test_each_step_leaves_exactly_one_entry(world: World, actor_of: ActorOf, sealed: str) -> None:
    sealing.fetch(actor_of("a.dpo"), sealed)
    register.answer(actor_of("a.dpo"), sealed, version=3, answered_on=clock.today(), means=AnswerMeans.REGISTERED_MAIL)
    with as_owner() as session:
        found = session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.action.startswith("rights.") | AuditEntry.action.startswith("pack."))
            .order_by(AuditEntry.id)
        ).all()
    assert found == [
        "rights.record",
        "pack.prepare",
        "pack.release",
        "pack.release",
        "pack.seal",
        "pack.download",
        "rights.answer",
    ]


def test_the_general_part_is_the_dossier_itself_and_cannot_be_reserved() -> None:
    assert {part.value for part in Part} == {"general", "social", "medical"}
    assert [role for role in Role if can(_actor(role), Permission.PACK_HAND_OVER)] == [Role.COORDINATEUR, Role.DPO]


def _actor(role: Role) -> Actor:
    return Actor(1, 1, "m", "N", role, 1, "O", 1, "C")
