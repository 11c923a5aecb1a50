"""Read consultations. Opening a question is a read of its case; nobody reads another's vote before the end."""

from datetime import datetime

from pdp.audit import service as audit
from pdp.consultations import queries
from pdp.consultations.enums import Phase
from pdp.consultations.queries.rows import (
    ConsultationPage,
    ConsultationRow,
    ConsultationView,
    PhoneSeat,
    Question,
    QuestionPage,
)
from pdp.core import db
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import queries as meetings
from pdp.meetings import service as seances
from pdp.meetings.enums import BallotStatus, VoteChannel
from pdp.meetings.models import AgendaItem, Ballot
from pdp.meetings.queries import BallotView, Frame, MyBallot
from pdp.meetings.queries.ballots import PollPeople, ballot_view, load_poll_people
from pdp.meetings.rules.opinion import Proposal, QuorumFinding, propose
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure

_HIDDEN_BEFORE = (Phase.PLANNED, Phase.CANCELLED)


def list_consultations(actor: Actor) -> tuple[ConsultationRow, ...]:
    """Return the consultations that the actor may know, those under way first; a partner's, with its cases only."""
    ensure(actor, Permission.MEETING_LIST)
    with db.transaction(actor):
        found = queries.list_consultations(actor)
        audit.record(actor, "consultation.list", count=len(found))
    return found


def read_consultation(actor: Actor, consultation: str) -> ConsultationPage:
    """Return a consultation with the questions that the actor may know, and its own answers."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        frame = meetings.get_frame(actor, consultation, meetings.WRITTEN)
        view = _view(actor, frame)
        items = list(meetings.load_agenda(frame.meeting))
        labels = meetings.labels_by_case(actor, {item.request.case_id for item in items})
        shown = [item for item in items if Label.REQUEST in labels.get(item.request.case_id, ())]
        if not actor.is_core and not shown:
            raise NotFound
        snapshots = meetings.load_snapshots(frame.meeting, shown)
        answers = queries.own_answers(actor, [item.ballot.id for item in shown if item.ballot])
        questions = []
        for item in items if actor.is_core else shown:
            if item not in shown:
                questions.append(Question(meetings.closed_row(actor, frame.meeting, item), None, None, ""))
                continue
            readable = labels[item.request.case_id]
            snapshot = snapshots.get(item.request_id)
            row = meetings.agenda_row(frame.meeting, item, snapshot, readable, is_core=actor.is_core)
            own = answers.get(item.ballot.id) if item.ballot else None
            questions.append(Question(row, own, _evoked_at(item.ballot), _quorum(actor, item.ballot)))
        runs = can(actor, Permission.MEETING_RUN)
        progress = queries.list_progress(frame.meeting, queries.get_consultation(frame.meeting)) if runs else ()
        audit.record(actor, "consultation.read", subject=frame.meeting, questions=len(questions))
    return ConsultationPage(view, tuple(questions), progress, runs)


def read_question(actor: Actor, consultation: str, ballot: str) -> QuestionPage:
    """Return one question: one's own place in its vote, and its result once it has ended."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        frame = meetings.get_frame(actor, consultation, meetings.WRITTEN)
        view = _view(actor, frame)
        context = meetings.get_ballot(actor, ballot)
        if context.meeting.id != frame.meeting.id:
            raise NotFound
        found = context.held.ballot
        item = next(each for each in meetings.load_agenda(frame.meeting) if each.id == found.item_id)
        meetings.ensure_can_follow(actor, context.held.case_id)
        labels = meetings.labels_by_case(actor, [context.held.case_id])[context.held.case_id]
        if Label.REQUEST not in labels:
            raise NotFound
        snapshot = meetings.load_snapshots(frame.meeting, [item]).get(item.request_id)
        row = meetings.agenda_row(frame.meeting, item, snapshot, labels, is_core=actor.is_core)
        people = load_poll_people(found) if actor.is_core else None
        runs = can(actor, Permission.MEETING_RUN)
        page = QuestionPage(
            view=view,
            row=row,
            mine=_mine(actor, ballot),
            evoked_at=_evoked_at(found),
            evoked_by=_evoked_by(people) if people and found.status is BallotStatus.STOPPED else "",
            ballot=_result(actor, frame, people) if people and found.status is BallotStatus.CLOSED else None,
            proposal=_proposal(frame, item, people) if runs and people else None,
            opinion=meetings.opinion_view(item.opinion) if Label.OPINION in labels else None,
            phones=_phones(actor, people) if runs and people and found.status is BallotStatus.OPEN else (),
            can_run=runs,
        )
        audit.record(
            actor, "case.read", case_id=context.held.case_id, subject=found, part="consultation", phase=view.phase
        )
    return page


def _view(actor: Actor, frame: Frame) -> ConsultationView:
    runs = can(actor, Permission.MEETING_RUN)
    view = queries.view_of(frame.meeting, queries.get_consultation(frame.meeting), can_run=runs)
    if view.phase in _HIDDEN_BEFORE and not runs:
        raise NotFound
    return view


def _mine(actor: Actor, ballot: str) -> MyBallot | None:
    if not can(actor, Permission.VOTE_CAST):
        return None
    try:
        return seances.my_ballot(actor, ballot)
    except RuleViolation:
        # A reader without a seat in this question.
        return None


def _evoked_at(ballot: Ballot | None) -> datetime | None:
    return ballot.closed_at if ballot is not None and ballot.status is BallotStatus.STOPPED else None


def _evoked_by(people: PollPeople) -> str:
    """Return the seat through which the oral debate was asked."""
    asked_by = people.poll.ballot.closed_by_id
    return next(
        (voter.seat_label for voter in people.poll.voters if _answers(people, voter.membership_id, asked_by)), ""
    )


def _answers(people: PollPeople, membership_id: int, user_id: int | None) -> bool:
    return people.people[membership_id].user_id == user_id


def _quorum(actor: Actor, ballot: Ballot | None) -> str:
    closed = ballot is not None and ballot.status is BallotStatus.CLOSED
    return ballot.quorum_sentence if ballot and closed and actor.is_core else ""


def _result(actor: Actor, frame: Frame, people: PollPeople) -> BallotView:
    attendances = meetings.list_attendances(frame.meeting.cellule_id, frame.meeting.id)
    return ballot_view(actor, people, attendances, frame.rules)


def _proposal(frame: Frame, item: AgendaItem, people: PollPeople) -> Proposal | None:
    ballot = people.poll.ballot
    if ballot.status is not BallotStatus.CLOSED or item.opinion is not None:
        return None
    finding = QuorumFinding(bool(ballot.quorum_reached), ballot.quorum_sentence)
    grounds = meetings.grounds_of(meetings.standing_of(ballot))
    return propose(finding, meetings.count_votes(people.poll, frame.rules), grounds)


def _phones(actor: Actor, people: PollPeople) -> tuple[PhoneSeat, ...]:
    """Return the seats for which a vote may be typed, with the votes that the actor itself typed."""
    holding, aside = people.poll.holding, queries.standing_aside(people.poll.ballot)
    rows = []
    for voter in people.poll.voters:
        if voter.membership_id in aside:
            continue
        vote = holding.get(voter.seat_id)
        if vote is not None and vote.channel is not VoteChannel.PHONE:
            continue
        own = vote is not None and meetings.may_read_vote(actor, people.poll.ballot, vote)
        rows.append(
            PhoneSeat(
                seat=people.seats[voter.seat_id].public_id,
                label=voter.seat_label,
                person=people.people[voter.membership_id].user.full_name,
                sequence=vote.sequence if vote else None,
                typed=vote.value if vote and own else None,
            )
        )
    return tuple(rows)
