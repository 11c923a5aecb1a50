"""Two people at one correction, on real separate connections."""

from collections.abc import Callable

from sqlalchemy import func, select

from pdp.core import clock
from pdp.core.db import Database
from pdp.meetings import service
from pdp.meetings.enums import CorrectionState, DecisionOutcome, OpinionCode
from pdp.meetings.models import FundDecision, OpinionCorrection
from pdp.meetings.service import correcting
from pdp.requests.enums import RequestStatus
from tests.meetings.test_corrections import AGAINST, SEATS, ActorOf, given, holding, propose
from tests.meetings.test_races import at_once
from tests.meetings.test_races import wide as wide
from tests.support.databases import as_owner
from tests.support.world import World

OTHERS = ("manager", "service_social", "service_medical", "cpam")


def count(state: CorrectionState) -> int:
    with as_owner() as session:
        wanted = select(func.count(OpinionCorrection.id)).where(OpinionCorrection.state == state)
        return session.scalar(wanted) or 0


def test_several_confirmations_at_once_count_once(
    wide: Database, world: World, actor_of: ActorOf, figure: Callable[[str, object], None], engine_name: str
) -> None:
    seance = given(actor_of, world)
    turned = dict.fromkeys(SEATS[:4], AGAINST)
    made = propose(actor_of("a.coordinateur"), world, seance.items[0], turned, OpinionCode.REORIENTED)
    people = [actor_of(f"a.{name}") for name in OTHERS]
    done, refused = at_once(*[lambda who=who: correcting.confirm_correction(who, made) for who in people])
    assert (len(done), len(refused), count(CorrectionState.CONFIRMED)) == (1, len(OTHERS) - 1, 1)
    assert holding(seance.items[0]) == (OpinionCode.REORIENTED, OpinionCode.FAVOURABLE, RequestStatus.REORIENTED)
    figure("corrections.races", f"{engine_name}: {len(people)} confirmations at once, 1 counted")


def test_several_proposals_at_once_leave_one_waiting(wide: Database, world: World, actor_of: ActorOf) -> None:
    seance = given(actor_of, world)
    people = [actor_of(f"a.{name}") for name in OTHERS]
    acts = [lambda who=who: propose(who, world, seance.items[0], {"cp1": AGAINST}) for who in people]
    done, refused = at_once(*acts)
    assert (len(done), len(refused), count(CorrectionState.WAITING)) == (1, len(OTHERS) - 1, 1)


def test_a_decision_and_a_correction_at_once_never_both_pass(wide: Database, world: World, actor_of: ActorOf) -> None:
    seance, cpam = given(actor_of, world), actor_of("a.cpam")
    turned = dict.fromkeys(SEATS[:3], AGAINST)
    made = propose(actor_of("a.coordinateur"), world, seance.items[0], turned, OpinionCode.ADJOURNED)

    def decide() -> str:
        return service.record_decision(
            cpam, seance.requests[0], outcome=DecisionOutcome.GRANTED, decided_on=clock.today()
        )

    done, refused = at_once(decide, lambda: correcting.confirm_correction(actor_of("a.manager"), made))
    assert (len(done), len(refused)) == (1, 1)
    with as_owner() as session:
        wanted = select(func.count(FundDecision.id))
        decided = holding(seance.items[0])[2] is RequestStatus.DECIDED
        assert decided is not (count(CorrectionState.CONFIRMED) == 1)
        assert (session.scalar(wanted) or 0) >= int(decided)
