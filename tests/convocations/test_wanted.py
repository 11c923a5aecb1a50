"""Who comes when a titulaire takes no part in the cases of its seat, and what is kept once a séance is over."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp import wiring
from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.audit import service as audit
from pdp.cases import service as cases
from pdp.cases.enums import RecusalReason
from pdp.convocations import service
from pdp.convocations.enums import Answer
from pdp.convocations.models import Convocation
from pdp.meetings import service as meetings
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from tests.convocations.planned import plan, version_of
from tests.support.databases import as_owner
from tests.support.world import LONG_AGO, World, add_person

ActorOf = Callable[[str], Actor]
CASES = ("a.partial", "a.shared")


@pytest.fixture(autouse=True)
def _listeners() -> None:
    wiring.connect()


def asked(actor: Actor, meeting: str) -> set[str]:
    """Return the seats of the partners that would be convened, each with who comes."""
    rows = service.read_board(actor, meeting).to_send
    return {f"{row.seat}: {row.name}" for row in rows if "siège" not in row.seat}


def name_suppleant(world: World) -> None:
    """Give Cap emploi's seat a suppléant."""
    with as_owner() as session:
        add_person(world, "a", Role.CAP_EMPLOI, "second_cap_emploi")
        seat = session.scalars(select(Seat).where(Seat.public_id == world.seat["a.cap"])).one()
        held = session.scalars(
            select(Membership).where(Membership.public_id == world.membership["a.second_cap_emploi"])
        )
        session.add(
            SeatHolder(seat_id=seat.id, membership_id=held.one().id, rank=HolderRank.SUPPLEANT, starts_on=LONG_AGO)
        )
        audit.record(None, "tests.seat")


def recuse(actor_of: ActorOf, world: World, *names: str) -> None:
    for name in names:
        cases.declare_recusal(actor_of("a.cap_emploi"), world.case[name], reason=RecusalReason.PERSONAL)


def test_a_titulaire_who_takes_no_part_in_its_only_case_is_not_convened(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = plan(world, secretary, cases=("a.partial",))
    assert asked(secretary, meeting) == {"Cap emploi: Cap EssaiA", "SPST: Spst EssaiA"}
    recuse(actor_of, world, "a.partial")
    assert asked(secretary, meeting) == {"SPST: Spst EssaiA"}


def test_its_suppleant_comes_instead(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = plan(world, secretary, cases=("a.partial",))
    name_suppleant(world)
    assert "Cap emploi: Cap EssaiA" in asked(secretary, meeting)
    recuse(actor_of, world, "a.partial")
    assert "Cap emploi: Second EssaiA" in asked(secretary, meeting)


def test_a_titulaire_still_comes_for_its_other_cases_and_for_these_hours_only(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = plan(world, secretary, cases=CASES)
    recuse(actor_of, world, "a.partial")
    service.send_convocations(secretary, meeting)
    (row,) = [row for row in service.read_board(secretary, meeting).rows if row.organisation.startswith("Cap")]
    # A quarter of an hour of opening points, then two of twenty minutes: the second, 14 h 35 to 14 h 55, in quarters.
    assert (row.starts_at.minute, (row.ends_at - row.starts_at).seconds // 60) == (30, 30)


@pytest.mark.parametrize("how", ["close", "cancel"])
def test_an_hour_wished_for_is_forgotten_once_the_seance_is_over(world: World, actor_of: ActorOf, how: str) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = plan(world, secretary, cases=())
    service.send_convocations(secretary, meeting)
    service.answer_own(actor_of("a.cpam"), meeting, answer=Answer.OTHER_TIME, wish="Après mon rendez-vous, 16 h")
    if how == "close":
        meetings.open_meeting(secretary, meeting, version=version_of(secretary, meeting))
        meetings.close_meeting(secretary, meeting, version=version_of(secretary, meeting))
    else:
        meetings.cancel_meeting(
            secretary, meeting, version=version_of(secretary, meeting), reason="Salle indisponible."
        )
    with as_owner() as session:
        kept = session.execute(select(Convocation.answer, Convocation.wish)).all()
    assert Answer.OTHER_TIME in {row.answer for row in kept}
    assert {row.wish for row in kept} == {""}
