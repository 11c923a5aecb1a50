"""A déport: the person loses the vote, the quorum and the file; the suppléant sits; a proxy falls."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from pdp import wiring
from pdp.accounts.models import GovernanceRules
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.cases import service as cases
from pdp.cases.enums import RecusalReason
from pdp.cases.models import CaseRecusal
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import AttendanceState, BallotStatus, MeetingStatus, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, Meeting
from pdp.policy.actor import Actor
from pdp.requests import service as requests
from tests.meetings.builders import Seance, build_meeting
from tests.meetings.live import hidden
from tests.meetings.pages import plain
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
CASE = "a.alone"
EMPLOYER = RecusalReason.EMPLOYER


@pytest.fixture(autouse=True)
def _listeners() -> None:
    wiring.connect()


def opens(actor: Actor, world: World, case: str = CASE) -> None:
    """Open the first tab of a case."""
    cases.read_case(actor, world.case[case], part="summary")


def electorate(ballot: str) -> dict[str, tuple[int, bool]]:
    """Return the seats of a ballot: label → membership, by proxy."""
    with as_owner() as session:
        rows = session.scalars(
            select(BallotVoter)
            .join(Ballot, Ballot.id == BallotVoter.ballot_id)
            .where(Ballot.public_id == ballot)
            .order_by(BallotVoter.position)
        )
        return {row.seat_label: (row.membership_id, row.by_proxy) for row in rows}


def put_to_vote(secretary: Actor, seance: Seance) -> str:
    with as_owner() as session:
        version = session.scalars(select(AgendaItem.version).where(AgendaItem.public_id == seance.items[0])).one()
    return service.open_ballot(secretary, seance.items[0], version=version)


def version_of(actor: Actor, seance: Seance, seat: str) -> int:
    return next(row.version for row in service.read_meeting(actor, seance.meeting).seats if row.seat == seat)


def set_presence(
    world: World, actor: Actor, seance: Seance, seat: str, state: AttendanceState, **more: object
) -> None:
    key = world.seat[f"a.{seat}"]
    values = {"version": version_of(actor, seance, key), "state": state} | more
    service.set_attendance(actor, seance.meeting, seat=key, **values)  # type: ignore[arg-type]


def test_a_deport_declared_beforehand_takes_the_file_the_vote_and_the_quorum(world: World, actor_of: ActorOf) -> None:
    member, secretary = actor_of("a.cpam"), actor_of("a.coordinateur")
    seance = build_meeting(world, cases=(CASE,))
    before = service.read_console(secretary, seance.meeting, seance.items[0]).quorum
    cases.declare_recusal(member, world.case[CASE], reason=EMPLOYER)
    for act in (
        lambda: opens(member, world),
        lambda: requests.read_request(member, seance.requests[0]),
    ):
        with pytest.raises(NotFound):
            act()
    after = service.read_console(secretary, seance.meeting, seance.items[0]).quorum
    assert before is not None
    assert after is not None
    assert (before.present, after.present, after.recused) == (6, 5, 1)
    assert after.sentence.endswith("Le déport est déduit.")
    ballot = put_to_vote(secretary, seance)
    assert "CPAM, siège 1" not in electorate(ballot)
    for answer in (
        lambda: service.cast_vote(member, ballot, value=VoteValue.FOR),
        lambda: service.my_ballot(member, ballot),
        lambda: service.ballot_state(member, ballot),
    ):
        with pytest.raises(NotFound):
            answer()
    assert service.meeting_state(member, seance.meeting).my_ballot is None


def test_the_agenda_says_that_one_took_no_part_and_nothing_of_the_case(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    seance = build_meeting(world, cases=(CASE,))
    cases.declare_recusal(actor_of("a.cpam"), world.case[CASE], reason=EMPLOYER)
    page = f"/seances/{seance.meeting}"
    for path in (page, f"{page}/console", f"{page}/console?point={seance.items[0]}"):
        text = plain(sign_in_as("a.cpam").get(path).get_data(as_text=True))
        assert "Vous vous êtes déporté" in text, path
        assert "NomAlone" not in text, path
        assert "NomAlone" in plain(sign_in_as("a.cpam_2").get(path).get_data(as_text=True)), path


def test_who_takes_no_part_waits_and_is_led_to_no_ballot(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    seance = build_meeting(world, cases=(CASE,), ballots=True)
    service.recuse(actor_of("a.cpam"), seance.ballots[0])
    page = sign_in_as("a.cpam").get(f"/seances/{seance.meeting}/vote").get_data(as_text=True)
    assert "Aucun scrutin ouvert pour vous" in plain(page)
    assert seance.ballots[0] not in page


def test_the_suppleant_sits_for_a_titulaire_who_takes_no_part(world: World, actor_of: ActorOf) -> None:
    secretary, suppleant = actor_of("a.coordinateur"), actor_of("a.coordinateur")
    seance = build_meeting(world, cases=(CASE,))
    cases.declare_recusal(actor_of("a.manager"), world.case[CASE], reason=EMPLOYER)
    ballot = put_to_vote(secretary, seance)
    assert electorate(ballot)["Service social, siège 1"] == (suppleant.membership_id, False)
    service.cast_vote(suppleant, ballot, value=VoteValue.FOR)


def test_a_deport_said_in_seance_closes_the_file_at_once(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    member, secretary = actor_of("a.service_medical"), actor_of("a.coordinateur")
    seance = build_meeting(world, cases=(CASE,), ballots=True)
    client, page = sign_in_as("a.service_medical"), f"/seances/{seance.meeting}/vote/{seance.ballots[0]}"
    fields = hidden(client.get(page).get_data(as_text=True), page)
    answer = client.post(page, data=fields | {"vote": "RECUSED"})
    assert answer.status_code == 303
    assert "Vous vous êtes déporté" in plain(client.get(answer.location).get_data(as_text=True))
    assert client.get(page).status_code == 404
    with pytest.raises(NotFound):
        opens(member, world)
    # The secretary typed it by mistake: the corrected answer opens the file again.
    seat = world.seat["a.cp1"]
    service.type_vote(secretary, seance.ballots[0], seat=seat, value=VoteValue.RECUSED)
    with pytest.raises(NotFound):
        opens(actor_of("a.cpam"), world)
    service.type_vote(secretary, seance.ballots[0], seat=seat, value=VoteValue.ABSTAIN, replaces=1)
    opens(actor_of("a.cpam"), world)


def test_a_partner_who_takes_no_part_loses_the_case_and_the_colleague_keeps_it(
    world: World, actor_of: ActorOf
) -> None:
    partner = actor_of("a.cap_emploi")
    opens(partner, world, "a.partial")
    cases.declare_recusal(partner, world.case["a.partial"], reason=RecusalReason.PERSONAL)
    with pytest.raises(NotFound):
        opens(partner, world, "a.partial")
    opens(actor_of("a.spst"), world, "a.partial")


def test_the_referent_and_the_last_coordinator_are_refused_in_words(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, cases=(CASE,))
    with pytest.raises(RuleViolation, match="Confiez d’abord le dossier à un autre référent"):
        cases.declare_recusal(actor_of("a.service_social"), world.case[CASE], reason=EMPLOYER)
    with pytest.raises(RuleViolation, match="personne d’autre de la coordination"):
        cases.declare_recusal(actor_of("a.coordinateur"), world.case[CASE], reason=EMPLOYER)
    # In the vote, the answer is kept: only the file stays, with whom it would be left without anybody.
    ballot = put_to_vote(actor_of("a.coordinateur"), seance)
    service.recuse(actor_of("a.service_social"), ballot)
    opens(actor_of("a.service_social"), world)


def test_a_seance_called_off_keeps_nobody_in_a_case(world: World, actor_of: ActorOf) -> None:
    build_meeting(world, cases=(CASE,))
    with as_owner() as session:
        for meeting in session.scalars(select(Meeting)):
            meeting.status = MeetingStatus.CANCELLED
            audit.record(None, "meeting.cancel", subject=meeting)
    cases.declare_recusal(actor_of("a.coordinateur"), world.case[CASE], reason=EMPLOYER)
    with pytest.raises(NotFound):
        opens(actor_of("a.coordinateur"), world)


def test_a_voter_of_the_open_ballot_is_sent_to_the_vote(world: World, actor_of: ActorOf) -> None:
    build_meeting(world, cases=(CASE,), ballots=True)
    with pytest.raises(RuleViolation, match="c’est le vote « Ne prend pas part »"):
        cases.declare_recusal(actor_of("a.cpam"), world.case[CASE], reason=EMPLOYER)


def test_the_coordinator_types_a_deport_and_alone_ends_it(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    seance = build_meeting(world, cases=(CASE,))
    client, page = sign_in_as("a.coordinateur"), f"/seances/{seance.meeting}/points/{seance.items[0]}/deports"
    chosen = {"person": world.membership["a.cpam_2"], "reason": "OTHER"}
    assert client.post(page, data=chosen).status_code == 303
    assert client.post(page, data={"person": "nobody", "reason": "OTHER"}).status_code == 422
    with pytest.raises(NotFound):
        opens(actor_of("a.cpam_2"), world)
    with as_owner() as session:
        row = session.scalars(select(CaseRecusal)).one()
        assert (row.user_id, row.declared_by_id) == (world.user["a.cpam_2"], world.user["a.coordinateur"])
    with pytest.raises(NotFound):
        cases.end_recusal(actor_of("b.coordinateur"), row.public_id)
    assert client.post(f"{page}/fin", data={"recusal": row.public_id}).status_code == 303
    opens(actor_of("a.cpam_2"), world)
    with as_owner() as session:
        acts = session.execute(select(AuditEntry.action, AuditEntry.detail)).all()
    said = {row.action: row.detail for row in acts}
    assert said["case.recuse"]["reason"] == "OTHER"
    assert "case.recusal.end" in said


# The proxy: one per holder, votes apart, and falls with who carries it.


def with_proxy(world: World, secretary: Actor) -> Seance:
    """A séance in which the seat CPAM 2 is represented by CPAM 1."""
    seance = build_meeting(world, cases=(CASE,))
    proxy = {"proxy_seat": world.seat["a.cp1"]}
    set_presence(world, secretary, seance, "cp2", AttendanceState.REPRESENTED, **proxy)
    return seance


def test_a_represented_seat_votes_apart_from_who_carries_its_proxy(world: World, actor_of: ActorOf) -> None:
    secretary, carrier = actor_of("a.coordinateur"), actor_of("a.cpam")
    seance = with_proxy(world, secretary)
    ballot = put_to_vote(secretary, seance)
    assert electorate(ballot)["CPAM, siège 2"] == (carrier.membership_id, True)
    service.cast_vote(carrier, ballot, value=VoteValue.FOR)
    service.cast_vote(carrier, ballot, value=VoteValue.AGAINST, text="Motif.", seat=world.seat["a.cp2"])
    with pytest.raises(RuleViolation, match="Vous ne portez pas le pouvoir"):
        service.cast_vote(carrier, ballot, value=VoteValue.FOR, seat=world.seat["a.sm1"])
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie des votants"):
        service.cast_vote(actor_of("a.cpam_2"), ballot, value=VoteValue.FOR)
    with pytest.raises(RuleViolation, match="Un siège représenté vote ou s’abstient"):
        service.cast_vote(carrier, ballot, value=VoteValue.RECUSED, seat=world.seat["a.cp2"], replaces=1)
    closed = service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
    assert (closed.tally.deliberative.in_favour, closed.tally.deliberative.against) == (1, 1)
    assert (closed.quorum.present, closed.quorum.represented) == (2, 1)


def test_a_holder_carries_one_proxy(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = with_proxy(world, secretary)
    with pytest.raises(InvalidInput) as refused:
        set_presence(world, secretary, seance, "sm2", AttendanceState.REPRESENTED, proxy_seat=world.seat["a.cp1"])
    assert refused.value.errors["proxy_seat"] == [
        "Ce siège porte déjà le pouvoir de « CPAM, siège 2 » : une personne n’en porte qu’un."
    ]


def test_the_proxy_falls_when_its_carrier_leaves(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = with_proxy(world, secretary)
    ballot = put_to_vote(secretary, seance)
    set_presence(world, secretary, seance, "cp1", AttendanceState.PRESENT, left=True)
    rows = {row.seat: row for row in service.read_meeting(secretary, seance.meeting).seats}
    assert rows[world.seat["a.cp2"]].state is AttendanceState.ABSENT
    with pytest.raises(RuleViolation, match="Le pouvoir de ce siège est tombé"):
        service.type_vote(secretary, ballot, seat=world.seat["a.cp2"], value=VoteValue.FOR)
    # Six seats of the services vote: not the one whose proxy fell.
    assert service.type_all_for(secretary, ballot) == 5


def test_the_vote_by_proxy_falls_when_its_carrier_takes_no_part(world: World, actor_of: ActorOf) -> None:
    secretary, carrier = actor_of("a.coordinateur"), actor_of("a.cpam")
    seance = with_proxy(world, secretary)
    ballot = put_to_vote(secretary, seance)
    service.cast_vote(carrier, ballot, value=VoteValue.FOR, seat=world.seat["a.cp2"])
    service.recuse(carrier, ballot)
    assert service.type_all_for(secretary, ballot) == 4
    closed = service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
    figures = closed.tally.deliberative
    assert (figures.in_favour, figures.recused, figures.silent) == (4, 1, 1)
    assert (closed.quorum.present, closed.quorum.represented, closed.quorum.reached) == (4, 0, False)


def test_no_proxy_through_somebody_who_took_no_part_before(world: World, actor_of: ActorOf) -> None:
    secretary = actor_of("a.coordinateur")
    seance = with_proxy(world, secretary)
    cases.declare_recusal(actor_of("a.cpam"), world.case[CASE], reason=EMPLOYER)
    seats = electorate(put_to_vote(secretary, seance))
    assert not {"CPAM, siège 1", "CPAM, siège 2"} & set(seats)
    with as_owner() as session:
        assert session.scalars(select(Ballot.status).where(Ballot.item_id.is_not(None))).first() is BallotStatus.OPEN


def test_the_carrier_votes_for_the_represented_seat_on_an_own_device(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    secretary = actor_of("a.coordinateur")
    seance = with_proxy(world, secretary)
    ballot = put_to_vote(secretary, seance)
    client, page = sign_in_as("a.cpam"), f"/seances/{seance.meeting}/vote/{ballot}"
    carried = f"{page}?siege={world.seat['a.cp2']}"
    text = plain(client.get(page).get_data(as_text=True))
    assert "Pour le siège représenté, CPAM, siège 2, à voter" in text
    html = client.get(carried).get_data(as_text=True)
    assert "siège représenté dont vous portez le pouvoir" in plain(html)
    assert 'value="RECUSED"' not in html
    assert client.post(page, data=hidden(html, page) | {"vote": "FOR"}).location.endswith(carried)
    own = hidden(client.get(page).get_data(as_text=True), page)
    assert client.post(page, data=own | {"vote": "ABSTAIN"}).status_code == 303
    state = service.ballot_state(secretary, ballot)
    assert [seat.label for seat in state.seats if seat.answered] == ["CPAM, siège 1", "CPAM, siège 2"]


def test_a_proxy_given_while_the_votes_come_in_makes_no_quorum(world: World, actor_of: ActorOf) -> None:
    """Four seats of six are needed; of the four that the ballot opened with, one leaves a proxy instead of a vote."""
    with as_owner() as session:
        session.execute(update(GovernanceRules).values(quorum_percent=66))
        audit.record(None, "tests.rules")
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, present=("ss1", "ss2", "sm1", "cp1"), ballots=True)
    for seat in ("ss1", "sm1", "cp1"):
        service.type_vote(secretary, seance.ballots[0], seat=world.seat[f"a.{seat}"], value=VoteValue.FOR)
    set_presence(world, secretary, seance, "ss2", AttendanceState.REPRESENTED, proxy_seat=world.seat["a.ss1"])
    closed = service.close_ballot(secretary, seance.ballots[0], version=1, confirm_missing=True)
    assert (closed.quorum.reached, closed.quorum.present, closed.quorum.required) == (False, 3, 4)
