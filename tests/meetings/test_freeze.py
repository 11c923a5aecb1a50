"""What a séance settled stays as it was, while its requests live on."""

from collections.abc import Callable

import pytest

from pdp.audit import service as audit
from pdp.core import clock
from pdp.dispositifs.enums import AgreementKind, StatusGroup
from pdp.meetings import service
from pdp.meetings.enums import OpinionCode
from pdp.meetings.service import worklists
from pdp.minutes import queries as minutes
from pdp.policy.actor import Actor
from pdp.requests import service as requests
from pdp.requests.enums import PieceState
from pdp.requests.models import HumanAnswer
from tests.meetings.builders import Seance, build_meeting, results, rule
from tests.requests.build import piece_of, reload
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
WAITING = rule(id="BC-E-02", verdict="piece_manquante", facts=["agreement.ADVISER"], missing=["l’accord d’essai"])


@pytest.fixture
def adjourned(world: World, actor_of: ActorOf) -> Seance:
    """A séance closed on an adjourned request; its medical agreement is then refused."""
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, kept=results(WAITING))
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.ADJOURNED)
    service.close_meeting(secretary, seance.meeting, version=2)
    piece = piece_of(seance.requests[0], AgreementKind.ADVISER.value)
    requests.record_piece(
        actor_of("a.service_medical"),
        seance.requests[0],
        piece.public_id,
        version=piece.version,
        state=PieceState.REFUSED,
        dated=clock.today(),
    )
    return seance


def test_the_console_of_a_closed_seance_keeps_the_verdict_of_that_day(adjourned: Seance, actor_of: ActorOf) -> None:
    console = service.read_console(actor_of("a.coordinateur"), adjourned.meeting)
    assert console.items[0].verdict == "piece_manquante"
    assert console.current is not None
    assert [finding.id for group in console.current.findings for finding in group.failed] == ["BC-E-02"]


def test_the_request_that_waits_again_shows_its_verdict_of_today(adjourned: Seance, actor_of: ActorOf) -> None:
    rows = worklists.list_backlog(actor_of("a.coordinateur")).rows
    row = next(row for row in rows if row.request == adjourned.requests[0])
    assert [group.verdict for group in row.findings] == ["ineligible"]


def test_minutes_composed_later_say_what_was_known_in_seance(adjourned: Seance, actor_of: ActorOf) -> None:
    """Neither the new verdict nor an answer given since is printed."""
    cpam = actor_of("a.cpam")
    with as_owner() as session:
        request = reload(adjourned.requests[0])
        session.add(
            HumanAnswer(
                cellule_id=request.cellule_id,
                request_id=request.id,
                status_group=StatusGroup.SALARIE,
                rule_id="BC-E-02",
                accepted=True,
                answered_by_id=cpam.user_id,
                answered_at=clock.now(),
            )
        )
        audit.record(cpam, "request.answer")
    with as_owner():
        loaded = minutes.load(minutes.get_meeting(cpam, adjourned.meeting))
        facts = minutes.gather(loaded, number="1", secretary=None, composed_at=clock.now(), fictitious=False)
    (printed,) = facts.items[0].eligibility
    assert printed.verdict == "Pièce manquante"
    assert printed.answers == ()
