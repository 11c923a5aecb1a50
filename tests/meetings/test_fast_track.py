"""The list without a debate: who is on it, who leaves it and why, one act for all."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.core.errors import NotFound, RuleViolation
from pdp.dispositifs.enums import AgreementKind
from pdp.meetings import service
from pdp.meetings.enums import AgendaTrack, MeetingStatus, OpinionCode
from pdp.meetings.models import AgendaItem, Ballot, CelluleOpinion
from pdp.policy.actor import Actor
from pdp.requests.enums import PieceState, RequestStatus
from pdp.requests.models import DispositifRequest, RequiredPiece
from tests.meetings.builders import Seance, build_meeting, results, rule
from tests.meetings.live import done, send
from tests.meetings.pages import read
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


@pytest.fixture
def secretary(actor_of: ActorOf) -> Actor:
    return actor_of("a.coordinateur")


def version_of(actor: Actor, seance: Seance) -> int:
    return service.read_fast_track(actor, seance.meeting).version


def take_a_piece_back(request: str) -> None:
    with as_owner() as session:
        found = session.scalars(select(DispositifRequest.id).where(DispositifRequest.public_id == request)).one()
        piece = session.scalars(
            select(RequiredPiece).where(
                RequiredPiece.request_id == found, RequiredPiece.kind == AgreementKind.ATTENDING.value
            )
        ).one()
        piece.state = PieceState.MISSING
        audit.record(None, "tests.piece")


def test_the_list_is_approved_in_one_act_with_an_opinion_and_an_entry_each(
    world: World, secretary: Actor, actor_of: ActorOf
) -> None:
    seance = build_meeting(world, items=4)
    assert service.mark_fast_track(secretary, seance.meeting, items=seance.items) == 4
    service.ask_to_discuss(actor_of("a.service_medical"), seance.items[0])
    take_a_piece_back(seance.requests[1])
    found = service.approve_fast_track(secretary, seance.meeting, version=version_of(secretary, seance))
    assert len(found.approved) == 2
    assert [reason for _, reason in found.dropped] == ["Il manque\u00a0: l’accord du médecin traitant."]
    with as_owner() as session:
        opinions = session.scalars(select(CelluleOpinion)).all()
        ballots = session.scalars(select(Ballot).where(Ballot.mode == BallotMode.CONSENSUS)).all()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "agenda.approve_listed")).all()
        left = session.scalars(select(AuditEntry).where(AuditEntry.action == "agenda.leave_list")).all()
        moved = session.execute(select(DispositifRequest.public_id, DispositifRequest.status)).all()
    assert {opinion.code for opinion in opinions} == {OpinionCode.FAVOURABLE}
    assert (len(opinions), len(ballots), len(entries), len(left)) == (2, 2, 2, 1)
    given = {row[0] for row in moved if row[1] is RequestStatus.OPINION_GIVEN}
    assert given == set(seance.requests[2:])
    page = service.read_fast_track(secretary, seance.meeting)
    assert [row.position for row in page.asked] == [1]
    assert [row.position for row in page.approved] == [3, 4]
    assert [row.position for row in page.candidates] == [2]


def test_what_a_member_asked_to_debate_never_comes_back_on_the_list(
    world: World, secretary: Actor, actor_of: ActorOf
) -> None:
    seance = build_meeting(world, items=2, status=MeetingStatus.PLANNED)
    service.mark_fast_track(secretary, seance.meeting, items=seance.items)
    service.ask_to_discuss(actor_of("a.cap_emploi"), seance.items[0])
    assert service.mark_fast_track(secretary, seance.meeting, items=seance.items) == 1
    with pytest.raises(RuleViolation, match="n’est pas, ou plus, sur la liste"):
        service.ask_to_discuss(actor_of("a.cpam"), seance.items[0])
    with pytest.raises(RuleViolation, match="pas encore ouverte"):
        service.approve_fast_track(secretary, seance.meeting, version=version_of(secretary, seance))


WHY_NOT = (
    (rule(verdict="ineligible", basis="LAW", reason="Règle."), "Son éligibilité demande un débat."),
    (rule(verdict="ineligible", basis="SEED", reason="Règle."), "Son éligibilité demande un débat."),
    (rule(verdict="a_verifier", reason="À vérifier."), "Il reste 1 point à vérifier."),
    (
        rule(verdict="piece_manquante", missing=["l’accord de l’employeur"]),
        "Il manque\u00a0: l’accord de l’employeur.",
    ),
)


@pytest.mark.parametrize(("kept", "reason"), WHY_NOT)
def test_only_an_eligible_complete_request_goes_on_the_list(
    world: World, secretary: Actor, kept: dict[str, Any], reason: str
) -> None:
    seance = build_meeting(world, kept=results(kept))
    assert service.read_fast_track(secretary, seance.meeting).candidates[0].why_not == reason
    with pytest.raises(RuleViolation, match="ne peut pas être approuvé sans débat"):
        service.mark_fast_track(secretary, seance.meeting, items=seance.items)


def test_without_quorum_a_request_leaves_the_list(world: World, secretary: Actor) -> None:
    seance = build_meeting(world, present=("cp1", "ss1"))
    service.mark_fast_track(secretary, seance.meeting, items=seance.items)
    found = service.approve_fast_track(secretary, seance.meeting, version=version_of(secretary, seance))
    assert found.approved == ()
    assert found.dropped[0][1].startswith("Quorum non atteint")
    with as_owner() as session:
        assert session.scalars(select(Ballot).where(Ballot.mode == BallotMode.CONSENSUS)).all() == []
        track = select(AgendaItem.track).where(AgendaItem.public_id == seance.items[0])
        assert session.scalars(track).one() is AgendaTrack.DISCUSSED


def test_an_open_ballot_comes_first(world: World, secretary: Actor) -> None:
    seance = build_meeting(world, items=2)
    service.mark_fast_track(secretary, seance.meeting, items=seance.items[:1])
    service.open_ballot(secretary, seance.items[1], version=1)
    with pytest.raises(RuleViolation, match="Un scrutin est ouvert"):
        service.approve_fast_track(secretary, seance.meeting, version=version_of(secretary, seance))


def test_a_partner_sees_its_own_cases_of_the_list(world: World, secretary: Actor, actor_of: ActorOf) -> None:
    seance = build_meeting(world, items=2, cases=("a.shared", "a.alone"))
    service.mark_fast_track(secretary, seance.meeting, items=seance.items)
    page = service.read_fast_track(actor_of("a.cap_emploi"), seance.meeting)
    assert [row.item for row in page.listed] == [seance.items[0]]
    assert (page.candidates, page.can_run) == ((), False)
    with pytest.raises(NotFound):
        service.ask_to_discuss(actor_of("a.cap_emploi"), seance.items[1])
    with pytest.raises(NotFound):
        service.read_fast_track(actor_of("b.coordinateur"), seance.meeting)


def test_a_partner_is_told_neither_a_rank_nor_what_a_request_lacks(
    world: World, secretary: Actor, actor_of: ActorOf
) -> None:
    seance = build_meeting(world, kept=results(WHY_NOT[3][0]))
    with as_owner() as session:
        item = select(AgendaItem).where(AgendaItem.public_id == seance.items[0])
        session.scalars(item).one().track = AgendaTrack.FAST
        audit.record(None, "tests.listed")
    [core] = service.read_fast_track(secretary, seance.meeting).listed
    [partner] = service.read_fast_track(actor_of("a.cap_emploi"), seance.meeting).listed
    assert core.position == 1
    assert core.why_not
    assert (partner.position, partner.why_not) == (None, "")


def test_the_list_is_read_in_as_many_statements_whatever_its_length(
    world: World, secretary: Actor, count_queries: Callable[[], Any]
) -> None:
    counts = []
    for items in (5, 40):
        seance = build_meeting(world, items=items)
        service.mark_fast_track(secretary, seance.meeting, items=seance.items)
        with count_queries() as seen:
            service.read_fast_track(secretary, seance.meeting)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_list_lives_on_its_page(world: World, sign_in_as: Callable[[str], Any]) -> None:
    seance = build_meeting(world, items=3)
    path = f"/seances/{seance.meeting}/sans-debat"
    client = sign_in_as("a.coordinateur")
    assert "La liste est vide" in read(client, path)
    assert "La liste compte 3 dossiers" in done(client, send(client, path, path, items=seance.items))
    member = sign_in_as("a.cpam")
    assert "Dossiers sans débat" in read(member, f"/seances/{seance.meeting}")
    text = done(member, send(member, path, f"/seances/{seance.meeting}/points/{seance.items[0]}/debat"))
    assert "sera débattu en séance" in text
    client = sign_in_as("a.coordinateur")
    assert "2 dossiers sans débat" in read(client, f"/seances/{seance.meeting}/console")
    text = done(client, send(client, path, f"{path}/approbation"))
    assert "Avis conforme, sans vote, pour" in text
    assert "Approuvés sans débat 2" in text
