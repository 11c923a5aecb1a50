"""Standard requests approved together, without a debate: one act, and for each its ballot, its opinion, its entry.

Any member may ask that one be debated, before or during the séance: it leaves the list. A request whose
standing changed leaves it by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import AgendaTrack, BallotStatus, OpinionCode
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, CelluleOpinion
from pdp.meetings.queries import HeldBallot, HeldItem, Poll
from pdp.meetings.queries.listed import fast_track
from pdp.meetings.queries.rows.listed import FastTrack
from pdp.meetings.rules.alternatives import why_not_yet
from pdp.meetings.rules.fast_track import why_not
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.ballots import ClosedBallot, Voter, freeze, result_of
from pdp.meetings.service.electorate import electorate
from pdp.meetings.service.steps import bump, check_version, move_request
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.requests import queries as requests
from pdp.requests.enums import RequestAction
from pdp.requests.rules.standing import Standing, stand
from pdp.requests.service import answers_of, appraise
from pdp.requests.service.access import ensure_case_open

_NOT_LISTED = "Ce dossier n’est pas, ou plus, sur la liste sans débat : il est examiné en séance."


@dataclass(frozen=True, slots=True)
class Approval:
    """What one act approved, and what left the list with the reason, by reference."""

    approved: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]


def read_fast_track(actor: Actor, meeting: str) -> FastTrack:
    """Return the list of a séance, as far as the actor may know its cases; the séance is journaled as read."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        frame = queries.get_frame(actor, meeting)
        items = list(queries.load_agenda(frame.meeting))
        labels = dict(queries.labels_by_case(actor, {item.request.case_id for item in items}))
        shown = [item for item in items if Label.REQUEST in labels.get(item.request.case_id, ())]
        if not actor.is_core and not shown:
            raise NotFound
        found = fast_track(actor, frame, shown, dict(labels))
        audit.record(actor, "meeting.read", subject=frame.meeting, part="listed", items=len(shown))
    return found


def mark_fast_track(actor: Actor, meeting: str, *, items: Collection[str]) -> int:
    """Put exactly these items on the list and return how many it holds.

    What a member asked to debate stays off. Raises `RuleViolation` for a request whose standing does not
    allow it.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.EDIT_AGENDA)
        frame = queries.get_frame(actor, meeting)
        agenda = [item for item in queries.load_agenda(found) if _is_movable(actor, item)]
        listed = fast_track(actor, frame, agenda, {item.request.case_id: frozenset(Label) for item in agenda})
        reasons = {row.item: (row.reference, row.why_not) for row in (*listed.listed, *listed.candidates)}
        for item in agenda:
            wanted = AgendaTrack.FAST if item.public_id in items else AgendaTrack.DISCUSSED
            reference, reason = reasons[item.public_id]
            if wanted is AgendaTrack.FAST and reason:
                raise RuleViolation(f"Le dossier {reference} ne peut pas être approuvé sans débat. {reason}")
            if item.track is not wanted:
                item.track = wanted
                bump(item)
        bump(found)
        count = sum(item.track is AgendaTrack.FAST for item in agenda)
        audit.record(actor, "agenda.list_fast", subject=found, items=count)
    return count


def ask_to_discuss(actor: Actor, item: str) -> None:
    """Ask that a request of the list be debated: it leaves the list, for good."""
    if not can(actor, Permission.MEETING_RUN):
        ensure(actor, Permission.VOTE_CAST)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        queries.ensure_can_follow(actor, held.request.case_id)
        next_status(held.meeting.status, MeetingAction.EDIT_AGENDA)
        if held.item.track is not AgendaTrack.FAST or queries.find_opinion(held.item.id):
            raise RuleViolation(_NOT_LISTED)
        held.item.track = AgendaTrack.ASKED
        bump(held.item)
        bump(held.meeting)
        audit.record(actor, "agenda.ask_debate", case_id=held.request.case_id, subject=held.item)


def approve_fast_track(actor: Actor, meeting: str, *, version: int) -> Approval:
    """Approve the whole list: each request gets a favourable opinion, agreed without a vote.

    All or nothing: one transaction. A request that may no longer be approved leaves the list with the reason.
    """
    ensure(actor, Permission.MEETING_RUN)
    approved, dropped = [], []
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.VOTE)
        check_version(found, version, "cette séance")
        items = queries.list_items(found)
        if any(item.ballot and item.ballot.status is BallotStatus.OPEN for item in items):
            raise RuleViolation("Un scrutin est ouvert. Fermez-le avant d’approuver la liste.")
        waiting = [item.public_id for item in items if _is_listed(actor, item)]
        if not waiting:
            raise RuleViolation("Aucun dossier n’est sur la liste sans débat.")
        for key in waiting:
            held = queries.lock_item(actor, key)
            reason = _approve(actor, held)
            reference = held.request.case.reference
            if reason:
                dropped.append((reference, reason))
            else:
                approved.append(reference)
        bump(found)
    return Approval(tuple(approved), tuple(dropped))


def _approve(actor: Actor, held: HeldItem) -> str:
    """Approve one request, or take it off the list and say why."""
    try:
        ensure_case_open(held.request.case)
        voters = [Voter(one.row.seat, one.membership_id, one.by_proxy) for one in electorate(held)]
        result, reason = _foreseen(actor, held, voters)
    except RuleViolation as refused:
        voters, result, reason = [], None, refused.message
    if result is None or reason:
        held.item.track = AgendaTrack.DISCUSSED
        bump(held.item)
        audit.record(actor, "agenda.leave_list", case_id=held.request.case_id, subject=held.item)
        return reason
    held.item.question = held.item.question or queries.question_of(held.request)
    held.item.started_at = held.item.started_at or clock.now()
    ballot = freeze(actor, held, voters, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
    ballot.status, ballot.closed_at, ballot.closed_by_id = BallotStatus.CLOSED, clock.now(), actor.user_id
    ballot.quorum_reached, ballot.quorum_sentence = result.quorum.reached, result.quorum.sentence
    opinion = CelluleOpinion(
        cellule_id=held.item.cellule_id,
        item_id=held.item.id,
        code=OpinionCode.FAVOURABLE,
        explanation=f"Approuvé avec la liste des dossiers sans débat. {result.proposal.explanation}",
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session().add(opinion)
    move_request(held.request, RequestAction.GIVE_OPINION)
    bump(held.item)
    audit.record(actor, "agenda.approve_listed", case_id=held.request.case_id, subject=ballot, seats=len(voters))
    return ""


def _foreseen(actor: Actor, held: HeldItem, voters: list[Voter]) -> tuple[ClosedBallot | None, str]:
    """Return what the approval would give now, or why it may not be: nothing is written."""
    if reason := why_not_yet(queries.alternatives_of(held.item)):
        return None, reason
    standing = _standing_now(actor, held)
    if reason := why_not(standing):
        return None, reason
    ballot = Ballot(
        cellule_id=held.item.cellule_id, mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE, round=1
    )
    electors = [
        BallotVoter(seat_id=one.seat.id, membership_id=one.membership_id, voice=one.seat.voice, by_proxy=one.by_proxy)
        for one in voters
    ]
    frame = HeldBallot(ballot, held.item.id, held.meeting.id, held.request.id, held.request.case_id)
    result = result_of(frame, Poll(ballot, electors, ()), standing)
    return result, "" if result.quorum.reached else result.quorum.sentence


def _standing_now(actor: Actor, held: HeldItem) -> Standing:
    loaded = requests.get_request(actor, held.request.public_id)
    return stand(appraise(loaded).results, answers_of(loaded))


def _is_movable(actor: Actor, item: AgendaItem) -> bool:
    untouched = item.ballot is None and item.opinion is None
    return untouched and item.track is not AgendaTrack.ASKED and queries.opens(actor, item.request.case)


def _is_listed(actor: Actor, item: AgendaItem) -> bool:
    waits = item.track is AgendaTrack.FAST and item.ballot is None and item.opinion is None
    return waits and queries.opens(actor, item.request.case)
