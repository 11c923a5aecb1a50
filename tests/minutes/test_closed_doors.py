"""A restricted case in the minutes: a point behind closed doors, in no file of anybody."""

from collections.abc import Callable

import pytest

from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case, CaseReader
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.minutes import service
from pdp.policy.actor import Actor
from tests.minutes import seance
from tests.minutes.extract import words
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SECRET = "QXASKEDSHARED"


def _restrict(world: World, *readers: str) -> None:
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.shared"])
        case.restricted_on, case.restricted_reason = clock.today(), RestrictionReason.COLLEAGUE
        for name in readers:
            row = CaseReader(cellule_id=case.cellule_id, case_id=case.id, user_id=world.user[f"a.{name}"])
            row.named_by_id, row.named_at = world.user["a.service_social"], clock.now()
            session.add(row)


def _text(actor: Actor, minutes: str, version: str) -> str:
    return words("pdf", service.download(actor, minutes, version, "pdf").body)


def test_the_complete_minutes_say_that_there_was_a_point_and_nothing_of_it(world: World, actor_of: ActorOf) -> None:
    held = seance.hold(world)
    _restrict(world, "coordinateur")
    actor = actor_of("a.coordinateur")
    made = service.compose_minutes(actor, held.meeting)
    seance.deliver()
    view = service.read_minutes(actor, made.public_id)
    text = _text(actor, made.public_id, view.shown.version.public_id)
    assert "Point à huis clos" in text
    assert SECRET not in text
    assert SECRET not in str(view.shown.content)
    assert [version.is_complete for version in view.versions] == [True], "no partner has a version any more"


def test_a_case_restricted_after_the_minutes_leaves_the_page_and_shuts_the_files(
    world: World, actor_of: ActorOf
) -> None:
    made = service.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    seance.deliver()
    before = service.read_minutes(actor_of("a.cpam"), made.public_id)
    assert SECRET in str(before.shown.content)
    _restrict(world, "service_medical")
    after = service.read_minutes(actor_of("a.cpam"), made.public_id)
    assert SECRET not in str(after.shown.content)
    version = after.shown.version.public_id
    for file_format in ("pdf", "docx", "odt"):
        with pytest.raises(NotFound, match="huis clos"):
            service.download(actor_of("a.cpam"), made.public_id, version, file_format)
    assert SECRET in str(service.read_minutes(actor_of("a.service_medical"), made.public_id).shown.content)
    assert service.download(actor_of("a.service_medical"), made.public_id, version, "pdf").body
    with pytest.raises(NotFound):
        service.read_minutes(actor_of("a.cap_emploi"), made.public_id)
