"""Partners who answer at the same instant, on real separate connections: nothing is lost or doubled."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import select

from pdp.advice import service
from pdp.advice.enums import AdviceValue
from pdp.advice.models import AdviceAsk, AdviceReply
from pdp.advice.rules.view import AskLine
from pdp.core import db
from pdp.core.db import Database
from pdp.core.errors import Conflict, NotFound
from pdp.policy.actor import Actor
from tests.advice import builders
from tests.meetings.test_races import at_once
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
COLLEAGUES = 4


@pytest.fixture
def wide(database: Database) -> Iterator[Database]:
    """The test's database with one real connection for each person."""
    own = Database(database.url, pool_size=COLLEAGUES + 1, max_overflow=0)
    yield db.bind(own)
    own.engine.dispose()


def _ask_of(world: World, kind: str) -> str:
    with as_owner() as session:
        wanted = AdviceAsk.organisation_id == world.organisation[f"a.{kind}"]
        return session.scalars(select(AdviceAsk.public_id).where(wanted)).one()


def _answer(actor: Actor, line: AskLine, text: str) -> None:
    service.reply(actor, line.public_id, version=line.version, value=AdviceValue.RESERVED, text=text)


def _texts(world: World, kind: str) -> list[str]:
    with as_owner() as session:
        rows = (
            select(AdviceReply.text)
            .join(AdviceAsk, AdviceAsk.id == AdviceReply.ask_id)
            .where(AdviceAsk.organisation_id == world.organisation[f"a.{kind}"])
        )
        return list(session.scalars(rows))


def test_two_partners_answering_at_once_lose_nothing(
    wide: Database, world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    with as_owner():
        builders.add(world, "a")
    people = {kind: actor_of(f"a.{kind}") for kind in ("spst", "cap_emploi")}
    lines = {kind: service.read_ask(actor, _ask_of(world, kind))[2] for kind, actor in people.items()}
    acts = [partial(_answer, people[kind], lines[kind], f"Avis de {kind}") for kind in people]
    given, refused = at_once(*acts)
    # The SPST gives its opinion anew: it may be told that it is too late, once the other one is in.
    assert len(given) + len(refused) == 2
    assert _texts(world, "cap_emploi") == ["Avis de cap_emploi"]
    assert _texts(world, "spst")[0] == "Réponse donnée pour l’essai"
    assert len(_texts(world, "spst")) == 1 + len(given) - 1
    figure("advice.race", f"{len(given)} answers kept, {len(refused)} told that it was too late")


def test_one_of_four_colleagues_answers_and_the_others_are_told(
    wide: Database, world: World, actor_of: ActorOf
) -> None:
    with as_owner():
        builders.add(world, "a")
    actor = actor_of("a.cap_emploi")
    line = service.read_ask(actor, _ask_of(world, "cap_emploi"))[2]
    given, refused = at_once(*(partial(_answer, actor, line, f"Avis {n}") for n in range(COLLEAGUES)))
    assert (len(given), len(refused)) == (1, COLLEAGUES - 1)
    assert len(_texts(world, "cap_emploi")) == 1


def test_a_question_is_answered_or_taken_back_never_both(wide: Database, world: World, actor_of: ActorOf) -> None:
    with as_owner():
        builders.add(world, "a")
    partner, asker = actor_of("a.cap_emploi"), actor_of("a.coordinateur")
    ask_id = _ask_of(world, "cap_emploi")
    line = service.read_ask(partner, ask_id)[2]

    def revoke() -> None:
        service.revoke(asker, ask_id, version=line.version)

    def answer() -> None:
        try:
            _answer(partner, line, "Avis")
        except NotFound:
            # A question taken back is a missing page for the partner.
            raise Conflict("taken back") from None

    given, _ = at_once(answer, revoke)
    with as_owner() as session:
        asked = session.scalars(select(AdviceAsk).where(AdviceAsk.public_id == ask_id)).one()
        replied = bool(_texts_of(asked.id))
    assert len(given) == 1
    assert replied is (asked.revoked_at is None)


def _texts_of(ask: int) -> list[str]:
    return list(db.session().scalars(select(AdviceReply.text).where(AdviceReply.ask_id == ask)))
