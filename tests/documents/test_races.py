"""Several people at once on one piece, or one file: one act counts, and each is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pdp.core.errors import Conflict, RuleViolation
from pdp.documents import service
from pdp.documents.enums import PaperKind, ReviewDecision, ReviewState, Spread
from pdp.documents.models import Document, DocumentBody
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.documents.builders import add_piece
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def test_of_six_people_who_examine_at_once_one_decides(world: World, actor_of: ActorOf) -> None:
    with as_owner():
        public_id = add_piece(world, "a.shared", by="cap_emploi", review=ReviewState.PROPOSED, spread=Spread.CORE)
    actors = [actor_of(name) for name in ("a.service_social", "a.manager")] * 3

    def decide(number: int) -> str:
        decision = ReviewDecision.ACCEPT if number % 2 else ReviewDecision.REFUSE
        values = {"label": Label.REQUEST, "spread": Spread.AGREED, "reason": "Essai."}
        try:
            return service.review(actors[number], public_id, version=1, decision=decision, **values).value
        except (Conflict, RuleViolation) as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(decide, range(6)))
    assert answers.count("Conflict") == 5
    with as_owner() as session:
        row = session.query(Document).one()
    assert (row.version, row.review.value in answers) == (2, True)


def test_the_same_file_sent_by_six_at_once_is_stored_once(world: World, actor_of: ActorOf) -> None:
    actors = [actor_of("a.service_social")] * 3 + [actor_of("a.manager")] * 3

    def send(number: int) -> str:
        return service.add_document(
            actors[number],
            world.case["a.shared"],
            title_kind=PaperKind.INSURED_REQUEST,
            stream=BytesIO(b"la meme lettre"),
            file_name="a.txt",
        ).public_id

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(send, range(6)))
    with as_owner() as session:
        assert session.query(DocumentBody).count() == 1
        assert {row.public_id for row in session.query(Document)} == found
    assert len(found) == 2, "one piece for each of the two people"
