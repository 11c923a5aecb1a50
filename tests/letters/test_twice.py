"""A letter asked for twice: the second click finds the first letter."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from pdp.core import clock
from pdp.letters import service
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.models import Letter
from pdp.letters.service.compose import Order
from pdp.meetings.enums import DecisionOutcome, OpinionCode
from pdp.policy.actor import Actor
from tests.letters import builders
from tests.support.databases import as_owner
from tests.support.world import World

CASE, ADDRESS = "a.shared", "12 rue d’Essai\n31000 Toulouse"


def kept() -> int:
    with as_owner() as session:
        return session.scalar(select(func.count(Letter.id))) or 0


def test_the_same_letter_asked_for_again_the_same_day_is_the_one_kept(
    world: World, actor_of: Callable[[str], Actor]
) -> None:
    builders.give_opinion(world, CASE, OpinionCode.UNFAVOURABLE, reasons=builders.REASONS)
    builders.decide(world, CASE, DecisionOutcome.REFUSED)
    actor, request, before = actor_of("a.coordinateur"), world.request[CASE], kept()

    def produce(address: str = ADDRESS) -> str:
        return service.produce_letter(actor, request, Order(LetterKind.REFUSAL, address=address))

    first = produce()
    with time_machine.travel(clock.now() + timedelta(seconds=2), tick=False):
        assert produce() == first
    assert kept() == before + 1
    # Another address, another letter; so is one that takes the place of a letter gone, and one of another day.
    assert produce("Chez elle") != first
    service.record_sent(actor, first, sent_on=clock.today(), means=SendingMeans.POST)
    second = produce()
    assert second != first
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert produce() not in {first, second}
    assert kept() == before + 4
