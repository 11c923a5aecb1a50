"""What the room may read: reference and initials, the question, who has answered, the result once closed."""

from collections.abc import Sequence

from pdp.accounts.enums import BallotMode, Voice
from pdp.accounts.models import GovernanceRules
from pdp.meetings.enums import BallotStatus, MeetingStatus, VoteValue
from pdp.meetings.models import AgendaItem, Attendance
from pdp.meetings.queries.access import is_recused
from pdp.meetings.queries.agenda import get_frame, load_agenda
from pdp.meetings.queries.ballots import PollPeople, load_poll_people
from pdp.meetings.queries.count import count_votes, quorum_now, quorum_of
from pdp.meetings.queries.points import list_points
from pdp.meetings.queries.rows import Room, RoomSeat
from pdp.meetings.queries.rows.meeting import without_notes
from pdp.meetings.queries.seats import load_seating
from pdp.meetings.queries.standing import question_of
from pdp.meetings.queries.turnout import took_part
from pdp.meetings.rules.opinion import QuorumFinding
from pdp.policy.actor import Actor


def load_room(actor: Actor, public_id: str) -> tuple[Room, AgendaItem | None]:
    """Return the room's screen, with the stored item under discussion for the journal."""
    frame = get_frame(actor, public_id)
    items = load_agenda(frame.meeting)
    seating = load_seating(frame.meeting)
    item = next((each for each in items if each.id == frame.meeting.current_item_id), None)
    shut = item is not None and _is_shut(actor, item)
    points = list_points(frame.meeting) if item is None and frame.meeting.status is MeetingStatus.OPEN else ()
    people = load_poll_people(item.ballot) if item and item.ballot and not shut else None
    closed = people is not None and people.poll.ballot.status is BallotStatus.CLOSED
    attendances = seating.attendances
    voting = {voter.seat_id for voter in people.poll.voters} if people else set()
    finding = _finding(people, attendances, frame.rules)
    room = Room(
        meeting=frame.meeting.public_id,
        etag=without_notes(frame.etag),
        status=frame.meeting.status,
        starts_at=frame.meeting.starts_at,
        rank=items.index(item) + 1 if item else None,
        total=len(items),
        reference=item.request.case.reference if item and not shut else "",
        initials=item.request.case.person.initials if item and not shut else "",
        dispositif=item.request.dispositif if item and not shut else None,
        question=(item.question or question_of(item.request)) if item and not shut else "",
        ballot_status=people.poll.ballot.status if people else None,
        seats=_seats(people, closed) if people else (),
        away=tuple(
            row.seat.label
            for row in attendances
            if people and row.seat_id not in voting and row.seat.voice is Voice.DELIBERATIVE
        ),
        quorum_reached=finding.reached,
        quorum_sentence=finding.sentence,
        tally=count_votes(people.poll, frame.rules) if people and closed else None,
        opinion=item.opinion.code if item and item.opinion and not shut else None,
        closed_doors=shut,
        mode=people.poll.ballot.mode if people else BallotMode.NAMED,
        proposed=people.poll.ballot.proposed if people else None,
        paused_at=frame.meeting.paused_at,
        resumes_at=frame.meeting.resumes_at,
        points=tuple(point.title for point in points),
    )
    return room, item


def _is_shut(actor: Actor, item: AgendaItem) -> bool:
    """Tell whether the screen stays blank: a restricted case, or one in which who asks for it takes no part."""
    case = item.request.case
    return case.restricted_on is not None or is_recused(case, actor.user_id)


def _finding(people: PollPeople | None, attendances: Sequence[Attendance], rules: GovernanceRules) -> QuorumFinding:
    """Return the quorum of the case once closed, else that of the moment."""
    if not attendances:
        return QuorumFinding(False, "")
    if people is None:
        now = quorum_now(attendances, rules)
    elif people.poll.ballot.status is BallotStatus.CLOSED:
        return QuorumFinding(bool(people.poll.ballot.quorum_reached), people.poll.ballot.quorum_sentence)
    else:
        now = quorum_of(people.poll, attendances, rules)
    return QuorumFinding(now.reached, now.sentence)


def _seats(people: PollPeople, closed: bool) -> tuple[RoomSeat, ...]:
    poll = people.poll
    if poll.ballot.mode is BallotMode.CONSENSUS:
        return ()
    holding, sat = poll.holding, took_part(poll.ballot)
    rows = []
    for voter in people.poll.voters:
        vote = holding.get(voter.seat_id)
        recused = vote is not None and vote.value is VoteValue.RECUSED
        value = vote.value if vote and closed else None
        if voter.seat_id in sat:
            rows.append(RoomSeat(voter.seat_label, voter.voice, True, False, None))
            continue
        rows.append(RoomSeat(voter.seat_label, voter.voice, vote is not None, recused, value))
    return tuple(rows)
