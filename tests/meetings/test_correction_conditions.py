"""What a corrected opinion holds, and what it closed elsewhere: conditions said again, alternatives given back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from pdp.accounts.models import Cellule
from pdp.core import clock
from pdp.core.calendar import Territory
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import ActionState, OpinionCode, VoteValue
from pdp.meetings.models import Action, AgendaItem
from pdp.meetings.service import correcting, corrections
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from tests.meetings.builders import build_meeting
from tests.meetings.pages import status_of
from tests.meetings.test_ballot_modes import close, opened, opine
from tests.meetings.test_corrections import SEATS, given, holding, propose
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
TUTOR, TRAINING = "Le tuteur est désigné.", "La formation est suivie."


def correct(actor_of: ActorOf, world: World, item: str, value: VoteValue, code: OpinionCode, text: str = "") -> None:
    """Correct the answer of one seat and the opinion, by two persons."""
    made = correcting.propose_correction(
        actor_of("a.coordinateur"),
        item,
        reason="Saisie inexacte.",
        votes={world.seat["a.cp1"]: value},
        code=code,
        conditions=text,
        reasons="Motif lu.",
    )
    correcting.confirm_correction(actor_of("a.manager"), made)


def held_by(item: str) -> list[tuple[str, ActionState, int]]:
    """Return each thing that an item holds: its text, where it stands, how many days are left."""
    with as_owner() as session:
        rows = session.scalars(
            select(Action)
            .join(AgendaItem, AgendaItem.id == Action.item_id)
            .where(AgendaItem.public_id == item)
            .order_by(Action.id)
        )
        return [(row.text, row.state, (row.due_on - clock.today()).days) for row in rows]


def test_a_condition_that_a_correction_dropped_is_held_again_when_the_next_one_says_it(
    world: World, actor_of: ActorOf
) -> None:
    item = given(actor_of, world).items[0]
    with_conditions, open_, gone = OpinionCode.FAVOURABLE_WITH_CONDITIONS, ActionState.OPEN, ActionState.DROPPED
    correct(actor_of, world, item, VoteValue.FOR_WITH_CONDITIONS, with_conditions, f"{TUTOR}\n{TRAINING}")
    assert held_by(item) == [(TUTOR, open_, 30), (TRAINING, open_, 30)]
    correct(actor_of, world, item, VoteValue.AGAINST, OpinionCode.FAVOURABLE)
    assert held_by(item) == [(TUTOR, gone, 30), (TRAINING, gone, 30)]
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        correct(actor_of, world, item, VoteValue.FOR_WITH_CONDITIONS, with_conditions, TUTOR)
        assert held_by(item) == [(TUTOR, open_, 20), (TRAINING, gone, 20)]
        correct(actor_of, world, item, VoteValue.AGAINST, OpinionCode.FAVOURABLE)
    # Its date went by meanwhile: the usual delay runs anew, or the request would come back at once.
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        correct(actor_of, world, item, VoteValue.FOR_WITH_CONDITIONS, with_conditions, f"{TUTOR}\n{TRAINING}")
        assert held_by(item) == [(TUTOR, open_, 30), (TRAINING, open_, 30)]


def test_an_alternative_left_aside_comes_back_when_the_favourable_opinion_was_none(
    world: World, actor_of: ActorOf
) -> None:
    secretary, seance = actor_of("a.coordinateur"), build_meeting(world, items=3)
    service.link_alternative(secretary, seance.items[0], version=1, other=seance.items[1])
    ballot = opened(secretary, seance)
    service.type_all_for(secretary, ballot)
    close(secretary, seance, ballot)
    opine(secretary, seance, OpinionCode.FAVOURABLE)
    opine(secretary, seance, OpinionCode.NO_OBJECT, 1)
    aside = seance.requests[1]

    def read_against(seats: tuple[str, ...], code: OpinionCode) -> None:
        made = correcting.propose_correction(
            secretary,
            seance.items[0],
            reason="Saisie inexacte.",
            votes={world.seat[f"a.{seat}"]: VoteValue.AGAINST for seat in seats},
            code=code,
            reasons="Motif lu.",
        )
        assert status_of(aside) is RequestStatus.OPINION_GIVEN
        correcting.confirm_correction(actor_of("a.manager"), made)

    # Still favourable: it stays without object.
    read_against(SEATS[:1], OpinionCode.FAVOURABLE)
    assert status_of(aside) is RequestStatus.OPINION_GIVEN
    read_against(SEATS[:4], OpinionCode.UNFAVOURABLE)
    assert status_of(aside) is RequestStatus.READY
    # Nothing else of the case moves.
    assert status_of(seance.requests[0]) is RequestStatus.OPINION_GIVEN
    assert status_of(seance.requests[2]) is RequestStatus.SCHEDULED
    with as_owner() as session:
        told = session.scalars(select(Notice.link).where(Notice.kind == NoticeKind.REQUEST_RETURNED))
        assert set(told) == {f"/demandes/{aside}"}


def test_no_correction_makes_a_second_favourable_opinion_among_alternatives(world: World, actor_of: ActorOf) -> None:
    secretary, seance = actor_of("a.coordinateur"), build_meeting(world, items=2)
    service.link_alternative(secretary, seance.items[0], version=1, other=seance.items[1])
    for number, against in enumerate((SEATS, ())):
        ballot = opened(secretary, seance, number)
        for seat in against:
            service.type_vote(
                secretary, ballot, seat=world.seat[f"a.{seat}"], value=VoteValue.AGAINST, text="Trop tôt."
            )
        service.type_all_for(secretary, ballot)
        close(secretary, seance, ballot, number)
        code = OpinionCode.UNFAVOURABLE if against else OpinionCode.FAVOURABLE
        opine(secretary, seance, code, number, reasons="Motif lu.")

    def read(number: int, value: VoteValue, code: OpinionCode) -> None:
        made = propose(secretary, world, seance.items[number], dict.fromkeys(SEATS, value), code)
        correcting.confirm_correction(actor_of("a.manager"), made)

    with pytest.raises(RuleViolation, match="rectifiez-le d’abord"):
        read(0, VoteValue.FOR, OpinionCode.FAVOURABLE)
    # Once the other one is favourable no longer, it may.
    read(1, VoteValue.AGAINST, OpinionCode.UNFAVOURABLE)
    read(0, VoteValue.FOR, OpinionCode.FAVOURABLE)
    assert [holding(item)[0] for item in seance.items] == [OpinionCode.FAVOURABLE, OpinionCode.UNFAVOURABLE]


def test_a_quorum_that_a_correction_undid_does_not_come_back_with_the_next_one(
    world: World, actor_of: ActorOf
) -> None:
    item, secretary = given(actor_of, world).items[0], actor_of("a.coordinateur")

    def propose(votes: dict[str, VoteValue | None], code: OpinionCode) -> str:
        said = {world.seat[f"a.{seat}"]: value for seat, value in votes.items()}
        return correcting.propose_correction(
            secretary, item, reason="Présence inexacte.", votes=said, code=code, reasons="Motif lu."
        )

    # Nobody of the CPAM was there after all: the séance could only adjourn.
    made = propose({"cp1": None, "cp2": None}, OpinionCode.ADJOURNED)
    correcting.confirm_correction(actor_of("a.manager"), made)
    with pytest.raises(InvalidInput) as refused:
        propose({}, OpinionCode.FAVOURABLE)
    assert "la CPAM ne siège pas" in refused.value.errors["code"][0]
    # Once they are said to have been there, it may be read again.
    assert propose({"cp1": VoteValue.FOR, "cp2": VoteValue.FOR}, OpinionCode.FAVOURABLE)


def test_the_form_and_the_proposal_give_the_same_last_day_by_the_holidays_of_the_cellule(
    world: World, actor_of: ActorOf
) -> None:
    item, secretary = given(actor_of, world).items[0], actor_of("a.coordinateur")
    with as_owner() as session:
        alsace = Territory.ALSACE_MOSELLE
        session.execute(update(Cellule).where(Cellule.id == secretary.cellule_id).values(territory=alsace))
    # Wednesday 23 December 2026. Five working days: 24, 28, 29, 30 and 31, the 26th being a holiday there only.
    with time_machine.travel("2026-12-23T10:00:00Z", tick=False):
        assert corrections.read_form(secretary, item).answer_by == date(2026, 12, 31)
        made = correcting.propose_correction(
            secretary, item, reason="Saisie inexacte.", votes={}, code=OpinionCode.FAVOURABLE, reasons="Motif lu."
        )
        assert corrections.read_correction(secretary, made).line.answer_by == date(2026, 12, 31)
