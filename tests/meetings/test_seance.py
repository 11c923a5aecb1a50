"""A whole séance through the services, from its planning to the decision."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif
from pdp.meetings import service
from pdp.meetings.enums import (
    ActionState,
    AttendanceMode,
    AttendanceState,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    VoteValue,
)
from pdp.meetings.models import Action, FundDecision
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import Seance, build_meeting, build_request, results, rule
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
CORE = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")


def status_of(request: str) -> RequestStatus:
    with as_owner() as session:
        return session.scalars(select(DispositifRequest.status).where(DispositifRequest.public_id == request)).one()


def version_of(seat: str, actor: Actor, meeting: str) -> int:
    return next(row.version for row in service.read_console(actor, meeting).seats if row.seat == seat)


def sit(world: World, actor: Actor, meeting: str, *seats: str, **changes: object) -> None:
    for seat in seats:
        public_id = world.seat[f"a.{seat}"]
        values = {"state": AttendanceState.PRESENT} | changes
        service.set_attendance(actor, meeting, seat=public_id, version=version_of(public_id, actor, meeting), **values)


def item_version(actor: Actor, meeting: str, item: str) -> int:
    return next(row.version for row in service.read_console(actor, meeting).items if row.item == item)


def organisation(world: World, kind: OrganisationKind) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[f"a.{kind}"]).public_id


def close(actor: Actor, seance: Seance, number: int = 0) -> service.ClosedBallot:
    return service.close_ballot(actor, seance.ballots[number], version=1, confirm_missing=True)


def plan(actor: Actor) -> str:
    day = clock.today()
    return service.plan_meeting(actor, day=day, start=time(14), end=time(16, 30), place="Salle 2")


def test_a_seance_is_held_from_its_planning_to_the_decision(world: World, actor_of: ActorOf) -> None:
    secretary, cpam = actor_of("a.coordinateur"), actor_of("a.cpam")
    first, second = build_request(world), build_request(world, "a.alone", RequestStatus.ADJOURNED)
    meeting = plan(secretary)
    item = service.add_to_agenda(secretary, meeting, request=first)
    service.add_to_agenda(secretary, meeting, request=second, planned_minutes=5)
    assert status_of(first) is RequestStatus.SCHEDULED

    console = service.read_console(secretary, meeting)
    service.open_meeting(secretary, meeting, version=console.meeting.version)
    sit(world, secretary, meeting, *CORE, "cap")
    service.select_item(secretary, item)
    version = service.read_console(secretary, meeting).meeting.version
    service.set_chair(secretary, meeting, version=version, seat=world.seat["a.ss1"])

    console = service.read_console(secretary, meeting)
    assert console.current is not None
    assert console.current.row.item == item
    assert (console.current.rank, console.current.total) == (1, 2)
    assert console.quorum is not None
    assert console.quorum.reached
    assert console.meeting.chair_label == "Service social, siège 1"
    ballot = service.open_ballot(secretary, item, version=console.current.row.version)
    for name in ("cpam", "cap_emploi"):
        service.cast_vote(actor_of(f"a.{name}"), ballot, value=VoteValue.FOR)
    assert service.type_all_for(secretary, ballot) == 5
    service.type_vote(
        secretary,
        ballot,
        seat=world.seat["a.sm1"],
        value=VoteValue.FOR_WITH_CONDITIONS,
        text="Un entretien d’abord.",
        replaces=1,
    )
    closed = service.close_ballot(secretary, ballot, version=1)
    assert closed.tally.sentence == "6 pour, dont 1 sous conditions ; 0 contre. La majorité est acquise."
    assert closed.tally.consultative_sentence == "Voix consultatives : 1 pour ; 0 contre."
    assert closed.proposal.code is OpinionCode.FAVOURABLE_WITH_CONDITIONS

    version = item_version(secretary, meeting, item)
    service.record_opinion(
        secretary,
        item,
        version=version,
        code=OpinionCode.FAVOURABLE_WITH_CONDITIONS,
        conditions="Un entretien d’abord.",
    )
    assert status_of(first) is RequestStatus.OPINION_GIVEN
    owner = organisation(world, OrganisationKind.CAP_EMPLOI)
    due = clock.today() + timedelta(days=10)
    service.add_action(secretary, item, owner=owner, text="Mener l’entretien.", due_on=due)
    version = service.read_console(secretary, meeting).meeting.version
    assert service.close_meeting(secretary, meeting, version=version) == 1
    assert status_of(second) is RequestStatus.READY

    service.record_decision(cpam, first, outcome=DecisionOutcome.GRANTED, decided_on=clock.today())
    assert status_of(first) is RequestStatus.DECIDED
    with as_owner() as session:
        decision = session.scalars(select(FundDecision).order_by(FundDecision.id.desc())).first()
        assert decision is not None
        assert decision.deciding_body == sheet(Dispositif.BILAN_COMPETENCES).decided_by


def test_planning_refuses_an_end_before_its_start_and_a_past_day(world: World, actor_of: ActorOf) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        service.plan_meeting(actor_of("a.coordinateur"), day=yesterday, start=time(16), end=time(14), place="Salle")
    assert refused.value.errors == {
        "end": ["La fin doit venir après le début."],
        "day": ["Cette date est passée\u00a0: choisissez une date à venir."],
    }


def test_a_stale_form_is_refused_and_changes_nothing(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = plan(secretary)
    values = {"day": clock.today(), "start": time(15), "end": time(17), "place": "Salle 3"}
    service.reschedule(secretary, meeting, version=1, **values)
    with pytest.raises(Conflict, match="Quelqu’un a modifié cette séance entre-temps"):
        service.reschedule(secretary, meeting, version=1, **(values | {"place": "Salle 4"}))
    assert service.read_meeting(secretary, meeting).meeting.place == "Salle 3"


def test_local_hours_are_stored_in_utc(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False):
        winter = service.plan_meeting(secretary, day=date(2026, 3, 12), start=time(14), end=time(16), place="Salle")
        summer = service.plan_meeting(secretary, day=date(2026, 7, 9), start=time(14), end=time(16), place="Salle")
        with pytest.raises(InvalidInput, match="Le formulaire"):
            service.plan_meeting(secretary, day=date(2026, 3, 29), start=time(2, 30), end=time(4), place="Salle")
        starts = [service.read_meeting(secretary, meeting).meeting.starts_at for meeting in (winter, summer)]
    assert starts == [datetime(2026, 3, 12, 13, tzinfo=UTC), datetime(2026, 7, 9, 12, tzinfo=UTC)]


def test_a_request_is_on_one_agenda_only(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    request, meeting, other = build_request(world), plan(secretary), plan(secretary)
    service.add_to_agenda(secretary, meeting, request=request)
    for again in (meeting, other):
        with pytest.raises(RuleViolation, match="La demande est inscrite à une séance"):
            service.add_to_agenda(secretary, again, request=request)


def test_a_request_of_a_closed_case_is_not_tabled(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    with pytest.raises(RuleViolation, match="Le dossier est clos"):
        service.add_to_agenda(secretary, plan(secretary), request=build_request(world, "a.closed"))


def test_the_agenda_is_reordered_and_an_item_goes_back_to_wait(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 4, status=MeetingStatus.PLANNED)
    first, second, third, fourth = seance.items
    service.move_item(secretary, third, version=1, to="1")
    service.move_item(secretary, first, version=1, to="down")
    service.move_item(secretary, third, version=2, to="up")
    with pytest.raises(Conflict):
        service.move_item(secretary, third, version=1, to="up")
    with pytest.raises(InvalidInput):
        service.move_item(secretary, fourth, version=1, to="ailleurs")
    service.remove_from_agenda(secretary, second, version=1)
    rows = service.read_console(secretary, seance.meeting).items
    assert [(row.position, row.item) for row in rows] == [(1, third), (2, first), (3, fourth)]
    assert status_of(seance.requests[1]) is RequestStatus.READY


def test_presence_names_people_who_may_sit_once_each(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = build_meeting(world, present=()).meeting
    sit(world, secretary, meeting, "ss1", person=world.membership["a.coordinateur"], mode=AttendanceMode.VIDEO)
    with pytest.raises(InvalidInput, match="Le formulaire"):
        sit(world, secretary, meeting, "ss2", person=world.membership["a.cpam"])
    row = next(row for row in service.read_console(secretary, meeting).seats if row.label.endswith("social, siège 1"))
    assert (row.membership, row.mode, row.is_sitting) == (
        world.membership["a.coordinateur"],
        AttendanceMode.VIDEO,
        True,
    )
    assert [holder.rank for holder in row.holders] == ["titulaire", "suppleant"]


def test_a_proxy_is_carried_by_a_seat_held_in_person_with_the_same_voice(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    meeting = build_meeting(world, present=("ss1", "sm1", "cap")).meeting
    state = AttendanceState.REPRESENTED
    for carrier in (None, world.seat["a.cap"], world.seat["a.cp1"], world.seat["a.ss2"]):
        with pytest.raises(InvalidInput) as refused:
            sit(world, secretary, meeting, "ss2", state=state, proxy_seat=carrier)
        assert list(refused.value.errors) == ["proxy_seat"]
    sit(world, secretary, meeting, "ss2", state=state, proxy_seat=world.seat["a.ss1"])
    console = service.read_console(secretary, meeting)
    assert console.quorum is not None
    assert (console.quorum.present, console.quorum.represented) == (3, 1)


def test_late_arrivals_and_departures_are_timed_and_change_the_quorum(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, present=("ss1", "sm1"))
    sit(world, secretary, seance.meeting, "cp1")
    service.select_item(secretary, seance.items[0])
    sit(world, secretary, seance.meeting, "cp2")
    sit(world, secretary, seance.meeting, "sm1", left=True)
    console = service.read_console(secretary, seance.meeting)
    seats = {row.seat: row for row in console.seats}
    assert seats[world.seat["a.cp1"]].arrived_at is None
    assert seats[world.seat["a.cp2"]].arrived_at is not None
    left = seats[world.seat["a.sm1"]]
    assert (left.state, left.is_sitting, left.left_at is not None) == (AttendanceState.PRESENT, False, True)
    assert console.quorum is not None
    assert console.quorum.missing_services == (OrganisationKind.SERVICE_MEDICAL,)
    with pytest.raises(RuleViolation, match="Ce siège n’est pas occupé"):
        sit(world, secretary, seance.meeting, "sm1", left=True)


def test_the_electorate_is_frozen_at_the_opening(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, cases=("a.alone",), present=("ss1", "ss2", "sm1", "cp1", "cap"))
    ballot = service.open_ballot(secretary, seance.items[0], version=1)
    sit(world, secretary, seance.meeting, "cp2")
    sit(world, secretary, seance.meeting, "ss2", left=True)
    # Cap emploi has no sharing agreement on this case; cp2 came after the opening.
    with pytest.raises(NotFound):
        service.cast_vote(actor_of("a.cap_emploi"), ballot, value=VoteValue.FOR)
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie des votants"):
        service.cast_vote(actor_of("a.cpam_2"), ballot, value=VoteValue.FOR)
    service.cast_vote(actor_of("a.service_social"), ballot, value=VoteValue.FOR)
    assert [seat.label for seat in service.ballot_state(secretary, ballot).seats] == [
        "Service social, siège 1",
        "Service social, siège 2",
        "Service médical, siège 1",
        "CPAM, siège 1",
    ]


def test_a_ballot_opens_once_and_one_at_a_time(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2)
    ballot = service.open_ballot(secretary, seance.items[0], version=1, question="Êtes-vous favorable ?")
    with pytest.raises(RuleViolation, match="Le scrutin du point 1 est encore ouvert"):
        service.open_ballot(secretary, seance.items[1], version=1)
    service.type_all_for(secretary, ballot)
    service.close_ballot(secretary, ballot, version=1)
    with pytest.raises(RuleViolation, match="Ce point a déjà été mis aux voix"):
        service.open_ballot(secretary, seance.items[0], version=2)


def test_an_empty_room_opens_no_ballot(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, present=())
    with pytest.raises(RuleViolation, match="Aucun siège n’est occupé"):
        service.open_ballot(actor_of("a.coordinateur"), seance.items[0], version=1)


def test_closing_with_missing_votes_names_the_seats_and_asks(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, ballots=True, present=("ss1", "sm1", "cp1", "cp2"), votes=2)
    with pytest.raises(service.MissingVotes) as asked:
        service.close_ballot(secretary, seance.ballots[0], version=1)
    assert asked.value.seats == ("CPAM, siège 1", "CPAM, siège 2")
    assert asked.value.message.startswith("Il manque 2 votes : CPAM, siège 1 et CPAM, siège 2.")
    closed = close(secretary, seance)
    assert not closed.quorum.reached
    assert closed.quorum.missing_services == (OrganisationKind.CPAM,)
    assert closed.proposal.allowed == (OpinionCode.ADJOURNED,)


def test_a_point_to_check_keeps_the_ballot_open(world: World, actor_of: ActorOf) -> None:
    to_check = rule(id="BC-E-05", verdict="a_verifier", cause="unknown", reason="Qui finance l’action ?")
    seance = build_meeting(world, ballots=True, votes=8, kept=results(to_check))
    with pytest.raises(RuleViolation, match="Il reste 1 point à vérifier : Qui finance l’action"):
        close(actor_of("a.coordinateur"), seance)


# eligibility kept → opinions that may be recorded although everyone voted for
BLOCKED = {
    "law": (rule(verdict="ineligible", cause="false"), {"UNFAVOURABLE", "NO_OBJECT", "REORIENTED"}),
    "practice": (
        rule(verdict="ineligible", cause="false", basis="SEED"),
        {"UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED"},
    ),
    "medical": (
        rule(verdict="ineligible", cause="refused", basis="SEED", facts=["agreement.ADVISER"]),
        {"UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED"},
    ),
    "missing": (
        rule(verdict="piece_manquante", cause="false", missing=["l’accord du médecin-conseil"]),
        {"ADJOURNED"},
    ),
}


@pytest.mark.parametrize("block", BLOCKED)
def test_no_vote_overrides_what_blocks_a_request(world: World, actor_of: ActorOf, block: str) -> None:
    kept, allowed = BLOCKED[block]
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, ballots=True, votes=8, kept=results(kept))
    assert {code.value for code in close(secretary, seance).proposal.allowed} == allowed
    for code in OpinionCode:
        if code.value not in allowed:
            with pytest.raises(InvalidInput) as refused:
                service.record_opinion(
                    secretary, seance.items[0], version=1, code=code, conditions="Une réserve.", reasons="Motifs."
                )
            assert "code" in refused.value.errors
    chosen = OpinionCode(sorted(allowed)[0])
    service.record_opinion(secretary, seance.items[0], version=1, code=chosen, reasons="Motifs.")


# opinion → where the request goes
MOVES = {
    OpinionCode.UNFAVOURABLE: RequestStatus.OPINION_GIVEN,
    OpinionCode.NO_OBJECT: RequestStatus.OPINION_GIVEN,
    OpinionCode.REORIENTED: RequestStatus.REORIENTED,
}


@pytest.mark.parametrize("code", MOVES)
def test_an_opinion_moves_the_request(world: World, actor_of: ActorOf, code: OpinionCode) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, ballots=True)
    for seat in CORE:
        service.type_vote(
            secretary, seance.ballots[0], seat=world.seat[f"a.{seat}"], value=VoteValue.AGAINST, text="Motif."
        )
    close(secretary, seance)
    service.record_opinion(secretary, seance.items[0], version=1, code=code, reasons="Motifs.")
    assert status_of(seance.requests[0]) is MOVES[code]
    with pytest.raises(RuleViolation, match="L’avis sur ce point est déjà enregistré"):
        service.record_opinion(secretary, seance.items[0], version=2, code=code, reasons="Motifs.")


def test_an_item_without_a_ballot_may_only_be_adjourned(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world)
    with pytest.raises(InvalidInput, match="Le formulaire"):
        service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.FAVOURABLE)
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.ADJOURNED)
    assert status_of(seance.requests[0]) is RequestStatus.ADJOURNED


def test_no_opinion_while_the_ballot_is_open(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, ballots=True)
    with pytest.raises(RuleViolation, match="Le scrutin est encore ouvert"):
        service.record_opinion(actor_of("a.coordinateur"), seance.items[0], version=1, code=OpinionCode.FAVOURABLE)


def test_a_tie_is_settled_by_the_chair_at_the_opening_of_the_ballot(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, present=("ss1", "ss2", "sm1", "cp1"))
    service.set_chair(secretary, seance.meeting, version=1, seat=world.seat["a.ss1"])
    ballot = service.open_ballot(secretary, seance.items[0], version=1)
    version = service.read_console(secretary, seance.meeting).meeting.version
    service.set_chair(secretary, seance.meeting, version=version, seat=world.seat["a.cp1"])
    for seat, value in (("ss1", "FOR"), ("ss2", "FOR"), ("sm1", "AGAINST"), ("cp1", "AGAINST")):
        service.type_vote(secretary, ballot, seat=world.seat[f"a.{seat}"], value=VoteValue(value), text="Motif.")
    closed = service.close_ballot(secretary, ballot, version=1)
    assert closed.tally.by_chair
    assert closed.tally.sentence.endswith("Égalité : la voix du président, pour, l’emporte.")


def test_a_seance_closes_only_when_what_was_voted_is_concluded(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2, ballots=True, votes=8)
    with pytest.raises(RuleViolation, match="Le scrutin du point 1 est encore ouvert"):
        service.close_meeting(secretary, seance.meeting, version=1)
    close(secretary, seance, 0)
    with pytest.raises(RuleViolation, match="L’avis du point 1 n’est pas enregistré"):
        service.close_meeting(secretary, seance.meeting, version=1)


def test_nothing_changes_in_a_closed_seance(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, 2)
    service.close_meeting(secretary, seance.meeting, version=1)
    item, seat = seance.items[0], world.seat["a.ss1"]
    acts = (
        lambda: service.open_ballot(secretary, item, version=1),
        lambda: service.save_discussion(secretary, item, base="", discussion="Notes."),
        lambda: service.record_opinion(secretary, item, version=1, code=OpinionCode.ADJOURNED),
        lambda: service.select_item(secretary, item),
        lambda: service.move_item(secretary, item, version=1, to="down"),
        lambda: service.set_chair(secretary, seance.meeting, version=2, seat=seat),
        lambda: service.set_attendance(secretary, seance.meeting, seat=seat, version=1, state=AttendanceState.ABSENT),
        lambda: service.close_meeting(secretary, seance.meeting, version=2),
    )
    for act in acts:
        with pytest.raises(RuleViolation, match="La séance est close"):
            act()


def test_an_action_belongs_to_an_organisation_that_may_follow_the_case(world: World, actor_of: ActorOf) -> None:
    secretary, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    seance = build_meeting(world, 2, cases=("a.shared", "a.alone"))
    owner, due = organisation(world, OrganisationKind.CAP_EMPLOI), clock.today() + timedelta(days=3)
    action = service.add_action(secretary, seance.items[0], owner=owner, text="Rencontrer.", due_on=due)
    with pytest.raises(InvalidInput) as refused:
        service.add_action(secretary, seance.items[1], owner=owner, text="Rencontrer.", due_on=due)
    assert list(refused.value.errors) == ["owner"]
    past = clock.today() - timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        service.add_action(secretary, seance.items[0], owner=owner, text="Rencontrer.", due_on=past)
    assert list(refused.value.errors) == ["due_on"]
    with pytest.raises(NotFound):
        service.complete_action(actor_of("a.spst"), action, version=1)
    with pytest.raises(RuleViolation, match="Cette action revient à un autre organisme"):
        service.complete_action(actor_of("a.cpam"), action, version=1)
    service.complete_action(partner, action, version=1)
    with as_owner() as session:
        stored = session.scalars(select(Action).where(Action.public_id == action)).one()
        assert (stored.state, stored.done_on) == (ActionState.DONE, clock.today())


def decided_request(world: World, secretary: Actor) -> str:
    seance = build_meeting(world, ballots=True, votes=8)
    close(secretary, seance)
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.FAVOURABLE)
    return seance.requests[0]


def test_a_refusal_needs_its_reasons_and_appeal_routes(world: World, actor_of: ActorOf) -> None:
    request, today = decided_request(world, actor_of("a.coordinateur")), clock.today()
    with pytest.raises(InvalidInput) as refused:
        service.record_decision(
            actor_of("a.cpam"),
            request,
            outcome=DecisionOutcome.REFUSED,
            decided_on=today + timedelta(days=1),
            notified_on=today - timedelta(days=1),
        )
    assert set(refused.value.errors) == {"decided_on", "notified_on", "reasons", "appeal_routes"}
    assert status_of(request) is RequestStatus.OPINION_GIVEN
    service.record_decision(
        actor_of("a.cpam"),
        request,
        outcome=DecisionOutcome.REFUSED,
        decided_on=today,
        reasons="Conditions non remplies.",
        appeal_routes="Commission de recours amiable, sous deux mois.",
        notified_on=today,
    )
    assert status_of(request) is RequestStatus.REFUSED
    with pytest.raises(RuleViolation):
        service.record_decision(actor_of("a.cpam"), request, outcome=DecisionOutcome.GRANTED, decided_on=today)


@pytest.mark.parametrize("person", ["a.coordinateur", "a.service_medical", "a.cap_emploi", "b.cpam"])
def test_only_the_cpam_of_the_cellule_records_a_decision(world: World, actor_of: ActorOf, person: str) -> None:
    request = decided_request(world, actor_of("a.coordinateur"))
    with pytest.raises(NotFound):
        service.record_decision(actor_of(person), request, outcome=DecisionOutcome.GRANTED, decided_on=clock.today())


def test_no_decision_before_the_opinion(world: World, actor_of: ActorOf) -> None:
    request = build_request(world, status=RequestStatus.SCHEDULED)
    with pytest.raises(RuleViolation):
        service.record_decision(actor_of("a.cpam"), request, outcome=DecisionOutcome.GRANTED, decided_on=clock.today())


def test_each_act_leaves_one_entry_that_names_nobody(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world)
    with as_owner() as session:
        last = session.scalar(select(func.max(AuditEntry.id)))
    service.save_discussion(secretary, seance.items[0], base="", discussion="Texte très privé.")
    ballot = service.open_ballot(secretary, seance.items[0], version=1)
    service.cast_vote(actor_of("a.cpam"), ballot, value=VoteValue.AGAINST, text="Motif très privé.")
    assert service.ballot_state(secretary, ballot).cast == 1
    service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
    with as_owner() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["agenda.discussion", "ballot.open", "vote.cast", "ballot.close"]
    assert {entry.case_id for entry in entries} == {world.case_id["a.shared"]}
    assert not any("privé" in str(entry.detail) or "AGAINST" in str(entry.detail) for entry in entries)
