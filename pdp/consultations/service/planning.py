"""Prepare a written consultation, open it, extend it, call it off."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as accounts
from pdp.accounts.enums import Silence
from pdp.accounts.models import Seat
from pdp.audit import service as audit
from pdp.consultations import queries
from pdp.consultations.models import Consultation
from pdp.consultations.queries import Held
from pdp.consultations.rules import earliest_end
from pdp.consultations.service.electorate import electorate, list_seats
from pdp.consultations.service.telling import tell_voters
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.core.french import weekday
from pdp.meetings import queries as meetings
from pdp.meetings.enums import AttendanceState, MeetingKind, MeetingStatus
from pdp.meetings.models import AgendaItem, Attendance, Meeting
from pdp.meetings.queries import HeldItem
from pdp.meetings.rules.words import plural
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.ballots import freeze
from pdp.meetings.service.steps import bump, check_version, instant, move_request, rules_of
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction
from pdp.requests.models import DispositifRequest
from pdp.requests.service.access import ensure_case_open

_WHAT = "cette consultation"
PLACE = "Par écrit"


def plan_consultation(
    actor: Actor,
    *,
    requests: Sequence[str],
    ends_day: date,
    ends_time: time,
    opens_day: date | None = None,
    opens_time: time | None = None,
) -> str:
    """Prepare a consultation on requests of the backlog and return its public id.

    Without an opening it opens at once; otherwise by hand or by the scheduler at that instant. Times are
    those of metropolitan France. Raises `InvalidInput` for a deadline nearer than three working days.
    """
    ensure(actor, Permission.MEETING_RUN)
    chosen = list(dict.fromkeys(requests))
    if not chosen:
        raise InvalidInput({"requests": ["Choisissez au moins une demande."]})
    now = clock.now()
    opens_at = instant(opens_day, opens_time or time(8), "opens_time") if opens_day else now
    if opens_at < now:
        raise InvalidInput({"opens_day": ["Cette ouverture est passée : choisissez-en une à venir, ou laissez vide."]})
    try:
        with db.transaction(actor) as session:
            meeting = Meeting(
                cellule_id=actor.cellule_id,
                kind=MeetingKind.WRITTEN,
                starts_at=opens_at,
                ends_at=_deadline(actor.cellule_id, opens_at, ends_day, ends_time),
                place=PLACE,
                status=MeetingStatus.PLANNED,
                created_by_id=actor.user_id,
            )
            session.add(meeting)
            session.flush()
            # What silence means is frozen at the opening; until then it is that of the day.
            silence = accounts.governance(actor.cellule_id, clock.today()).silence
            session.add(Consultation(cellule_id=actor.cellule_id, meeting_id=meeting.id, silence=silence))
            # All of them before any move, the oldest first: two plans that cross wait for one another, never both.
            meetings.lock_requests(actor, chosen)
            for position, request in enumerate(chosen, start=1):
                _add_question(actor, meeting, request, position)
            audit.record(actor, "consultation.plan", subject=meeting, questions=len(chosen))
            if opens_day is None:
                session.flush()
                _open(actor, queries.hold(actor, meeting.public_id))
    except IntegrityError as error:
        raise Conflict("Une de ces demandes vient d’être inscrite ailleurs. Rechargez la page.") from error
    return meeting.public_id


def open_consultation(actor: Actor, consultation: str, *, version: int | None = None) -> None:
    """Open a consultation: the electorate and the eligibility of each question are frozen, its voters are told.

    By the scheduler, `version` is not given and an opening already made is left as it is. When it opens so
    late that fewer than three working days would be left, the deadline moves to keep them.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.hold(actor, consultation)
        if version is None and held.meeting.status is not MeetingStatus.PLANNED:
            return
        if held.meeting.status is not MeetingStatus.PLANNED:
            raise RuleViolation("Cette consultation est déjà ouverte, ou terminée.")
        if version is not None:
            check_version(held.meeting, version, _WHAT)
        _open(actor, held)


def extend(actor: Actor, consultation: str, *, version: int, ends_day: date, ends_time: time, reason: str) -> None:
    """Give more time, before the deadline only, with a reason that every member reads. Never less time."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.hold(actor, consultation)
        meeting = held.meeting
        check_version(meeting, version, _WHAT)
        if meeting.status is not MeetingStatus.OPEN or clock.now() >= meeting.ends_at:
            raise RuleViolation("La consultation a pris fin : elle ne se prolonge plus.")
        ends_at = instant(ends_day, ends_time, "ends_time")
        if ends_at <= meeting.ends_at:
            raise InvalidInput({"ends_day": ["Choisissez une fin plus tardive : une consultation ne s’abrège pas."]})
        if not reason.strip():
            raise InvalidInput({"reason": ["Écrivez pourquoi : chaque membre le lira."]})
        meeting.ends_at = ends_at
        held.consultation.extended_at, held.consultation.extension_reason = clock.now(), reason.strip()
        bump(meeting)
        audit.record(actor, "consultation.extend", subject=meeting)


def call_off(actor: Actor, consultation: str, *, version: int) -> int:
    """Call off a consultation that is not open yet; return how many requests wait again."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        meeting = queries.hold(actor, consultation).meeting
        check_version(meeting, version, _WHAT)
        if meeting.status is not MeetingStatus.PLANNED:
            raise RuleViolation("Cette consultation est ouverte : elle va jusqu’à sa fin.")
        items = meetings.list_items(meeting)
        for item in items:
            move_request(meetings.lock_request(actor, item.request.public_id), RequestAction.UNSCHEDULE)
            audit.record(actor, "consultation.send_back", case_id=item.request.case_id, subject=item)
        meeting.status, meeting.cancelled_at = MeetingStatus.CANCELLED, clock.now()
        bump(meeting)
        audit.record(actor, "consultation.call_off", subject=meeting, sent_back=len(items))
    return len(items)


def silence_today(actor: Actor) -> Silence:
    """Return what silence would mean in a consultation opened today."""
    ensure(actor, Permission.MEETING_RUN)
    with db.reading(actor):
        return accounts.governance(actor.cellule_id, clock.today()).silence


def territory_of(cellule_id: int) -> Territory:
    """Return the calendar of public holidays of a cellule."""
    return Territory(accounts.get_cellule(cellule_id).territory)


def _deadline(cellule_id: int, opens_at: datetime, day: date, at: time) -> datetime:
    first = earliest_end(clock.local(opens_at).date(), territory_of(cellule_id))
    if day < first:
        raise InvalidInput(
            {"ends_day": [f"Laissez au moins trois jours ouvrables aux membres : pas avant le {weekday(first)}."]}
        )
    return instant(day, at, "ends_time")


def _add_question(actor: Actor, meeting: Meeting, request: str, position: int) -> None:
    asked = meetings.lock_request(actor, request)
    if not meetings.opens(actor, asked.case):
        raise NotFound
    _ensure_fit(asked)
    move_request(asked, RequestAction.SCHEDULE)
    item = AgendaItem(cellule_id=meeting.cellule_id, meeting_id=meeting.id, request_id=asked.id, position=position)
    item.question = meetings.question_of(asked)
    db.session().add(item)
    audit.record(actor, "consultation.add", case_id=asked.case_id, subject=item, meeting=meeting.id)


def _ensure_fit(request: DispositifRequest) -> None:
    """Refuse a request that nobody can vote on in writing: ended or frozen case, point to check unanswered."""
    ensure_case_open(request.case)
    standing = meetings.current_standing(request)
    questions = standing.leading.questions if standing else ()
    if questions:
        count = plural(len(questions), "point à vérifier", "points à vérifier")
        raise RuleViolation(
            f"La demande du dossier {request.case.reference} a encore {count}. Une personne nommée y répond sur la "
            "page de la demande, avant la consultation ; sinon, inscrivez-la à une séance."
        )


def _open(actor: Actor, held: Held) -> None:
    meeting = held.meeting
    meeting.status = next_status(meeting.status, MeetingAction.OPEN)
    meeting.opened_at = clock.now()
    held.consultation.silence = rules_of(meeting).silence
    _keep_three_days(meeting)
    seats = list_seats(meeting)
    for seat in seats:
        db.session().add(_expected(meeting, seat))
    db.session().flush()
    for row in meetings.list_items(meeting):
        _put_to_the_vote(actor, meeting, row.public_id, seats)
    bump(meeting)
    audit.record(actor, "consultation.open", subject=meeting, seats=len(seats))
    tell_voters(meeting, NoticeKind.CONSULTATION_OPENED)


def _keep_three_days(meeting: Meeting) -> None:
    """Move the deadline of a consultation opened late, so that its members have their three working days."""
    ends = clock.local(meeting.ends_at)
    first = earliest_end(clock.today(), territory_of(meeting.cellule_id))
    if ends.date() < first:
        meeting.ends_at = instant(first, ends.time(), "ends_time")


def _expected(meeting: Meeting, seat: Seat) -> Attendance:
    return Attendance(
        cellule_id=meeting.cellule_id, meeting_id=meeting.id, seat_id=seat.id, state=AttendanceState.AWAITED
    )


def _put_to_the_vote(actor: Actor, meeting: Meeting, item: str, seats: Sequence[Seat]) -> None:
    held: HeldItem = meetings.lock_item(actor, item, meetings.WRITTEN)
    _ensure_fit(held.request)
    voters = electorate(meeting, held.request.case, seats)
    if not voters:
        raise RuleViolation(
            f"Personne ne peut répondre sur le dossier {held.request.case.reference} : vérifiez les sièges."
        )
    ballot = freeze(actor, held, voters)
    bump(held.item)
    audit.record(
        actor,
        "ballot.open",
        case_id=held.request.case_id,
        subject=ballot,
        seats=len(voters),
        snapshot=ballot.snapshot_id,
    )
