"""Who sits where: arrivals, departures, returns, suppléants, proxies and the chair.

The row of a seat says where it stands; every act adds a line to the history, in the same transaction.
"""

from pdp.accounts.enums import HolderRank
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import AttendanceMode, AttendanceState
from pdp.meetings.models import Attendance, Meeting
from pdp.meetings.rules.presence import Standing, kept, standing, why_no_proxy
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.history import History
from pdp.meetings.service.steps import bump, check_version, held_on, rules_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def set_attendance(
    actor: Actor,
    meeting: str,
    *,
    seat: str,
    version: int,
    state: AttendanceState,
    mode: AttendanceMode | None = None,
    person: str | None = None,
    proxy_seat: str | None = None,
    left: bool = False,
    back: bool = False,
) -> None:
    """Say how a seat is held from now on. `version` is that of the presence row.

    `person` is the membership that sits, the titulaire when not said; `proxy_seat` the seat whose person
    carries the proxy; `left` records a departure and keeps the presence until then, `back` the return of the same
    person. The ballots already
    opened keep their electorate.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SET_ATTENDANCE)
        row = queries.lock_attendance(found, seat)
        check_version(row, version, "cette présence")
        book = History(actor, found)
        book.begin(row)
        if left:
            _leave(row, book)
        elif back:
            _come_back(found, row, book)
        elif state is AttendanceState.PRESENT:
            _sit(found, row, person, mode or AttendanceMode.ROOM, book)
        else:
            _stay_away(found, row, state, proxy_seat, book)
        fallen = _drop_proxies(found, row, book)
        bump(row)
        audit.record(
            actor, "meeting.attendance", subject=found, seat=row.seat_id, state=row.state, left=left, fallen=fallen
        )


def correct_attendance(actor: Actor, meeting: str, *, seat: str, version: int) -> None:
    """Take back the last thing noted of a seat, noted by mistake: both stay in the history, neither counts.

    Raises `RuleViolation` when nothing was noted yet. A proxy that fell with the mistake is given again by hand.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SET_ATTENDANCE)
        row = queries.lock_attendance(found, seat)
        check_version(row, version, "cette présence")
        events = queries.list_events(found.cellule_id, found.id).get(row.seat_id, ())
        happened = kept(events)
        if not happened:
            raise RuleViolation("Rien n’a encore été noté pour ce siège : il n’y a rien à corriger.")
        wrong = happened[-1]
        _ensure_free(found, row, standing(happened[:-1]))
        book = History(actor, found)
        book.correct(row, wrong.event)
        _stand(row, standing(happened[:-1]))
        fallen = _drop_proxies(found, row, book)
        bump(row)
        audit.record(
            actor, "meeting.attendance.correct", subject=found, seat=row.seat_id, event=wrong.event, fallen=fallen
        )


def seat_titulaires(actor: Actor, meeting: str, *, version: int) -> int:
    """Mark present the titulaire of every seat not yet recorded, or who was announced for it; return how many were.

    They are in the room unless they announced otherwise. A seat without a titulaire free to sit is left as it is.
    `version` is that of the séance.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SET_ATTENDANCE)
        check_version(found, version, "cette séance")
        rows = queries.list_attendances(found.cellule_id, found.id)
        seated = {row.membership_id for row in rows if queries.is_sitting(row)}
        titulaires = {
            holder.seat_id: holder.membership_id
            for holder in queries.list_holders([row.seat_id for row in rows], held_on(found))
            if holder.rank is HolderRank.TITULAIRE
        }
        late = any(item.started_at for item in queries.list_items(found))
        book = History(actor, found)
        count = 0
        for row in rows:
            person = row.membership_id or titulaires.get(row.seat_id)
            if row.state is not AttendanceState.AWAITED or person is None or person in seated:
                continue
            row.state, row.mode, row.membership_id = AttendanceState.PRESENT, row.mode or AttendanceMode.ROOM, person
            row.arrived_at = clock.now() if late else None
            book.sits(row)
            seated.add(person)
            bump(row)
            count += 1
        audit.record(actor, "meeting.attendance", subject=found, seated=count)
    return count


def set_chair(actor: Actor, meeting: str, *, version: int, seat: str) -> None:
    """Name the seat that chairs the séance. The function opens no label; a ballot keeps its own chair."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        next_status(found.status, MeetingAction.SET_CHAIR)
        check_version(found, version, "cette séance")
        chair = queries.find_seat(actor.cellule_id, seat)
        found.chair_seat_id = chair.id
        bump(found)
        audit.record(actor, "meeting.chair", subject=found, seat=chair.id)


def _sit(meeting: Meeting, row: Attendance, person: str | None, mode: AttendanceMode, book: History) -> None:
    membership_id = _holder(meeting, row, person)
    for other in queries.list_attendances(meeting.cellule_id, meeting.id):
        if other.id != row.id and other.membership_id == membership_id and queries.is_sitting(other):
            message = f"Cette personne occupe déjà le siège « {other.seat.label} » : personne ne vote deux fois."
            raise InvalidInput({"person": [message]})
    changes = not queries.is_sitting(row) or (row.membership_id, row.mode) != (membership_id, mode)
    if row.state is not AttendanceState.PRESENT or row.left_at is not None:
        late = any(item.started_at for item in queries.list_items(meeting))
        row.arrived_at = clock.now() if late else None
    row.state, row.mode, row.membership_id = AttendanceState.PRESENT, mode, membership_id
    row.proxy_seat_id = row.left_at = None
    if changes:
        book.sits(row)


def _holder(meeting: Meeting, row: Attendance, person: str | None) -> int:
    """Return who sits: the person named among those who may, else the titulaire."""
    holders = queries.list_holders([row.seat_id], held_on(meeting))
    for holder in holders:
        if person is None or holder.membership.public_id == person:
            return holder.membership_id
    if person is None:
        raise InvalidInput({"person": ["Personne n’est désigné pour ce siège à cette date."]})
    raise InvalidInput({"person": ["Cette personne ne peut pas occuper ce siège."]})


def _stay_away(
    meeting: Meeting, row: Attendance, state: AttendanceState, proxy_seat: str | None, book: History
) -> None:
    row.proxy_seat_id = _carrier(meeting, row, proxy_seat) if state is AttendanceState.REPRESENTED else None
    row.state, row.mode, row.membership_id = state, None, None
    row.arrived_at = row.left_at = None
    book.stays_away(row)


def _carrier(meeting: Meeting, row: Attendance, proxy_seat: str | None) -> int:
    """Return the seat that carries the proxy: another one, held in person, with the same voice and no other proxy."""
    rows = queries.list_attendances(meeting.cellule_id, meeting.id)
    for other in rows:
        if other.seat.public_id != proxy_seat or other.id == row.id:
            continue
        if not queries.is_sitting(other):
            raise InvalidInput({"proxy_seat": ["Le siège qui porte le pouvoir doit être occupé."]})
        if other.seat.voice is not row.seat.voice:
            raise InvalidInput({"proxy_seat": ["Le siège qui porte le pouvoir doit avoir la même voix."]})
        carried = [one for one in rows if one.id != row.id and _is_carried_by(one, other)]
        if message := why_no_proxy([one.seat.label for one in carried], rules_of(meeting).proxies_per_holder):
            raise InvalidInput({"proxy_seat": [message]})
        return other.seat_id
    raise InvalidInput({"proxy_seat": ["Choisissez le siège qui porte le pouvoir."]})


def _is_carried_by(row: Attendance, carrier: Attendance) -> bool:
    return row.state is AttendanceState.REPRESENTED and row.proxy_seat_id == carrier.seat_id


def _drop_proxies(meeting: Meeting, row: Attendance, book: History) -> int:
    """End the proxies that the seat carries once the person who held them no longer sits; return how many."""
    if queries.is_sitting(row) and book.same_person(row):
        return 0
    fallen = [one for one in queries.list_attendances(meeting.cellule_id, meeting.id) if _is_carried_by(one, row)]
    for one in fallen:
        one.state, one.proxy_seat_id = AttendanceState.ABSENT, None
        book.proxy_ends(one)
        bump(one)
    return len(fallen)


def _leave(row: Attendance, book: History) -> None:
    if not queries.is_sitting(row):
        raise RuleViolation("Ce siège n’est pas occupé : personne n’a pu le quitter.")
    row.left_at = clock.now()
    book.leaves(row)


def _come_back(meeting: Meeting, row: Attendance, book: History) -> None:
    if row.left_at is None or row.membership is None:
        raise RuleViolation("Personne n’a quitté ce siège : enregistrez une arrivée.")
    _sit(meeting, row, row.membership.public_id, row.mode or AttendanceMode.ROOM, book)


def _ensure_free(meeting: Meeting, row: Attendance, wanted: Standing) -> None:
    """Refuse a correction that would seat a person who has taken another seat since, or a proxy nobody carries."""
    others = [one for one in queries.list_attendances(meeting.cellule_id, meeting.id) if one.id != row.id]
    seated = wanted.state is AttendanceState.PRESENT and wanted.left_at is None
    if seated and any(one.membership_id == wanted.person and queries.is_sitting(one) for one in others):
        raise RuleViolation("Cette personne occupe un autre siège depuis : personne ne vote deux fois.")
    if wanted.state is AttendanceState.REPRESENTED and not any(
        one.seat_id == wanted.proxy_seat and queries.is_sitting(one) for one in others
    ):
        raise RuleViolation("Le siège qui portait le pouvoir n’est plus occupé : enregistrez la présence à la main.")


def _stand(row: Attendance, now: Standing) -> None:
    row.state, row.membership_id, row.mode = now.state, now.person, now.mode
    row.proxy_seat_id, row.arrived_at, row.left_at = now.proxy_seat, now.arrived_at, now.left_at
