"""A letter that says an opinion corrected since does not leave."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.letters import service
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.service.compose import Order
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.models import AgendaItem
from pdp.meetings.service import correcting
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest
from tests.meetings.test_corrections import given, propose
from tests.support.databases import as_owner
from tests.support.world import World


def test_a_letter_that_says_an_opinion_corrected_since_does_not_leave(
    world: World, actor_of: Callable[[str], Actor]
) -> None:
    item, actor = given(actor_of, world).items[0], actor_of("a.coordinateur")
    with as_owner() as session:
        request = session.scalars(
            select(DispositifRequest.public_id)
            .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
            .where(AgendaItem.public_id == item)
        ).one()
    letter = service.produce_letter(actor, request, Order(LetterKind.FAVOURABLE, address="12 rue d’Essai"))
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        reserved = {"cp1": VoteValue.FOR_WITH_CONDITIONS}
        made = propose(actor, world, item, reserved, OpinionCode.FAVOURABLE_WITH_CONDITIONS)
        correcting.confirm_correction(actor_of("a.manager"), made)
        with pytest.raises(RuleViolation, match="rectifié depuis"):
            service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.POST)
        # Gone the day before, it said what held that day; a letter made since says what holds.
        service.record_sent(actor, letter, sent_on=clock.today() - timedelta(days=1), means=SendingMeans.POST)
        order = Order(LetterKind.CONDITIONS, address="12 rue d’Essai")
        service.record_sent(
            actor, service.produce_letter(actor, request, order), sent_on=clock.today(), means=SendingMeans.POST
        )
