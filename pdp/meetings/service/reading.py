"""Read a séance. Opening a case of its agenda is journaled; a poll is not."""

from collections.abc import Mapping
from dataclasses import replace

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.queries import BallotState, Console, MeetingList, MeetingPage, MeetingState, MyBallot, Room
from pdp.meetings.service.standing_aside import carried_seat
from pdp.meetings.service.voting import NOT_ENTITLED
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure


def list_meetings(actor: Actor, *, past: bool = False, after: str | None = None, limit: int = 20) -> MeetingList:
    """Return the séances to come, or those held, that the actor may know; `after` is a `next_cursor`."""
    ensure(actor, Permission.MEETING_LIST)
    with db.transaction(actor):
        found = queries.list_meetings(actor, past=past, after=after, limit=limit)
        audit.record(actor, "meeting.list", past=past, count=len(found.rows))
    return found


def is_consultation(actor: Actor, meeting: str) -> bool:
    """Tell the core whether a public id names a written consultation of its cellule."""
    ensure(actor, Permission.MEETING_READ)
    with db.reading(actor):
        return actor.is_core and queries.is_consultation(actor.cellule_id, meeting)


def read_meeting(actor: Actor, meeting: str) -> MeetingPage:
    """Return a séance with its agenda.

    A partner gets the items of the cases that it may see today, by its labels, and neither seats nor
    quorum. Raises `NotFound` when there is none left.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        frame = queries.get_frame(actor, meeting)
        items = list(queries.load_agenda(frame.meeting))
        labels = queries.labels_by_case(actor, {item.request.case_id for item in items})
        # What is tabled is a request: a partner who may not read that label is told of no séance.
        shown = [item for item in items if Label.REQUEST in labels.get(item.request.case_id, ())]
        if not actor.is_core and not shown:
            raise NotFound
        snapshots = queries.load_snapshots(frame.meeting, shown)
        seating = queries.load_seating(frame.meeting) if actor.is_core else queries.Seating((), ())
        rows = tuple(
            queries.agenda_row(
                frame.meeting,
                item,
                snapshots.get(item.request_id),
                labels[item.request.case_id],
                is_core=actor.is_core,
            )
            if item in shown
            else queries.closed_row(actor, frame.meeting, item)
            for item in (items if actor.is_core else shown)
        )
        points = queries.list_points(frame.meeting)
        timetable = queries.load_timetable(actor, frame.meeting, frame.rules.notice_days, points, shown)
        traces = queries.list_traces(actor, frame.meeting) if can(actor, Permission.MEETING_RUN) else ()
        audit.record(actor, "meeting.read", subject=frame.meeting, items=len(rows))
    view = queries.meeting_view(frame, queries.chair_name(seating.rows))
    now = queries.quorum_now(seating.attendances, frame.rules) if seating.attendances else None
    return MeetingPage(
        view,
        rows,
        seating.rows,
        now,
        can(actor, Permission.MEETING_RUN),
        timetable,
        traces,
        queries.point_rows(actor, points),
    )


def read_console(actor: Actor, meeting: str, item: str | None = None) -> Console:
    """Return the console of a séance, for the core; the case in its middle is journaled as read."""
    ensure(actor, Permission.MEETING_READ)
    if not actor.is_core:
        raise NotFound
    with db.transaction(actor):
        console, middle = queries.load_console(actor, meeting, item)
        # What is examined behind closed doors was not read.
        middle = None if console.closed_doors else middle
        case_id = middle.request.case_id if middle else None
        audit.record(actor, "meeting.console", case_id=case_id, subject=middle, items=len(console.items))
    return console


def meeting_state(actor: Actor, meeting: str) -> MeetingState:
    """Return where a séance stands, in one statement for the core; nothing is journaled.

    A partner is told of an open ballot only when it concerns a case that it may follow today.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.reading(actor):
        found = queries.meeting_state(actor, meeting)
        if actor.is_core:
            # A ballot from which one stood aside opens to nobody: no page leads there.
            return replace(found.state, open_ballot=None) if found.aside else found.state
        seen = queries.visible_items(actor, meeting)
        if not seen:
            raise NotFound
        follows = found.case_id is not None and Label.REQUEST in _labels(actor, found.case_id)
        return _for_partner(found.state, seen, follows)


def ballot_state(actor: Actor, ballot: str) -> BallotState:
    """Return where a ballot stands: who has answered, never what. Nothing is journaled.

    A partner gets its own seat only; without one the ballot is `NotFound`. The tag of who may read the opinion
    moves when it is recorded.
    """
    ensure(actor, Permission.MEETING_READ)
    with db.reading(actor):
        found, case_id, concluded = queries.ballot_state(actor, ballot)
        queries.ensure_can_follow(actor, case_id)
        if concluded and (actor.is_core or Label.OPINION in _labels(actor, case_id)):
            found = replace(found, etag=f"{found.etag}-concluded")
    if not found.seats:
        raise NotFound
    return found


def my_ballot(actor: Actor, ballot: str, seat: str | None = None) -> MyBallot:
    """Return one's own place in a ballot, or that of the represented `seat` that one carries; the case is journaled.

    Raises `RuleViolation` for a person who holds no seat of the electorate.
    """
    ensure(actor, Permission.VOTE_CAST)
    with db.transaction(actor):
        found = queries.get_ballot(actor, ballot)
        queries.ensure_can_follow(actor, found.held.case_id)
        voters = queries.voters_for(found.held, actor.membership_id, clock.today())
        if seat is not None:
            voters = [carried_seat(actor, found.held, seat)]
        if not voters:
            raise RuleViolation(NOT_ENTITLED)
        labels = _labels(actor, found.held.case_id)
        mine = queries.my_ballot(actor, found, voters[0], labels)
        audit.record(actor, "ballot.read", case_id=found.held.case_id, subject=found.held.ballot)
    return mine


def read_room(actor: Actor, meeting: str) -> Room:
    """Return what the room's screen shows of the item under discussion: no name, no vote before closing."""
    ensure(actor, Permission.MEETING_READ)
    if not actor.is_core:
        raise NotFound
    with db.transaction(actor):
        room, item = queries.load_room(actor, meeting)
        item = None if room.closed_doors else item
        case_id = item.request.case_id if item else None
        audit.record(actor, "meeting.room", case_id=case_id, subject=item)
    return room


def _labels(actor: Actor, case_id: int) -> frozenset[Label]:
    return queries.labels_by_case(actor, [case_id]).get(case_id, frozenset())


def _for_partner(state: MeetingState, seen: Mapping[str, int], follows: bool) -> MeetingState:
    """Keep what concerns the partner's cases; its tag must not move with the others."""
    item = state.current_item if state.current_item in seen else None
    ballot = state.open_ballot if follows else None
    mine = state.my_ballot if follows else None
    return MeetingState(f"{state.status}-{item or ''}-{ballot or ''}", state.status, item, ballot, mine)
