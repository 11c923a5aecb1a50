"""A correction after a ballot closed: two persons, nothing rewritten, one opinion that counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from pdp.accounts.models import Membership
from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import CorrectionState, DecisionOutcome, OpinionCode, VoteChannel, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, CelluleOpinion, OpinionCorrection, Vote
from pdp.meetings.rules import corrections as rules
from pdp.meetings.service import correcting, corrections
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import Seance, build_meeting
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
FOR, CONDITIONS, AGAINST, ABSTAIN, RECUSED = VoteValue
SEATS = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")

# By hand. Six deliberative seats said « pour »: what the correction changes, the opinion to be read,
# where the request goes, and the quorum in figures. The quorum is three seats, with the three services.
TABLE: list[tuple[dict[str, VoteValue | None], str, str, str]] = [
    ({"cp1": AGAINST}, "FAVOURABLE", "OPINION_GIVEN", "6 sièges délibératifs"),
    ({"cp1": CONDITIONS}, "FAVOURABLE_WITH_CONDITIONS", "OPINION_GIVEN", "6 sièges délibératifs"),
    (dict.fromkeys(SEATS[:3], AGAINST), "ADJOURNED", "ADJOURNED", "6 sièges délibératifs"),
    (dict.fromkeys(SEATS[:4], AGAINST), "UNFAVOURABLE", "OPINION_GIVEN", "6 sièges délibératifs"),
    (dict.fromkeys(SEATS[:4], AGAINST), "REORIENTED", "REORIENTED", "6 sièges délibératifs"),
    (dict.fromkeys(SEATS[:4], AGAINST), "NO_OBJECT", "OPINION_GIVEN", "6 sièges délibératifs"),
    (dict.fromkeys(("cp1", "cp2"), None), "ADJOURNED", "ADJOURNED", "la CPAM ne siège pas"),
    (dict.fromkeys(("ss1", "sm1", "cp1"), None), "FAVOURABLE", "OPINION_GIVEN", "3 sièges délibératifs"),
    (dict.fromkeys(SEATS[:4], None), "ADJOURNED", "ADJOURNED", "2 sièges délibératifs"),
    (dict.fromkeys(SEATS, ABSTAIN), "ADJOURNED", "ADJOURNED", "6 sièges délibératifs"),
]


def given(actor_of: ActorOf, world: World, items: int = 1) -> Seance:
    """Return a séance with an opinion « favorable » on each point, every seat having said « pour »."""
    secretary, seance = actor_of("a.coordinateur"), build_meeting(world, items, ballots=True, votes=8)
    for ballot, item in zip(seance.ballots, seance.items, strict=True):
        service.close_ballot(secretary, ballot, version=1, confirm_missing=True)
        service.record_opinion(secretary, item, version=1, code=OpinionCode.FAVOURABLE)
    return seance


def propose(
    actor: Actor,
    world: World,
    item: str,
    changes: Mapping[str, VoteValue | None] | None = None,
    code: OpinionCode = OpinionCode.FAVOURABLE,
) -> str:
    votes = {world.seat[f"a.{seat}"]: value for seat, value in (changes or {}).items()}
    return correcting.propose_correction(
        actor, item, reason="Saisie inexacte.", votes=votes, code=code, conditions="Réserve lue.", reasons="Motif lu."
    )


def holding(item: str) -> tuple[OpinionCode, OpinionCode, RequestStatus]:
    """Return the opinion that holds, the one first recorded, and where the request is."""
    with as_owner() as session:
        row = session.execute(
            select(CelluleOpinion, DispositifRequest.status)
            .join(AgendaItem, AgendaItem.id == CelluleOpinion.item_id)
            .join(AgendaItem.request)
            .where(AgendaItem.public_id == item)
        ).one()
        by_sql = session.scalar(select(CelluleOpinion.code).where(CelluleOpinion.id == row[0].id))
        assert by_sql is row[0].code
        return row[0].code, row[0].first_code, row[1]


def untouched() -> list[Any]:
    """Return what a correction must leave as it was: ballots and votes, column by column."""
    with as_owner() as session:
        return [session.execute(select(model.__table__)).all() for model in (Ballot, Vote)]  # type: ignore[attr-defined]


def test_what_holds_follows_the_corrected_answers_and_nothing_else_moves(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    seance = given(actor_of, world, len(TABLE))
    before, wrong = untouched(), []
    for item, (changes, code, status, words) in zip(seance.items, TABLE, strict=True):
        made = propose(actor_of("a.coordinateur"), world, item, changes, OpinionCode(code))
        # Proposed is not done.
        assert holding(item)[::2] == (OpinionCode.FAVOURABLE, RequestStatus.OPINION_GIVEN)
        correcting.confirm_correction(actor_of("a.manager"), made)
        page = corrections.read_correction(actor_of("a.cpam"), made)
        assert (page.before.code, page.after.code, page.holds) == (OpinionCode.FAVOURABLE, OpinionCode(code), True)
        assert len(page.changes) == len(changes)
        found = holding(item)
        if (
            found != (OpinionCode(code), OpinionCode.FAVOURABLE, RequestStatus(status))
            or words not in page.quorum_after
        ):
            wrong.append((changes, code, found, page.quorum_after))
    assert wrong == []
    assert untouched() == before
    figure("corrections.table", f"{len(TABLE)} corrections by hand, 0 wrong, 0 row of a vote or ballot changed")


def test_who_proposed_never_confirms(world: World, actor_of: ActorOf) -> None:
    seance, secretary = given(actor_of, world), actor_of("a.coordinateur")
    made = propose(secretary, world, seance.items[0], {"cp1": AGAINST})
    with pytest.raises(RuleViolation, match="une autre personne"):
        correcting.confirm_correction(secretary, made)
    assert holding(seance.items[0])[0] is OpinionCode.FAVOURABLE
    # The database refuses as well.
    alone = update(OpinionCorrection).where(OpinionCorrection.public_id == made)
    with as_owner() as session, pytest.raises(DBAPIError, match="another_confirms"):
        session.execute(alone.values(state=CorrectionState.CONFIRMED, decided_by_id=secretary.user_id))


def test_who_took_no_part_or_came_since_does_not_confirm(world: World, actor_of: ActorOf) -> None:
    seance = given(actor_of, world)
    made = propose(actor_of("a.coordinateur"), world, seance.items[0], {"cp1": AGAINST})
    manager = actor_of("a.manager")
    # An access of the same day may have been opened after the proposal, and for it.
    for late in (1, 0):
        with as_owner() as session:
            arrives = update(Membership).where(Membership.id == manager.membership_id)
            session.execute(arrives.values(starts_on=clock.today() + timedelta(days=late)))
        with pytest.raises(RuleViolation, match="ou après"):
            correcting.confirm_correction(manager, made)
    with pytest.raises(NotFound):
        correcting.confirm_correction(actor_of("b.manager"), made)
    # A vote corrected into a déport puts its person out of the correction as well.
    correcting.confirm_correction(actor_of("a.service_social"), made)
    other = propose(actor_of("a.coordinateur"), world, seance.items[0], {"cp2": RECUSED})
    correcting.confirm_correction(actor_of("a.service_social"), other)
    with pytest.raises(RuleViolation, match="pas pris part"):
        propose(actor_of("a.cpam_2"), world, seance.items[0], {"cp1": FOR})


def test_who_took_no_part_takes_none_under_another_role(world: World, actor_of: ActorOf) -> None:
    seance, secretary = given(actor_of, world), actor_of("a.coordinateur")
    correcting.confirm_correction(
        actor_of("a.service_social"), propose(secretary, world, seance.items[0], {"cp2": RECUSED})
    )
    aside, manager = actor_of("a.cpam_2"), actor_of("a.manager")
    with as_owner() as session:
        other = Membership(
            user_id=aside.user_id,
            organisation_id=manager.organisation_id,
            cellule_id=manager.cellule_id,
            role=manager.role,
            starts_on=clock.today() - timedelta(days=30),
        )
        session.add(other)
        session.flush()
        elsewhere = replace(manager, user_id=aside.user_id, membership_id=other.id)
    made = propose(secretary, world, seance.items[0], {"cp1": AGAINST})
    for refused in (
        lambda: propose(elsewhere, world, seance.items[0], {"cp1": ABSTAIN}),
        lambda: correcting.confirm_correction(elsewhere, made),
        lambda: correcting.refuse_correction(elsewhere, made, reason="Le vote était celui-là."),
    ):
        with pytest.raises(RuleViolation, match="pas pris part"):
            refused()
    correcting.refuse_correction(secretary, made, reason="Proposée à tort.")


def test_after_five_working_days_it_is_over_and_may_be_proposed_again(world: World, actor_of: ActorOf) -> None:
    seance, secretary, manager = given(actor_of, world), actor_of("a.coordinateur"), actor_of("a.manager")
    propose(secretary, world, seance.items[0], {"cp1": AGAINST})
    with pytest.raises(Conflict, match="attend déjà"):
        propose(manager, world, seance.items[0], {"cp2": AGAINST})
    (line,) = corrections.list_corrections(manager)
    last = datetime.combine(line.answer_by, datetime.max.time(), tzinfo=clock.PARIS)
    with time_machine.travel(last + timedelta(seconds=2), tick=False):
        with pytest.raises(RuleViolation, match="Le délai"):
            correcting.confirm_correction(manager, line.correction)
        again = propose(manager, world, seance.items[0], {"cp2": AGAINST})
        correcting.confirm_correction(secretary, again)
        states = {row.correction: row.state for row in corrections.list_corrections(manager)}
    assert states == {line.correction: CorrectionState.EXPIRED, again: CorrectionState.CONFIRMED}


def test_a_second_correction_counts_from_the_first(world: World, actor_of: ActorOf) -> None:
    seance, secretary, manager = given(actor_of, world), actor_of("a.coordinateur"), actor_of("a.manager")
    for changes, code in (
        (dict.fromkeys(SEATS[:3], AGAINST), OpinionCode.ADJOURNED),
        ({"cp2": AGAINST}, OpinionCode.UNFAVOURABLE),
    ):
        made = propose(secretary, world, seance.items[0], changes, code)
        correcting.confirm_correction(manager, made)
    assert holding(seance.items[0]) == (
        OpinionCode.UNFAVOURABLE,
        OpinionCode.FAVOURABLE,
        RequestStatus.OPINION_GIVEN,
    )
    page = corrections.read_correction(manager, made)
    assert (page.before.code, page.after.code) == (OpinionCode.ADJOURNED, OpinionCode.UNFAVOURABLE)


def test_what_cannot_be_corrected_is_refused_with_the_next_step(world: World, actor_of: ActorOf) -> None:
    secretary, seance = actor_of("a.coordinateur"), given(actor_of, world, 2)
    first, decided = seance.items
    service.record_decision(
        actor_of("a.cpam"), seance.requests[1], outcome=DecisionOutcome.GRANTED, decided_on=clock.today()
    )
    with pytest.raises(RuleViolation, match="recours, ou une nouvelle demande"):
        propose(secretary, world, decided, {"cp1": AGAINST})
    with pytest.raises(InvalidInput) as nothing:
        correcting.propose_correction(
            secretary, first, reason="Rien.", votes={}, code=OpinionCode.FAVOURABLE, reasons=""
        )
    assert "Rien ne change" in nothing.value.errors["_form"][0]
    with pytest.raises(InvalidInput) as impossible:
        propose(secretary, world, first, {"cp1": AGAINST}, OpinionCode.UNFAVOURABLE)
    assert "n’est pas possible" in impossible.value.errors["code"][0]
    # An adjourned request that went on is not called back.
    made = propose(secretary, world, first, dict.fromkeys(SEATS[:3], AGAINST), OpinionCode.ADJOURNED)
    correcting.confirm_correction(actor_of("a.manager"), made)
    with as_owner() as session:
        gone = update(DispositifRequest).where(DispositifRequest.public_id == seance.requests[0])
        session.execute(gone.values(status=RequestStatus.DRAFT))
    with pytest.raises(RuleViolation, match="suivi son cours"):
        propose(secretary, world, first, {"ss1": FOR}, OpinionCode.FAVOURABLE)


def test_each_act_is_in_the_journal_and_tells_the_right_people(world: World, actor_of: ActorOf) -> None:
    seance, secretary, manager = given(actor_of, world), actor_of("a.coordinateur"), actor_of("a.manager")
    refused = propose(secretary, world, seance.items[0], {"cp1": AGAINST})
    correcting.refuse_correction(manager, refused, reason="Le vote était bien celui-là.")
    made = propose(secretary, world, seance.items[0], {"cp2": AGAINST})
    correcting.confirm_correction(manager, made)
    with as_owner() as session:
        acts = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("opinion.%correction")).order_by(AuditEntry.id)
        ).all()
        told = {(row.user_id, row.kind.value, row.link.split("/")[1]) for row in session.scalars(select(Notice)).all()}
    assert acts == [f"opinion.{act}_correction" for act in ("propose", "refuse", "propose", "confirm")]
    assert (world.user["a.manager"], "correction_proposed", "rectifications") in told
    assert (world.user["a.coordinateur"], "correction_decided", "rectifications") in told
    assert (world.user["a.cpam"], "correction_decided", "seances") in told
    assert (world.user["a.coordinateur"], "correction_proposed", "rectifications") not in told
    assert {row.state for row in corrections.list_corrections(manager)} == {
        CorrectionState.REFUSED,
        CorrectionState.CONFIRMED,
    }


def test_a_vote_given_on_an_own_device_stays() -> None:
    answers = (
        rules.Counted(1, "CPAM 1", FOR, VoteChannel.OWN_DEVICE),
        rules.Counted(2, "CPAM 2", FOR, VoteChannel.TYPED),
    )
    assert rules.changed_votes(answers, {1: FOR, 2: AGAINST}, secret=False, agreed=False) == {2: AGAINST}
    for wanted, how, said in (
        ({1: AGAINST}, {"secret": False, "agreed": False}, "sur son appareil"),
        ({2: AGAINST}, {"secret": True, "agreed": False}, "vote secret"),
        ({2: AGAINST}, {"secret": False, "agreed": True}, "sans vote"),
    ):
        with pytest.raises(RuleViolation, match=said):
            rules.changed_votes(answers, wanted, **how)


def test_what_was_proposed_cannot_be_rewritten(world: World, actor_of: ActorOf) -> None:
    seance, secretary = given(actor_of, world), actor_of("a.coordinateur")
    propose(secretary, world, seance.items[0], {"cp1": AGAINST})
    with pytest.raises(DBAPIError), db.transaction(secretary) as session:
        session.execute(update(OpinionCorrection).values(reason="Autre chose."))
    with pytest.raises(DBAPIError), db.transaction(secretary) as session:
        session.execute(delete(OpinionCorrection))


def test_pages_lead_from_the_point_to_both_versions(world: World, actor_of: ActorOf, sign_in_as: Any) -> None:
    seance = given(actor_of, world)
    client = sign_in_as("a.coordinateur")
    console = client.get(f"/seances/{seance.meeting}/console?point={seance.items[0]}").text
    assert f"/points/{seance.items[0]}/rectification" in console
    form = client.get(f"/points/{seance.items[0]}/rectification")
    assert (form.status_code, "CPAM, siège 1" in form.text) == (200, True)
    typed = {"reason": "Vote mal saisi.", "vote": f"{world.seat['a.cp1']}:AGAINST", "code": "UNFAVOURABLE"}
    refused = client.post(f"/points/{seance.items[0]}/rectification", data=typed)
    assert (refused.status_code, "Vote mal saisi." in refused.text) == (422, True)
    # An answer that is none is not an absence.
    unknown = {"vote": f"{world.seat['a.cp1']}:CONTRE", "code": "FAVOURABLE"}
    garbled = client.post(f"/points/{seance.items[0]}/rectification", data=typed | unknown)
    assert (garbled.status_code, "une réponse de la liste" in garbled.text) == (422, True)
    made = client.post(f"/points/{seance.items[0]}/rectification", data=typed | {"code": "FAVOURABLE"})
    assert made.status_code == 303
    page = made.headers["Location"]
    assert "Une autre personne doit confirmer" in client.get(page).text
    other = sign_in_as("a.manager")
    assert "attend une seconde personne" in other.get("/").text
    assert other.post(f"{page}/confirmation").headers["Location"] == page
    assert "celui qui compte" in other.get(page).text
    assert "Rectifié le" in other.get(f"/seances/{seance.meeting}/console?point={seance.items[0]}").text
    assert page in other.get(f"/seances/{seance.meeting}").text
    assert page in other.get(f"/dossiers/{world.case['a.shared']}/suivi").text
    assert "Rectifications" in other.get("/rectifications").text
