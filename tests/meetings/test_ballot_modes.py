"""Ways of voting: agreement without a vote, secret ballot, reset, alternatives."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.db import Base
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings import service
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.models import Ballot, Vote
from pdp.meetings.queries import BallotView
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest, HumanAnswer
from tests.meetings.builders import Seance, build_meeting, results, rule
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
FOR, CONDITIONS, AGAINST, ABSTAIN, RECUSED = VoteValue


def opened(actor: Actor, seance: Seance, number: int = 0, **how: object) -> str:
    """Open the ballot of an item as its page shows it."""
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    return service.open_ballot(actor, seance.items[number], version=current.row.version, **how)  # type: ignore[arg-type]


def view(actor: Actor, seance: Seance, number: int = 0) -> BallotView:
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    assert current.ballot is not None
    return current.ballot


def close(actor: Actor, seance: Seance, ballot: str, number: int = 0) -> service.ClosedBallot:
    return service.close_ballot(actor, ballot, version=view(actor, seance, number).version, confirm_missing=True)


def opine(actor: Actor, seance: Seance, code: OpinionCode, number: int = 0, **texts: str) -> None:
    current = service.read_console(actor, seance.meeting, seance.items[number]).current
    assert current is not None
    service.record_opinion(actor, seance.items[number], version=current.row.version, code=code, **texts)


def stored(ballot: str) -> Ballot:
    with as_owner() as session:
        return session.scalars(select(Ballot).where(Ballot.public_id == ballot)).one()


@pytest.fixture
def seance(world: World) -> Seance:
    return build_meeting(world)


@pytest.fixture
def secretary(actor_of: ActorOf) -> Actor:
    return actor_of("a.coordinateur")


def test_a_proposal_that_nobody_contests_is_the_opinion_without_a_vote(seance: Seance, secretary: Actor) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    closed = service.close_ballot(secretary, ballot, version=1)
    assert closed.quorum.reached
    assert closed.proposal.allowed == (OpinionCode.FAVOURABLE,)
    assert closed.tally.sentence.startswith("Avis conforme, sans vote.")
    opine(secretary, seance, OpinionCode.FAVOURABLE)
    with as_owner() as session:
        assert session.scalars(select(Vote)).all() == []


def test_one_request_turns_an_agreement_into_a_named_vote_and_says_whose(
    seance: Seance, secretary: Actor, actor_of: ActorOf
) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    with pytest.raises(RuleViolation, match="Demandez d’abord un vote"):
        service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Trop long.")
    service.ask_for_vote(actor_of("a.cpam"), ballot)
    found = view(secretary, seance)
    assert (found.mode, found.proposed, found.vote_asked_by) == (
        BallotMode.NAMED,
        OpinionCode.FAVOURABLE,
        "CPAM, siège 1",
    )
    with pytest.raises(RuleViolation, match="déjà mis aux voix"):
        service.ask_for_vote(actor_of("a.cpam_2"), ballot)
    service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Trop long.")
    service.type_all_for(secretary, ballot)
    assert close(secretary, seance, ballot).tally.deliberative.against == 1


def test_only_who_sits_asks_for_a_vote(seance: Seance, secretary: Actor, actor_of: ActorOf, world: World) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie des votants"):
        service.ask_for_vote(actor_of("a.service_social_2"), ballot)
    service.ask_for_vote(secretary, ballot, seat=world.seat["a.sm1"])
    assert view(secretary, seance).vote_asked_by == "Service médical, siège 1"


def test_what_no_vote_could_give_is_not_proposed_without_one(world: World, secretary: Actor) -> None:
    seance = build_meeting(world)
    for proposed in (None, OpinionCode.ADJOURNED):
        with pytest.raises(InvalidInput) as refused:
            opened(secretary, seance, mode=BallotMode.CONSENSUS, proposed=proposed)
        assert list(refused.value.errors) == ["proposed"]
    assert service.meeting_state(secretary, seance.meeting).open_ballot is None


def test_a_reset_keeps_the_history_and_counts_again(seance: Seance, secretary: Actor, actor_of: ActorOf) -> None:
    ballot = opened(secretary, seance)
    service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Non.", idempotency_key="k1")
    service.type_all_for(secretary, ballot)
    with pytest.raises(InvalidInput):
        service.reset_ballot(secretary, ballot, version=1, reason="  ")
    service.reset_ballot(secretary, ballot, version=1, reason="Question mal lue.")
    found = view(secretary, seance)
    assert (found.resets, len(found.silent)) == (("Question mal lue.",), 8)
    with pytest.raises(RuleViolation, match="rien à reprendre"):
        service.reset_ballot(secretary, ballot, version=2, reason="Encore.")
    service.cast_vote(actor_of("a.cpam"), ballot, value=FOR, idempotency_key="k2")
    service.type_all_for(secretary, ballot)
    figures = close(secretary, seance, ballot).tally.deliberative
    assert (figures.in_favour, figures.against) == (6, 0)
    with as_owner() as session:
        rows = session.scalars(select(Vote).order_by(Vote.seat_id, Vote.sequence)).all()
    assert len(rows) == 16
    assert sorted({(row.round, row.sequence) for row in rows}) == [(1, 1), (2, 2)]
    with pytest.raises(RuleViolation, match="clos"):
        service.reset_ballot(secretary, ballot, version=3, reason="Trop tard.")


def test_a_reset_keeps_who_takes_no_part(seance: Seance, secretary: Actor, actor_of: ActorOf) -> None:
    ballot = opened(secretary, seance)
    service.recuse(actor_of("a.cpam"), ballot)
    service.cast_vote(actor_of("a.service_medical"), ballot, value=AGAINST, text="Non.")
    service.reset_ballot(secretary, ballot, version=1, reason="Question mal lue.")
    assert service.type_all_for(secretary, ballot) == 7
    figures = close(secretary, seance, ballot).tally.deliberative
    assert (figures.in_favour, figures.against, figures.recused) == (5, 0, 1)


def test_a_secret_vote_is_counted_once_and_never_changes(
    seance: Seance, secretary: Actor, actor_of: ActorOf, world: World
) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.SECRET, consultative=False)
    assert [seat.voice.value for seat in view(secretary, seance).seats] == ["deliberative"] * 6
    first = service.cast_vote(actor_of("a.cpam"), ballot, value=AGAINST, text="Un motif", idempotency_key="k1")
    assert (first.value, first.text, first.cast_at, first.replayed) == (None, "", None, False)
    again = service.cast_vote(actor_of("a.cpam"), ballot, value=FOR, idempotency_key="k1")
    assert again.replayed
    for value in (FOR, RECUSED):
        with pytest.raises(Conflict, match="Un vote secret ne change plus"):
            service.cast_vote(actor_of("a.cpam"), ballot, value=value, idempotency_key="k3")
    with pytest.raises(RuleViolation, match="sans condition ni motif"):
        service.cast_vote(actor_of("a.cpam_2"), ballot, value=CONDITIONS, text="Si…", idempotency_key="k4")
    for typed in (
        lambda: service.type_vote(secretary, ballot, seat=world.seat["a.cp2"], value=FOR),
        lambda: service.type_all_for(secretary, ballot),
    ):
        with pytest.raises(RuleViolation, match="chacun vote sur son appareil"):
            typed()
    with pytest.raises(RuleViolation, match="Vous ne faites pas partie"):
        service.cast_vote(actor_of("a.cap_emploi"), ballot, value=FOR, idempotency_key="k5")
    service.type_vote(secretary, ballot, seat=world.seat["a.cp2"], value=RECUSED)
    closed = close(secretary, seance, ballot)
    figures = closed.tally.deliberative
    assert (figures.in_favour, figures.against, figures.recused, figures.silent) == (0, 1, 1, 4)


def test_a_voice_with_fewer_than_three_seats_is_warned_of_before_a_secret_vote(world: World, secretary: Actor) -> None:
    # Six deliberative seats vote; with them the one partner who follows the case, told apart in the result.
    for consultative, few in ((False, False), (True, True)):
        seance = build_meeting(world)
        opened(secretary, seance, mode=BallotMode.SECRET, consultative=consultative)
        assert view(secretary, seance).few is few


def test_a_tie_in_secret_is_not_settled_by_the_chair(
    world: World, seance: Seance, secretary: Actor, actor_of: ActorOf
) -> None:
    page = service.read_meeting(secretary, seance.meeting)
    service.set_chair(secretary, seance.meeting, version=page.meeting.version, seat=world.seat["a.cp1"])
    ballot = opened(secretary, seance, mode=BallotMode.SECRET)
    for person, value in (
        ("cpam", FOR), ("cpam_2", FOR), ("service_medical", AGAINST), ("service_medical_2", AGAINST),
        ("service_social", ABSTAIN), ("cap_emploi", FOR),
    ):  # fmt: skip
        service.cast_vote(actor_of(f"a.{person}"), ballot, value=value, idempotency_key=person)
    closed = close(secretary, seance, ballot)
    assert closed.proposal.allowed == (OpinionCode.ADJOURNED,)
    assert "la voix du président ne départage pas" in closed.tally.sentence
    assert closed.tally.consultative.in_favour == 1


def test_before_the_closing_nothing_tells_a_secret_direction(
    seance: Seance, secretary: Actor, actor_of: ActorOf
) -> None:
    """Two ballots with opposite votes answer alike to the console, the room, the polls and the voters."""
    told = []
    for value in (FOR, AGAINST):
        again = build_meeting_like(seance, secretary, actor_of, value)
        told.append(again)
    assert told[0] == told[1]


def build_meeting_like(seance: Seance, secretary: Actor, actor_of: ActorOf, value: VoteValue) -> list[object]:
    """Vote in secret on the item, gather what anybody may read, then leave the ballot as it was before the votes."""
    if service.meeting_state(secretary, seance.meeting).open_ballot is None:
        opened(secretary, seance, mode=BallotMode.SECRET)
    ballot = service.meeting_state(secretary, seance.meeting).open_ballot
    assert ballot is not None
    before = stored(ballot)
    for person in ("cpam", "cpam_2", "service_medical"):
        service.cast_vote(actor_of(f"a.{person}"), ballot, value=value, idempotency_key=person)
    seen: list[object] = []
    for reader in (secretary, actor_of("a.cpam"), actor_of("a.service_social")):
        found = view(reader, seance)
        assert found.tally is None
        assert all(seat.value is None for seat in found.seats)
        seen += [found, service.read_room(reader, seance.meeting), service.ballot_state(reader, ballot)]
        seen += (
            [service.meeting_state(reader, seance.meeting), service.my_ballot(reader, ballot)]
            if (reader is not secretary)
            else []
        )
    restore(before)
    return seen


def restore(before: Ballot) -> None:
    """Put the row of a ballot back as it was: no other row moved."""
    columns = ("turnout", "received", "sealed_counts", "counts", "status", "closed_at", "closed_by_id", "version")
    columns += ("quorum_reached", "quorum_sentence")
    with as_owner() as session:
        row = session.get_one(Ballot, before.id)
        for name in columns:
            setattr(row, name, getattr(before, name))
        audit.record(None, "tests.restore")


def dump(ballot: str, *, sealed: bool) -> dict[str, list[object]]:
    """Return every row of every table but the journal; without `sealed`, the bytes that differ each time."""
    with as_owner() as session:
        found: dict[str, list[object]] = {}
        for name, table in sorted(Base.metadata.tables.items()):
            if name.startswith("audit_"):
                continue
            columns = [column for column in table.columns if sealed or column.name != "sealed_counts"]
            rows = session.execute(text(f"SELECT {', '.join(column.name for column in columns)} FROM {name}"))
            found[name] = sorted(repr(tuple(row)) for row in rows)
    return found


def journal() -> list[tuple[object, ...]]:
    with as_owner() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "vote.cast").order_by(AuditEntry.id))
        return [(row.user_id, row.object_id, row.case_id, sorted((row.detail or {}).items())) for row in rows]


def test_the_same_secret_votes_in_other_orders_leave_the_same_rows(
    seance: Seance, secretary: Actor, actor_of: ActorOf, engine_name: str, figure: Callable[[str, object], None]
) -> None:
    given = {"cpam": FOR, "cpam_2": AGAINST, "service_medical": ABSTAIN, "service_social": FOR, "cap_emploi": AGAINST}
    orders = [list(given), list(given)[::-1], ["service_social", "cap_emploi", "cpam", "service_medical", "cpam_2"]]
    # The same counts, given by others.
    swapped = given | {"cpam": AGAINST, "cpam_2": FOR, "service_medical": FOR, "service_social": ABSTAIN}
    with clock.acting_at(clock.now()):
        ballot = opened(secretary, seance, mode=BallotMode.SECRET)
        before, during, after, entries = stored(ballot), [], [], []
        for votes, order in [*((given, order) for order in orders), (swapped, orders[0])]:
            start = len(journal())
            for person in order:
                service.cast_vote(actor_of(f"a.{person}"), ballot, value=votes[person], idempotency_key=person)
            during.append(dump(ballot, sealed=False))
            close(secretary, seance, ballot)
            after.append(dump(ballot, sealed=True))
            entries.append(sorted(map(repr, journal()[start:])))
            restore(before)
    assert all(each == during[0] for each in during)
    assert all(each == after[0] for each in after)
    assert all(each == entries[0] for each in entries)
    assert "FOR" not in entries[0][0]
    assert before.sealed_counts is not None
    figure(
        "ballot.secret",
        f"{engine_name}: 4 histories, {len(after[0])} tables equal bit for bit before and after closing",
    )


def test_what_is_sealed_while_votes_come_in_has_one_length(
    seance: Seance, secretary: Actor, actor_of: ActorOf
) -> None:
    ballot = opened(secretary, seance, mode=BallotMode.SECRET)
    seen = []
    for person in ("cpam", "cpam_2"):
        service.cast_vote(actor_of(f"a.{person}"), ballot, value=FOR, idempotency_key=person)
        with as_owner() as session:
            raw = session.execute(
                text("SELECT sealed_counts, counts FROM ballot WHERE sealed_counts IS NOT NULL")
            ).one()
        assert raw.counts == ""
        assert b"0001" not in bytes(raw.sealed_counts)
        seen.append(bytes(raw.sealed_counts))
    assert len(seen[0]) == len(seen[1])
    close(secretary, seance, ballot)
    row = stored(ballot)
    assert (row.sealed_counts, row.counts) == (None, "0002 0000 0000 0000 0000 0000")
    assert {line[2] for line in row.turnout or []} == {""}


def test_alternatives_are_voted_one_after_the_other(world: World, secretary: Actor, actor_of: ActorOf) -> None:
    seance = build_meeting(world, items=3, cases=("a.shared",))
    service.link_alternative(secretary, seance.items[0], version=1, other=seance.items[1])
    current = service.read_console(secretary, seance.meeting, seance.items[1]).current
    assert current is not None
    assert current.ways is not None
    assert [row.position for row in current.ways.linked] == [1]
    assert [row.position for row in current.ways.siblings] == [3]
    ballot = opened(secretary, seance)
    service.type_all_for(secretary, ballot)
    close(secretary, seance, ballot)
    with pytest.raises(RuleViolation, match="attend son avis"):
        opened(secretary, seance, 1)
    opine(secretary, seance, OpinionCode.FAVOURABLE)
    with pytest.raises(RuleViolation, match="sans objet"):
        opened(secretary, seance, 1)
    current = service.read_console(secretary, seance.meeting, seance.items[1]).current
    assert current is not None
    assert current.proposal is not None
    assert current.proposal.code is OpinionCode.NO_OBJECT
    assert "(Bilan de compétences)" in current.proposal.explanation
    opine(secretary, seance, OpinionCode.NO_OBJECT, 1)
    with pytest.raises(RuleViolation, match="ne changent plus"):
        service.unlink_alternative(secretary, seance.items[1], version=3)


def test_a_rejected_alternative_leaves_the_others_their_chance(
    world: World, secretary: Actor, actor_of: ActorOf
) -> None:
    seance = build_meeting(world, items=2)
    service.link_alternative(secretary, seance.items[0], version=1, other=seance.items[1])
    for number in (0, 1):
        ballot = opened(secretary, seance, number)
        for seat in ("cp1", "cp2", "sm1", "ss1", "ss2", "sm2"):
            service.type_vote(secretary, ballot, seat=world.seat[f"a.{seat}"], value=AGAINST, text="Non.")
        close(secretary, seance, ballot, number)
        opine(secretary, seance, OpinionCode.UNFAVOURABLE, number, reasons="Rejeté.")


def test_items_of_two_cases_are_no_alternatives(world: World, secretary: Actor) -> None:
    seance = build_meeting(world, items=2, cases=("a.shared", "a.alone"))
    with pytest.raises(InvalidInput) as refused:
        service.link_alternative(secretary, seance.items[0], version=1, other=seance.items[1])
    assert "même dossier" in refused.value.errors["other"][0]


def test_what_is_set_aside_after_the_closing_does_not_count(world: World, secretary: Actor, actor_of: ActorOf) -> None:
    kept = results(rule(id="XX-E-01", verdict="ineligible", basis="SEED", reason="Règle d’usage."))
    seance = build_meeting(world, ballots=True, kept=kept)
    service.type_all_for(secretary, seance.ballots[0])
    now = clock.now()
    with clock.acting_at(now + timedelta(minutes=1)):
        closed = close(secretary, seance, seance.ballots[0])
    assert OpinionCode.FAVOURABLE not in closed.proposal.allowed
    with clock.acting_at(now + timedelta(minutes=2)), as_owner() as session:
        asked = select(DispositifRequest).where(DispositifRequest.public_id == seance.requests[0])
        request = session.scalars(asked).one()
        session.add(
            HumanAnswer(
                cellule_id=request.cellule_id, request_id=request.id, status_group=StatusGroup.SALARIE,
                rule_id="XX-E-01", accepted=True, is_override=True, reason="Après coup.", seat_label="CPAM, siège 1",
                answered_by_id=world.user["a.cpam"], answered_at=clock.now(),
            )
        )  # fmt: skip
        audit.record(None, "tests.late_override")
    current = service.read_console(secretary, seance.meeting, seance.items[0]).current
    assert current is not None
    assert current.proposal is not None
    assert OpinionCode.FAVOURABLE not in current.proposal.allowed
    with pytest.raises(InvalidInput) as refused:
        opine(secretary, seance, OpinionCode.FAVOURABLE)
    assert list(refused.value.errors) == ["code"]
