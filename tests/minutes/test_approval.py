"""Minutes are approved by silence within a delay, or by the séance that follows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings.models import Meeting
from pdp.minutes import service
from pdp.minutes.enums import ApprovalState, EventReason
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from tests.minutes import seance
from tests.minutes.seance import HELD_AT
from tests.minutes.test_sending import composed, send, told
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def close(at: datetime) -> int:
    with clock.acting_at(at):
        return service.close_due_windows()


def standing(coordinator: Actor, meeting: str) -> tuple[ApprovalState, EventReason | None]:
    found = service.read_minutes(coordinator, meeting).approval
    return found.state, found.reason


def test_silence_approves_at_the_end_of_the_last_working_day(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    send(coordinator, meeting, versions["Cap emploi"])
    # A Thursday: the five working days are Friday, Saturday, Monday, Tuesday and Wednesday (jours ouvrables).
    with clock.acting_at(datetime(2027, 3, 11, 9, tzinfo=UTC)):
        closes_at = service.open_window(coordinator, meeting, days=5)
        with pytest.raises(RuleViolation, match="déjà"):
            service.open_window(coordinator, meeting, days=5)
    assert closes_at == datetime(2027, 3, 17, 22, 59, tzinfo=UTC)
    assert standing(coordinator, meeting) == (ApprovalState.OPEN, None)
    asked = told(NoticeKind.MINUTES_TO_APPROVE)
    assert world.user["a.cap_emploi"] in asked
    assert world.user["a.cpam"] in asked
    assert world.user["a.spst"] not in asked, "the SPST was sent nothing"
    assert close(closes_at - timedelta(minutes=1)) == 0
    assert close(closes_at) == 1
    assert close(closes_at) == 0
    assert standing(coordinator, meeting) == (ApprovalState.APPROVED, EventReason.BY_SILENCE)


def test_an_objection_stops_the_approval(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    send(coordinator, meeting, versions["Cap emploi"])
    member, partner = actor_of("a.cpam"), actor_of("a.cap_emploi")
    with pytest.raises(RuleViolation, match="Aucun délai"):
        service.object_to(member, meeting, objection="QXOBJECTION")
    closes_at = service.open_window(coordinator, meeting, days=5)
    with pytest.raises(InvalidInput):
        service.object_to(member, meeting, objection="  ")
    with pytest.raises(NotFound):
        service.object_to(actor_of("a.spst"), meeting, objection="QXOBJECTION")
    service.object_to(partner, meeting, objection="QXOBJECTION")
    assert told(NoticeKind.MINUTES_OBJECTED) == {world.user["a.coordinateur"]}
    assert close(closes_at) == 1
    assert told(NoticeKind.MINUTES_CONTESTED) == {world.user["a.coordinateur"]}
    assert standing(coordinator, meeting) == (ApprovalState.CONTESTED, None)
    [objection] = service.read_register(coordinator, meeting).objections
    assert objection.text == "QXOBJECTION"
    with pytest.raises(NotFound):
        service.read_register(member, meeting)
    # The delay may be opened again once the objection was answered.
    again = service.open_window(coordinator, meeting, days=5)
    assert close(again) == 1
    assert standing(coordinator, meeting) == (ApprovalState.APPROVED, EventReason.BY_SILENCE)


def test_the_next_seance_approves(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, _ = composed(actor_of, world)
    with pytest.raises(RuleViolation, match="Aucune séance"):
        service.approve_in_seance(coordinator, meeting, with_changes=False)
    seance.hold(world, at=HELD_AT + timedelta(days=1))
    service.approve_in_seance(coordinator, meeting, with_changes=True)
    assert standing(coordinator, meeting) == (ApprovalState.APPROVED, EventReason.WITH_CHANGES)
    with pytest.raises(RuleViolation, match="déjà"):
        service.approve_in_seance(coordinator, meeting, with_changes=False)


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [
        ("Approuvé à l’unanimité.", (ApprovalState.APPROVED, EventReason.IN_SEANCE)),
        ("Le procès-verbal est approuvé avec une correction.", (ApprovalState.APPROVED, EventReason.WITH_CHANGES)),
        ("Reporté : une relecture est demandée.", (ApprovalState.AWAITED, None)),
    ],
)
def test_the_resolution_of_a_seance_is_drawn_as_it_closes(
    world: World, actor_of: ActorOf, resolution: str, expected: tuple[ApprovalState, EventReason | None]
) -> None:
    coordinator, meeting, _ = composed(actor_of, world)
    following = seance.hold(world, at=HELD_AT + timedelta(days=1)).meeting
    with db.transaction(coordinator) as session:
        row = session.query(Meeting).filter_by(public_id=following).one()
        service.on_seance_closed(coordinator, row, resolution)
        audit.record(coordinator, "tests.close", subject=row)
    assert standing(coordinator, meeting) == expected
