"""The console of a séance: everything it shows, in a number of statements that no agenda makes grow."""

from collections.abc import Sequence

from pdp.cases.queries.facts import recused_of
from pdp.core import clock
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.hooks import list_phrases
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries.access import is_recused, opens
from pdp.meetings.queries.agenda import (
    Frame,
    agenda_row,
    closed_row,
    get_frame,
    list_actions,
    list_pieces,
    load_agenda,
    load_snapshots,
    meeting_view,
    settled_at,
)
from pdp.meetings.queries.ballots import ballot_view, load_poll_people
from pdp.meetings.queries.count import agreed, count_votes, quorum_now
from pdp.meetings.queries.notes import note_view
from pdp.meetings.queries.opinions import opinion_view
from pdp.meetings.queries.pace import pace_of
from pdp.meetings.queries.points import list_points, point_rows
from pdp.meetings.queries.rows import ActivityView, AgendaRow, Console, CurrentItem, SeatRow
from pdp.meetings.queries.seats import Seating, load_seating
from pdp.meetings.queries.standing import grounds_of, standings
from pdp.meetings.queries.ways import sans_objet, ways_of
from pdp.meetings.rules.agenda import neighbours, next_to_treat
from pdp.meetings.rules.awaited import awaited
from pdp.meetings.rules.opinion import Proposal, QuorumFinding, propose
from pdp.meetings.rules.quorum import Quorum
from pdp.meetings.rules.tally import Tally
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can
from pdp.requests.models import EligibilitySnapshot
from pdp.requests.rules.findings import read_stored
from pdp.requests.rules.standing import Standing


def load_console(actor: Actor, public_id: str, wanted: str | None) -> tuple[Console, AgendaItem | None]:
    """Return the console with the item in its middle: the one wanted, else the one under discussion.

    The stored item comes too, for the journal. Statements: séance, agenda, eligibilities, seats, and for
    the item in the middle its answers, pieces, ballot and actions.
    """
    frame = get_frame(actor, public_id)
    meeting = frame.meeting
    items = load_agenda(meeting)
    snapshots = load_snapshots(meeting, items)
    seating = load_seating(meeting)
    hidden = {item.id for item in items if not opens(actor, item.request.case)}
    rows = tuple(
        closed_row(actor, meeting, item)
        if item.id in hidden
        else agenda_row(meeting, item, snapshots.get(item.request_id))
        for item in items
    )
    middle = _middle(frame, items, wanted)
    behind_doors = middle is not None and middle.id in hidden
    current = None
    if middle is not None and not behind_doors:
        row = rows[items.index(middle)]
        current = _current(actor, frame, middle, row, items, snapshots.get(middle.request_id), seating)
    done = frozenset(item.id for item in items if item.opinion is not None) | hidden
    following = next_to_treat([item.id for item in items], done, middle.id if middle else None)
    points = list_points(meeting)
    console = Console(
        meeting=meeting_view(frame, chair_name(seating.rows)),
        etag=frame.etag,
        items=rows,
        seats=seating.rows,
        quorum=_quorum(seating, frame, middle),
        current=current,
        next_to_treat=next((item.public_id for item in items if item.id == following), None),
        can_run=can(actor, Permission.MEETING_RUN),
        closed_doors=behind_doors,
        aside=middle is not None and is_recused(middle.request.case, actor.user_id),
        points=point_rows(actor, points),
        pace=pace_of(meeting, items, points, clock.now()),
    )
    return console, middle


def _quorum(seating: Seating, frame: Frame, middle: AgendaItem | None) -> Quorum | None:
    """Return the quorum of the moment, for the case in the middle: who took no part in it does not count."""
    if not seating.attendances:
        return None
    return quorum_now(seating.attendances, frame.rules, recused_of(middle.request.case.recused) if middle else ())


def chair_name(seats: Sequence[SeatRow]) -> str:
    """Return who sits in the seat that chairs, empty when nobody does."""
    return next((seat.person for seat in seats if seat.is_chair), "")


def _middle(frame: Frame, items: Sequence[AgendaItem], wanted: str | None) -> AgendaItem | None:
    """Return the item wanted, else the one under discussion, else the first of an open séance."""
    for item in items:
        if wanted is not None and item.public_id == wanted:
            return item
    current = next((item for item in items if item.id == frame.meeting.current_item_id), None)
    if current is None and items and frame.meeting.status is not MeetingStatus.PLANNED:
        return items[0]
    return current


def _current(
    actor: Actor,
    frame: Frame,
    item: AgendaItem,
    row: AgendaRow,
    items: Sequence[AgendaItem],
    snapshot: EligibilitySnapshot | None,
    seating: Seating,
) -> CurrentItem:
    until = settled_at(frame.meeting, item)
    standing = standings(item.cellule_id, {item.request_id: snapshot}, until)[item.request_id] if snapshot else None
    people = load_poll_people(item.ballot) if item.ballot else None
    view = ballot_view(actor, people, seating.attendances, frame.rules) if people else None
    tally = count_votes(people.poll, frame.rules) if people else None
    near = neighbours([other.id for other in items], item.id)
    public = {other.id: other.public_id for other in items}
    case = item.request.case
    return CurrentItem(
        row=row,
        rank=near.rank,
        total=len(items),
        previous=public[near.previous] if near.previous else None,
        following=public[near.following] if near.following else None,
        birth_date=case.person.birth_date,
        presentation=case.presentation,
        activities=tuple(
            ActivityView(activity.status.group, activity.status.label, activity.post, activity.employer)
            for activity in case.activities
        ),
        purpose=item.request.purpose,
        standing=standing,
        findings=read_stored(snapshot.results) if snapshot else (),
        pieces=list_pieces(item.request),
        note=note_view(actor, item),
        ballot=view,
        proposal=_proposal(item, items, tally, standing),
        ways=ways_of(frame.rules, item, items, standing),
        awaited=_awaited(standing),
        opinion=opinion_view(item.opinion),
        actions=list_actions(item),
        phrases=list_phrases(item.cellule_id, item.request.dispositif) if item.opinion is None else {},
    )


def _proposal(
    item: AgendaItem, items: Sequence[AgendaItem], tally: Tally | None, standing: Standing | None
) -> Proposal | None:
    """Return what may be recorded: nothing while votes are still taken, or once an opinion is given."""
    ballot = item.ballot
    if item.opinion is not None or (ballot is not None and ballot.status is BallotStatus.OPEN):
        return None
    finding = QuorumFinding(bool(ballot.quorum_reached), ballot.quorum_sentence) if ballot else None
    return propose(
        finding,
        tally,
        grounds_of(standing),
        agreed=agreed(ballot) if ballot else None,
        without_object=sans_objet(item, items),
    )


def _awaited(standing: Standing | None) -> str:
    if standing is None:
        return ""
    return awaited(standing.leading.missing, [question.text for question in standing.leading.questions])
