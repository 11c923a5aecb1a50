"""The agenda of a séance as rows, with the item under discussion, in a constant number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from pdp.accounts.models import GovernanceRules, Seat
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.dispositifs.enums import Verdict
from pdp.meetings.enums import ActionState, AgendaTrack, MeetingKind
from pdp.meetings.models import Action, AgendaItem, Ballot, Meeting
from pdp.meetings.queries.access import is_recused
from pdp.meetings.queries.backlog import groups_of
from pdp.meetings.queries.find import SEANCES
from pdp.meetings.queries.rows import ActionView, AgendaRow, MeetingView, PieceView
from pdp.meetings.queries.standing import question_of
from pdp.meetings.queries.states import tag_of, tag_parts
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, RequiredPiece
from pdp.requests.queries import newest_snapshots
from pdp.requests.rules.findings import read_stored
from pdp.requests.rules.labels import shown_verdict
from pdp.requests.rules.pieces import piece_name


@dataclass(frozen=True, slots=True)
class Frame:
    """A séance, the rules of its day, the seat that chairs it, and the tag of its state."""

    meeting: Meeting
    rules: GovernanceRules
    chair: Seat | None
    etag: str


def get_frame(actor: Actor, public_id: str, kinds: Collection[MeetingKind] = SEANCES) -> Frame:
    """Return a séance of the actor's cellule with what frames it, in one statement."""
    rows = db.session().execute(
        select(Meeting, GovernanceRules, Seat, *tag_parts())
        .join(GovernanceRules, GovernanceRules.cellule_id == Meeting.cellule_id)
        .outerjoin(Seat, Seat.id == Meeting.chair_seat_id)
        .where(Meeting.cellule_id == actor.cellule_id, Meeting.public_id == public_id, Meeting.kind.in_(kinds))
        .order_by(GovernanceRules.valid_from.desc())
    )
    for meeting, rules, chair, *parts in rows.all():
        if rules.valid_from <= clock.local(meeting.opened_at or meeting.starts_at).date():
            return Frame(meeting, rules, chair, tag_of(meeting, parts))
    raise NotFound


def load_agenda(meeting: Meeting) -> Sequence[AgendaItem]:
    """Return the agenda in its order, with request, case, person, activities, ballot and opinion."""
    case = contains_eager(AgendaItem.request).contains_eager(DispositifRequest.case)
    return (
        db.session()
        .scalars(
            select(AgendaItem)
            .join(AgendaItem.request)
            .join(DispositifRequest.case)
            .options(
                case.joinedload(Case.person, innerjoin=True),
                case.joinedload(Case.activities),
                joinedload(AgendaItem.ballot).joinedload(Ballot.snapshot),
                joinedload(AgendaItem.opinion),
            )
            .where(AgendaItem.cellule_id == meeting.cellule_id, AgendaItem.meeting_id == meeting.id)
            .order_by(AgendaItem.position, AgendaItem.id)
        )
        .unique()
        .all()
    )


def load_snapshots(meeting: Meeting, items: Sequence[AgendaItem]) -> Mapping[int, EligibilitySnapshot]:
    """Return, by request, the eligibility frozen by its ballot, else the newest one kept while the item was open."""
    ends = {item.request_id: settled_at(meeting, item) for item in items}
    until = {key: instant for key, instant in ends.items() if instant is not None}
    newest = newest_snapshots(meeting.cellule_id, [item.request_id for item in items], until)
    frozen = {item.request_id: item.ballot.snapshot for item in items if item.ballot is not None}
    return {**newest, **frozen}


def settled_at(meeting: Meeting, item: AgendaItem) -> datetime | None:
    """Return when an item came to rest: when its ballot closed, at its opinion, else at the end of the séance.

    An adjourned request lives on. What is recorded of it later belongs to the next séance.
    """
    if item.ballot is not None and item.ballot.closed_at is not None:
        return item.ballot.closed_at
    return item.opinion.recorded_at if item.opinion else meeting.closed_at


def agenda_row(
    meeting: Meeting,
    item: AgendaItem,
    snapshot: EligibilitySnapshot | None,
    readable: frozenset[Label] = frozenset(Label),
    *,
    is_core: bool = True,
) -> AgendaRow:
    """Return a line of the agenda, without what its reader may not see."""
    case, asked = item.request.case, Label.REQUEST in readable
    known, told = Label.IDENTITY in readable, Label.OPINION in readable
    return AgendaRow(
        item=item.public_id,
        version=item.version,
        position=item.position,
        planned_minutes=item.planned_minutes,
        started_at=item.started_at,
        is_current=meeting.current_item_id == item.id,
        case=case.public_id,
        reference=case.reference,
        name=case.person.full_name if known else "",
        initials=case.person.initials if known else "",
        groups=groups_of(case) if Label.EMPLOYMENT in readable else (),
        request=item.request.public_id,
        dispositif=item.request.dispositif if asked else None,
        question=(item.question or question_of(item.request)) if asked else "",
        verdict=_verdict(snapshot, readable, is_core) if asked else None,
        ballot=item.ballot.public_id if item.ballot else None,
        ballot_status=item.ballot.status if item.ballot else None,
        opinion=item.opinion.code if item.opinion and told else None,
        track=item.track if asked else AgendaTrack.DISCUSSED,
        running_since=_running_since(item),
        spent_seconds=item.spent_seconds,
        added_in_session=item.added_in_session,
        correction=_correction(item) if told and Label.BALLOT in readable else "",
    )


def _correction(item: AgendaItem) -> str:
    held = item.opinion.correction if item.opinion else None
    return held.public_id if held else ""


def closed_row(actor: Actor, meeting: Meeting, item: AgendaItem) -> AgendaRow:
    """Return the line of a case that its reader may not know: its place and its minutes, nothing of the case.

    Who took no part in it knows which case it is: the reference alone comes back.
    """
    aside = actor.is_core and is_recused(item.request.case, actor.user_id)
    return AgendaRow(
        item=item.public_id,
        version=item.version,
        position=item.position,
        planned_minutes=item.planned_minutes,
        started_at=item.started_at,
        is_current=meeting.current_item_id == item.id,
        case="",
        reference=item.request.case.reference if aside else "",
        name="",
        initials="",
        groups=(),
        request="",
        dispositif=None,
        question="",
        verdict=None,
        ballot=None,
        ballot_status=None,
        opinion=None,
        running_since=_running_since(item),
        spent_seconds=item.spent_seconds,
        added_in_session=item.added_in_session,
        closed_doors=True,
        recused=aside,
    )


def _running_since(item: AgendaItem) -> datetime | None:
    return item.resumed_at - timedelta(seconds=item.spent_seconds) if item.resumed_at else None


def meeting_view(frame: Frame, chair_name: str = "") -> MeetingView:
    """Return a séance as its pages show it."""
    meeting = frame.meeting
    return MeetingView(
        meeting=meeting.public_id,
        version=meeting.version,
        status=meeting.status,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        video_link=meeting.video_link,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        chair_seat=frame.chair.public_id if frame.chair else None,
        chair_label=frame.chair.label if frame.chair else "",
        chair_name=chair_name,
        cancelled_reason=meeting.cancelled_reason,
    )


def list_pieces(request: DispositifRequest) -> tuple[PieceView, ...]:
    """Return the agreements and documents that a request requires."""
    rows = db.session().scalars(
        select(RequiredPiece)
        .where(RequiredPiece.cellule_id == request.cellule_id, RequiredPiece.request_id == request.id)
        .order_by(RequiredPiece.position)
    )
    return tuple(
        PieceView(
            row.nature,
            row.kind,
            piece_name(row.nature, row.kind),
            row.state,
            row.asked_on,
            row.dated,
            row.comment,
        )
        for row in rows
    )


def list_actions(item: AgendaItem) -> tuple[ActionView, ...]:
    """Return the things to do that follow from an item, by date."""
    rows = db.session().scalars(
        select(Action)
        .options(joinedload(Action.owner, innerjoin=True))
        .where(Action.cellule_id == item.cellule_id, Action.item_id == item.id, Action.state != ActionState.DROPPED)
        .order_by(Action.due_on, Action.id)
    )
    return tuple(
        ActionView(row.public_id, row.version, row.owner.short_name, row.text, row.due_on, row.state, row.kind)
        for row in rows
    )


def _verdict(snapshot: EligibilitySnapshot | None, readable: frozenset[Label], is_core: bool) -> Verdict | None:
    """Return the verdict shown in a list: that of the status that leaves most open, as the reader may know it."""
    results = read_stored(snapshot.results) if snapshot else ()
    known = [shown_verdict(result, readable, is_core=is_core) for result in results]
    return min((verdict for verdict in known if verdict), key=lambda verdict: verdict.gravity, default=None)
