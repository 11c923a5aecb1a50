"""From the rows of a séance to the facts of its minutes: heading, presence and quorum."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pdp.accounts.enums import HolderRank
from pdp.accounts.enums import Voice as SeatVoice
from pdp.accounts.models import Membership, SeatHolder
from pdp.core import clock, french
from pdp.meetings.enums import AttendanceMode, AttendanceState, MeetingKind, PointPlace
from pdp.meetings.models import AgendaItem, AgendaPoint, Attendance
from pdp.meetings.queries import quorum_rule
from pdp.minutes import words
from pdp.minutes.enums import Capacity, PresenceMode, PresenceState, Voice
from pdp.minutes.facts import AttendanceFacts, ItemFacts, MeetingFacts, Person, PointFacts
from pdp.minutes.queries.gather_item import gather_item
from pdp.minutes.queries.gather_presence import earlier_holders, gather_moves, number_of
from pdp.minutes.queries.gather_written import rules_in_words, taken_note, written_facts
from pdp.minutes.queries.load import LoadedMeeting

_BEHIND_DOORS = (
    "Ce point a été examiné par les seuls lecteurs nommés du dossier. Le vote et l’avis sont consignés au dossier, "
    "qui leur est réservé."
)
_STATES = {
    AttendanceState.PRESENT: PresenceState.PRESENT,
    AttendanceState.REPRESENTED: PresenceState.REPRESENTED,
    AttendanceState.EXCUSED: PresenceState.EXCUSED,
    AttendanceState.ABSENT: PresenceState.ABSENT,
    AttendanceState.AWAITED: PresenceState.ABSENT,
}
_MODES = {
    AttendanceMode.ROOM: PresenceMode.ROOM,
    AttendanceMode.VIDEO: PresenceMode.VIDEO,
    AttendanceMode.PHONE: PresenceMode.PHONE,
}
_MODE_WORDS = {
    AttendanceMode.ROOM: "en présence",
    AttendanceMode.VIDEO: "en visioconférence",
    AttendanceMode.PHONE: "par téléphone",
}
_CAPACITIES = {HolderRank.TITULAIRE: Capacity.TITULAIRE, HolderRank.SUPPLEANT: Capacity.SUPPLEANT}
_VOICES = {SeatVoice.DELIBERATIVE: Voice.DELIBERATIVE, SeatVoice.CONSULTATIVE: Voice.CONSULTATIVE}


def gather(
    loaded: LoadedMeeting, *, number: str, secretary: Person | None, composed_at: datetime, fictitious: bool
) -> MeetingFacts:
    """Return the facts of the minutes. `secretary` is who composes them; instants come out in local time."""
    meeting = loaded.meeting
    return MeetingFacts(
        cellule=loaded.cellule.name,
        caisse=loaded.cellule.caisse_name,
        number=number,
        held_on=loaded.held_on,
        opened_at=clock.local(meeting.opened_at or meeting.starts_at),
        closed_at=clock.local(meeting.closed_at) if meeting.closed_at else None,
        place=_place(meeting.place),
        mode=_mode(loaded.attendances),
        president=_president(loaded),
        secretary=secretary,
        composed_at=clock.local(composed_at),
        attendance=tuple(_presence(loaded, attendance) for attendance in loaded.attendances),
        governance=_governance(loaded) + rules_in_words(loaded),
        items=tuple(_item(loaded, item) for item in loaded.items if not _is_shut(item)),
        points=(
            *(_point(loaded, point) for point in loaded.points),
            *(_shut_point(loaded, item) for item in loaded.items if _is_shut(item)),
        ),
        next_meeting_on=loaded.next_meeting_on,
        fictitious=fictitious,
        written=written_facts(meeting),
    )


def _is_shut(item: AgendaItem) -> bool:
    return item.request.case.restricted_on is not None


def _item(loaded: LoadedMeeting, item: AgendaItem) -> ItemFacts:
    return replace(gather_item(loaded, item), position=number_of(loaded, item))


def _point(loaded: LoadedMeeting, point: AgendaPoint) -> PointFacts:
    at = loaded.points.index(point) + 1
    before = len(loaded.items) if point.place is PointPlace.CLOSING else 0
    return taken_note(loaded, point, PointFacts(at + before, point.title, point.resolution, point.discussion))


def _shut_point(loaded: LoadedMeeting, item: AgendaItem) -> PointFacts:
    return PointFacts(number_of(loaded, item), "Point à huis clos", _BEHIND_DOORS, closed_doors=True)


def _place(place: str) -> str:
    # It is printed in the middle of a sentence.
    return f"salle{place[5:]}" if place.startswith("Salle") else place


def _mode(attendances: Sequence[Attendance]) -> str:
    used = {attendance.mode for attendance in attendances if attendance.state is AttendanceState.PRESENT}
    return french.listing([words for mode, words in _MODE_WORDS.items() if mode in used])


def _president(loaded: LoadedMeeting) -> Person | None:
    chaired = (a for a in loaded.attendances if a.seat_id == loaded.meeting.chair_seat_id)
    return next((_person(a.membership) for a in chaired if a.membership), None)


def _person(membership: Membership) -> Person:
    return Person(membership.user.full_name, membership.user.job_title)


def _presence(loaded: LoadedMeeting, attendance: Attendance) -> AttendanceFacts:
    state = _STATES[attendance.state]
    holders = loaded.holders.get(attendance.seat_id, ())
    membership = attendance.membership or _titulaire(holders, state)
    return AttendanceFacts(
        seat=attendance.seat.label,
        voice=_VOICES[attendance.seat.voice],
        organisation_id=attendance.seat.organisation_id,
        organisation_kind=attendance.seat.organisation.kind,
        holder=_proxy(loaded, attendance) or (_person(membership) if membership else None),
        state=state,
        capacity=_capacity(holders, membership) if state is not PresenceState.REPRESENTED else None,
        mode=_presence_mode(loaded, attendance),
        moves=gather_moves(loaded, attendance),
        earlier=tuple(_person(earlier) for earlier in earlier_holders(loaded, attendance)),
        sensitive=attendance.seat.organisation.sensitive,
        proxy_of=_sensitive_proxy(loaded, attendance),
    )


def _presence_mode(loaded: LoadedMeeting, attendance: Attendance) -> PresenceMode:
    if loaded.meeting.kind is MeetingKind.WRITTEN:
        return PresenceMode.WRITTEN
    return _MODES.get(attendance.mode, PresenceMode.ROOM) if attendance.mode else PresenceMode.ROOM


def _titulaire(holders: Sequence[SeatHolder], state: PresenceState) -> Membership | None:
    """Name the titulaire of a seat whose absence is recorded without a name."""
    if state is PresenceState.PRESENT:
        return None
    return next((holder.membership for holder in holders if holder.rank is HolderRank.TITULAIRE), None)


def _capacity(holders: Sequence[SeatHolder], membership: Membership | None) -> Capacity | None:
    if membership is None:
        return None
    return next((_CAPACITIES[holder.rank] for holder in holders if holder.membership_id == membership.id), None)


def _proxy(loaded: LoadedMeeting, attendance: Attendance) -> Person | None:
    if attendance.state is not AttendanceState.REPRESENTED or attendance.proxy_seat_id is None:
        return None
    return Person(f"pouvoir confié à{french.NBSP}: {loaded.seats[attendance.proxy_seat_id].label}")


def _sensitive_proxy(loaded: LoadedMeeting, attendance: Attendance) -> int | None:
    """Return the sensitive partner whose seat carries the proxy, if it is one."""
    if attendance.state is not AttendanceState.REPRESENTED or attendance.proxy_seat_id is None:
        return None
    carrier = loaded.seats[attendance.proxy_seat_id].organisation_id
    return carrier if any(partner.id == carrier and partner.sensitive for partner in loaded.partners) else None


def _governance(loaded: LoadedMeeting) -> str:
    seats = sum(attendance.seat.voice is SeatVoice.DELIBERATIVE for attendance in loaded.attendances)
    if not seats:
        return ""
    rule = quorum_rule(loaded.rules)
    required = rule.required(seats)
    plural = "s" if required > 1 else ""
    composition = " et au moins un siège de chacun des trois services" if rule.each_service else ""
    return (
        f"Il faut {words.count(required)} siège{plural} délibératif{plural} sur {words.count(seats)}{composition}. "
        "Il est vérifié pour chaque dossier."
    )
