"""Votes: who may cast one, how it changes, what is refused, and who may read it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from pdp.audit import service as audit
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.home import service as home
from pdp.meetings import service
from pdp.meetings.enums import BallotStatus, DecisionOutcome, OpinionCode, VoteChannel, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, CelluleOpinion, Vote
from pdp.meetings.queries import BallotView
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import Seance, build_meeting
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
FOR, CONDITIONS, AGAINST, ABSTAIN, RECUSED = VoteValue


@pytest.fixture
def seance(world: World) -> Seance:
    return build_meeting(world, ballots=True)


def votes_of(seance: Seance) -> list[tuple[int, int, VoteValue, str]]:
    with as_owner() as session:
        rows = session.scalars(
            select(Vote).where(Vote.ballot_id == seance.ballot_ids[0]).order_by(Vote.seat_id, Vote.sequence)
        )
        return [(row.seat_id, row.sequence, row.value, row.text) for row in rows]


def ballot_of(actor: Actor, seance: Seance) -> BallotView:
    current = service.read_console(actor, seance.meeting, seance.items[0]).current
    assert current is not None
    assert current.ballot is not None
    return current.ballot


def close(actor: Actor, seance: Seance) -> service.ClosedBallot:
    return service.close_ballot(actor, seance.ballots[0], version=1, confirm_missing=True)


def test_a_member_votes_once_and_is_told_so_the_second_time(seance: Seance, actor_of: ActorOf) -> None:
    receipt = service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1")
    assert (receipt.seat_label, receipt.sequence, receipt.replayed) == ("CPAM, siège 1", 1, False)
    with pytest.raises(Conflict, match="Vous avez déjà voté «\u00a0Pour\u00a0» à"):
        service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=ABSTAIN, idempotency_key="k2")
    assert [(sequence, value) for _, sequence, value, _ in votes_of(seance)] == [(1, FOR)]


def test_a_request_sent_twice_gives_the_first_vote_back(seance: Seance, actor_of: ActorOf) -> None:
    first = service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1")
    again = service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1")
    assert again.replayed
    assert again.sequence == first.sequence
    assert len(votes_of(seance)) == 1


def test_a_replay_after_the_closing_still_gives_the_first_vote(seance: Seance, actor_of: ActorOf) -> None:
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1")
    close(actor_of("a.coordinateur"), seance)
    assert service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1").replayed


def test_a_key_already_used_by_somebody_else_keeps_nothing(seance: Seance, actor_of: ActorOf) -> None:
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR, idempotency_key="k1")
    with pytest.raises(Conflict):
        service.cast_vote(actor_of("a.cpam_2"), seance.ballots[0], value=FOR, idempotency_key="k1")
    assert len(votes_of(seance)) == 1


def test_a_vote_changes_until_the_closing_and_its_history_stays(seance: Seance, actor_of: ActorOf) -> None:
    cpam = actor_of("a.cpam")
    service.cast_vote(cpam, seance.ballots[0], value=FOR)
    changed = service.cast_vote(cpam, seance.ballots[0], value=AGAINST, text="Durée trop longue.", replaces=1)
    assert changed.sequence == 2
    assert [(sequence, value, text) for _, sequence, value, text in votes_of(seance)] == [
        (1, FOR, ""),
        (2, AGAINST, "Durée trop longue."),
    ]
    with pytest.raises(Conflict):
        service.cast_vote(cpam, seance.ballots[0], value=FOR, replaces=1)


def test_no_vote_is_kept_after_the_closing(seance: Seance, actor_of: ActorOf) -> None:
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR)
    close(actor_of("a.coordinateur"), seance)
    for person, replaces in (("cpam", 1), ("cpam_2", None)):
        with pytest.raises(RuleViolation, match="Le scrutin est clos"):
            service.cast_vote(actor_of(f"a.{person}"), seance.ballots[0], value=AGAINST, text="Non", replaces=replaces)
    assert len(votes_of(seance)) == 1


@pytest.mark.parametrize(
    ("value", "field"),
    [(CONDITIONS, "conditions"), (AGAINST, "reason")],
)
def test_a_condition_and_a_reason_are_asked_for(
    seance: Seance, actor_of: ActorOf, value: VoteValue, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=value, text="  ")
    assert list(refused.value.errors) == [field]
    assert votes_of(seance) == []


def test_a_person_outside_the_electorate_is_told_so(seance: Seance, actor_of: ActorOf) -> None:
    # The manager sits in the seat of which the coordinator is the suppléant; service_social_2 likewise.
    with pytest.raises(RuleViolation, match="Le titulaire de ce siège prend part"):
        service.cast_vote(actor_of("a.service_social_2"), seance.ballots[0], value=FOR)
    with pytest.raises(NotFound):
        service.cast_vote(actor_of("b.cpam"), seance.ballots[0], value=FOR)


def test_a_member_whose_seat_is_empty_may_not_vote(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, ballots=True, present=("ss1", "sm1", "cp1"))
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie des votants"):
        service.cast_vote(actor_of("a.cpam_2"), seance.ballots[0], value=FOR)


def test_a_partner_whose_sharing_is_withdrawn_no_longer_votes(world: World, seance: Seance, actor_of: ActorOf) -> None:
    partner = actor_of("a.cap_emploi")
    assert service.cast_vote(partner, seance.ballots[0], value=FOR).sequence == 1
    with as_owner() as session:
        session.execute(update(SharingAgreement).values(withdrawn_on=clock.today()))
        audit.record(None, "tests.withdraw")
    with pytest.raises(NotFound):
        service.cast_vote(partner, seance.ballots[0], value=ABSTAIN, replaces=1)
    with pytest.raises(NotFound):
        service.my_ballot(partner, seance.ballots[0])
    with pytest.raises(NotFound):
        service.ballot_state(partner, seance.ballots[0])


def test_the_suppleant_votes_after_the_deport_of_the_titulaire(seance: Seance, actor_of: ActorOf) -> None:
    titulaire, suppleant = actor_of("a.service_social"), actor_of("a.service_social_2")
    assert not service.my_ballot(suppleant, seance.ballots[0]).may_vote
    service.recuse(titulaire, seance.ballots[0])
    mine = service.my_ballot(suppleant, seance.ballots[0])
    assert (mine.may_vote, mine.as_suppleant, mine.value, mine.sequence) == (True, True, None, None)
    assert service.cast_vote(suppleant, seance.ballots[0], value=FOR).sequence == 2
    with pytest.raises(RuleViolation, match="Un suppléant siège pour ce dossier"):
        service.cast_vote(titulaire, seance.ballots[0], value=FOR, replaces=2)
    assert not service.my_ballot(titulaire, seance.ballots[0]).may_vote
    closed = close(actor_of("a.coordinateur"), seance)
    assert (closed.tally.deliberative.in_favour, closed.tally.deliberative.recused) == (1, 0)


def test_a_deport_may_be_taken_back_before_anyone_else_sits(seance: Seance, actor_of: ActorOf) -> None:
    titulaire = actor_of("a.service_social")
    service.recuse(titulaire, seance.ballots[0])
    assert service.cast_vote(titulaire, seance.ballots[0], value=FOR, replaces=1).sequence == 2


def test_the_deport_of_a_service_breaks_the_quorum_and_a_suppleant_restores_it(
    world: World, actor_of: ActorOf
) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2, ballots=True, present=("ss2", "sm1", "cp1"))
    for ballot in seance.ballots:
        service.recuse(actor_of("a.service_social"), ballot)
        service.cast_vote(actor_of("a.service_medical"), ballot, value=FOR)
        service.cast_vote(actor_of("a.cpam"), ballot, value=FOR)
    service.cast_vote(actor_of("a.service_social_2"), seance.ballots[1], value=FOR)
    broken = service.close_ballot(secretary, seance.ballots[0], version=1)
    assert broken.quorum.sentence == (
        "Quorum non atteint\u00a0: 2 sièges délibératifs, il en faut 3. "
        "Le service social ne siège pas. Le déport est déduit."
    )
    assert service.close_ballot(secretary, seance.ballots[1], version=1).quorum.reached


def test_the_secretary_types_votes_and_corrects_them(world: World, seance: Seance, actor_of: ActorOf) -> None:
    secretary, seat = actor_of("a.coordinateur"), world.seat["a.sm1"]
    service.type_vote(secretary, seance.ballots[0], seat=seat, value=FOR)
    with pytest.raises(Conflict, match="Le vote de ce siège est déjà saisi"):
        service.type_vote(secretary, seance.ballots[0], seat=seat, value=ABSTAIN)
    assert service.type_vote(secretary, seance.ballots[0], seat=seat, value=ABSTAIN, replaces=1).sequence == 2
    mine = service.my_ballot(actor_of("a.service_medical"), seance.ballots[0])
    assert (mine.value, mine.channel, mine.sequence) == (ABSTAIN, VoteChannel.TYPED, 2)
    with pytest.raises(Conflict, match="Le secrétariat a saisi «\u00a0Abstention\u00a0»"):
        service.cast_vote(actor_of("a.service_medical"), seance.ballots[0], value=FOR)


def test_a_typed_vote_never_replaces_one_given_on_an_own_device(
    world: World, seance: Seance, actor_of: ActorOf
) -> None:
    service.cast_vote(actor_of("a.service_medical"), seance.ballots[0], value=AGAINST, text="Motif.")
    with pytest.raises(RuleViolation, match="elle seule peut changer son vote"):
        service.type_vote(
            actor_of("a.coordinateur"), seance.ballots[0], seat=world.seat["a.sm1"], value=FOR, replaces=1
        )


def test_the_secretary_types_for_the_suppleant_who_sits(world: World, seance: Seance, actor_of: ActorOf) -> None:
    secretary, seat = actor_of("a.coordinateur"), world.seat["a.ss2"]
    suppleant = world.membership["a.service_social_2"]
    typed: dict[str, Any] = {"seat": seat, "value": FOR, "person": suppleant}
    with pytest.raises(RuleViolation, match="Le titulaire de ce siège prend part"):
        service.type_vote(secretary, seance.ballots[0], **typed)
    service.type_vote(secretary, seance.ballots[0], seat=seat, value=RECUSED)
    assert service.type_vote(secretary, seance.ballots[0], **typed).sequence == 2
    assert next(row.person for row in ballot_of(secretary, seance).seats if row.seat == seat).startswith("Service")
    with pytest.raises(RuleViolation, match="Cette personne ne peut pas occuper ce siège"):
        service.type_vote(
            secretary, seance.ballots[0], seat=seat, value=FOR, person=world.membership["a.cpam"], replaces=2
        )


def test_the_secretary_types_for_the_suppleant_after_a_deport_given_on_an_own_device(
    world: World, seance: Seance, actor_of: ActorOf
) -> None:
    secretary, seat = actor_of("a.coordinateur"), world.seat["a.ss2"]
    service.recuse(actor_of("a.service_social"), seance.ballots[0])
    with pytest.raises(RuleViolation, match="a voté sur son appareil"):
        service.type_vote(secretary, seance.ballots[0], seat=seat, value=FOR)
    suppleant = world.membership["a.service_social_2"]
    assert service.type_vote(secretary, seance.ballots[0], seat=seat, value=FOR, person=suppleant).sequence == 2


def test_no_ballot_opens_on_a_case_that_is_over(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, cases=("a.closed",))
    with pytest.raises(RuleViolation, match="clos"):
        service.open_ballot(actor_of("a.coordinateur"), seance.items[0], version=1)


def test_a_request_said_without_object_awaits_no_decision(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, ballots=True)
    with as_owner() as session:
        item = session.scalars(select(AgendaItem).where(AgendaItem.public_id == seance.items[0])).one()
        session.get_one(DispositifRequest, item.request_id).status = RequestStatus.OPINION_GIVEN
        session.add(
            CelluleOpinion(
                cellule_id=item.cellule_id,
                item_id=item.id,
                code=OpinionCode.NO_OBJECT,
                recorded_by_id=world.user["a.coordinateur"],
                recorded_at=clock.now(),
            )
        )
        audit.record(None, "tests.opinion")
    cpam = actor_of("a.cpam")
    with pytest.raises(RuleViolation, match="sans objet"):
        service.record_decision(cpam, seance.requests[0], outcome=DecisionOutcome.GRANTED, decided_on=clock.today())
    assert home.read_worklist(cpam).counts.decisions == 0


def test_all_for_leaves_the_votes_already_given(seance: Seance, actor_of: ActorOf) -> None:
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=AGAINST, text="Motif.")
    assert service.type_all_for(actor_of("a.coordinateur"), seance.ballots[0]) == 7
    assert service.type_all_for(actor_of("a.coordinateur"), seance.ballots[0]) == 0
    values = [value for _, _, value, _ in votes_of(seance)]
    assert (values.count(FOR), values.count(AGAINST)) == (7, 1)


@pytest.mark.parametrize("person", ["cpam", "service_social", "cap_emploi", "manager"])
def test_only_the_coordinator_types_and_closes(world: World, seance: Seance, actor_of: ActorOf, person: str) -> None:
    actor, ballot = actor_of(f"a.{person}"), seance.ballots[0]
    with pytest.raises(NotFound):
        service.type_vote(actor, ballot, seat=world.seat["a.sm1"], value=FOR)
    with pytest.raises(NotFound):
        service.type_all_for(actor, ballot)
    with pytest.raises(NotFound):
        close(actor, seance)


def test_before_the_closing_nobody_reads_the_vote_of_another(world: World, seance: Seance, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=AGAINST, text="Motif secret.")
    service.type_vote(secretary, seance.ballots[0], seat=world.seat["a.sm1"], value=FOR)
    # reader → what it reads of the CPAM's own-device vote and of the médecin-conseil's typed vote
    expected = {
        "coordinateur": (None, FOR),
        "cpam": (AGAINST, None),
        "service_medical": (None, FOR),
        "manager": (None, None),
    }
    for person, read in expected.items():
        view = ballot_of(actor_of(f"a.{person}"), seance)
        found = {row.seat: row for row in view.seats}
        cpam, medical = found[world.seat["a.cp1"]], found[world.seat["a.sm1"]]
        assert (cpam.value, medical.value) == read
        assert (cpam.answered, medical.answered) == (True, True)
        assert cpam.text == ("Motif secret." if person == "cpam" else "")
        assert view.tally is None
    close(secretary, seance)
    for person in expected:
        view = ballot_of(actor_of(f"a.{person}"), seance)
        assert next(row.value for row in view.seats if row.seat == world.seat["a.cp1"]) is AGAINST
        assert view.tally is not None
        assert view.tally.deliberative.against == 1


def test_the_secretary_reads_a_running_count_while_every_vote_is_typed(seance: Seance, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    service.type_all_for(secretary, seance.ballots[0])
    typed = ballot_of(secretary, seance)
    assert typed.tally is not None
    assert typed.tally.deliberative.in_favour == 6


def test_the_room_shows_who_answered_and_the_result_only_once_closed(seance: Seance, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    service.select_item(secretary, seance.items[0])
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR)
    service.recuse(actor_of("a.cpam_2"), seance.ballots[0])
    room = service.read_room(secretary, seance.meeting)
    assert (room.reference, room.initials) == ("2026-0002", "P. N.")
    assert [(seat.answered, seat.recused) for seat in room.seats if seat.label.startswith("CPAM")] == [
        (True, False),
        (True, True),
    ]
    assert {seat.value for seat in room.seats} == {None}
    assert room.tally is None
    close(secretary, seance)
    room = service.read_room(secretary, seance.meeting)
    assert room.ballot_status is BallotStatus.CLOSED
    assert room.tally is not None


def test_a_partner_reads_its_own_answer_and_no_result(seance: Seance, actor_of: ActorOf) -> None:
    partner = actor_of("a.cap_emploi")
    service.cast_vote(partner, seance.ballots[0], value=FOR)
    state = service.ballot_state(partner, seance.ballots[0])
    assert (state.cast, state.expected, [seat.label for seat in state.seats]) == (1, 1, ["Cap emploi"])
    before = state.etag
    service.cast_vote(actor_of("a.cpam"), seance.ballots[0], value=FOR)
    assert service.ballot_state(partner, seance.ballots[0]).etag == before
    close(actor_of("a.coordinateur"), seance)
    mine = service.my_ballot(partner, seance.ballots[0])
    assert (mine.value, mine.status, mine.tally, mine.quorum_sentence) == (FOR, BallotStatus.CLOSED, None, "")
    assert service.my_ballot(actor_of("a.cpam"), seance.ballots[0]).tally is not None


def test_the_tag_of_a_partner_s_ballot_changes_with_the_opinion(seance: Seance, actor_of: ActorOf) -> None:
    partner, secretary = actor_of("a.cap_emploi"), actor_of("a.coordinateur")
    service.type_all_for(secretary, seance.ballots[0])
    close(secretary, seance)
    before = service.ballot_state(partner, seance.ballots[0]).etag
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.FAVOURABLE)
    assert service.ballot_state(partner, seance.ballots[0]).etag != before
    assert service.my_ballot(partner, seance.ballots[0]).opinion is OpinionCode.FAVOURABLE


def test_the_tag_of_a_ballot_changes_with_each_answer_and_with_the_closing(seance: Seance, actor_of: ActorOf) -> None:
    cpam = actor_of("a.cpam")
    tags = [service.ballot_state(cpam, seance.ballots[0]).etag]
    service.cast_vote(actor_of("a.manager"), seance.ballots[0], value=FOR)
    tags.append(service.ballot_state(cpam, seance.ballots[0]).etag)
    service.cast_vote(actor_of("a.manager"), seance.ballots[0], value=ABSTAIN, replaces=1)
    tags.append(service.ballot_state(cpam, seance.ballots[0]).etag)
    assert service.ballot_state(cpam, seance.ballots[0]).etag == tags[-1]
    close(actor_of("a.coordinateur"), seance)
    tags.append(service.ballot_state(cpam, seance.ballots[0]).etag)
    assert len(set(tags)) == 4


@pytest.mark.parametrize("person", ["cpam", "cap_emploi"])
def test_one_vote_runs_at_most_six_statements_and_the_journal(
    seance: Seance, actor_of: ActorOf, count_queries: Callable[[], Any], person: str
) -> None:
    actor = actor_of(f"a.{person}")
    with count_queries() as seen:
        service.cast_vote(actor, seance.ballots[0], value=FOR, idempotency_key="k")
    journal = [statement for statement in seen if "audit_" in statement]
    assert len(journal) == 3
    assert len(seen) - 3 <= 6, seen


def test_a_poll_runs_one_statement_and_leaves_no_entry(
    seance: Seance, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    actor = actor_of("a.cpam")
    with count_queries() as seen:
        service.ballot_state(actor, seance.ballots[0])
        service.meeting_state(actor, seance.meeting)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 2
    assert not [statement for statement in seen if "audit_entry" in statement]


def test_a_closed_ballot_stays_closed(seance: Seance, actor_of: ActorOf) -> None:
    close(actor_of("a.coordinateur"), seance)
    with pytest.raises(Conflict, match="Vous avez déjà clos ce scrutin à"):
        close(actor_of("a.coordinateur"), seance)
    with as_owner() as session:
        assert session.get_one(Ballot, seance.ballot_ids[0]).status is BallotStatus.CLOSED
