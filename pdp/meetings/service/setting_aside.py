"""The déports of a point, as the coordination types them in the room: who takes no part, since when, and the end."""

from dataclasses import dataclass

from pdp.accounts import queries as accounts
from pdp.accounts.models import Membership
from pdp.audit import service as audit
from pdp.cases.enums import RecusalReason
from pdp.cases.queries import recusals as stored
from pdp.cases.service import recusing
from pdp.core import db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.meetings.queries import RecusalRow
from pdp.meetings.service.steps import held_on
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_CLOSED = "La séance est close : plus rien n’y change. La personne peut se déporter depuis la fiche du dossier."


@dataclass(frozen=True, slots=True)
class PointRecusals:
    """The déports of the case of a point, and who may be set aside: membership, name, seat."""

    meeting: str
    item: str
    position: int
    reference: str
    is_open: bool
    people: tuple[tuple[str, str, str], ...]
    recusals: tuple[RecusalRow, ...]


def read_recusals(actor: Actor, item: str) -> PointRecusals:
    """Open the déports of a point; the case is journaled as read. Raises `NotFound`."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        case = held.request.case
        rows = queries.list_recusals(case.cellule_id, [case.id]).get(case.id, ())
        aside = {row.user_id for row in rows if row.ended_at is None}
        people = tuple(
            (person.public_id, person.user.full_name, label)
            for label, person in _people(held.meeting)
            if person.user_id not in aside
        )
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="recusals")
        return PointRecusals(
            meeting=held.meeting.public_id,
            item=held.item.public_id,
            position=held.item.position,
            reference=case.reference,
            is_open=held.meeting.status is not MeetingStatus.CLOSED,
            people=people,
            recusals=rows,
        )


def set_aside(actor: Actor, item: str, *, person: str, reason: RecusalReason) -> None:
    """Type the déport that a person said aloud. Raises `InvalidInput`, and `RuleViolation` in words."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        if held.meeting.status is MeetingStatus.CLOSED:
            raise RuleViolation(_CLOSED)
        chosen = next((one for _, one in _people(held.meeting) if one.public_id == person), None)
        if chosen is None:
            raise InvalidInput({"person": ["Choisissez dans la liste."]})
        recusing.recuse(actor, held.request.case, chosen.user_id, reason)


def take_back(actor: Actor, item: str, *, recusal: str) -> None:
    """End a déport of the case of a point: the person opens the file again. An open ballot keeps its electorate."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        row = stored.get_current(actor, recusal)
        if row.case_id != held.request.case_id:
            raise NotFound
        recusing.end(actor, row)


def _people(meeting: Meeting) -> list[tuple[str, Membership]]:
    """Return who may sit in the séance, each person once, with the first seat that may be theirs."""
    labels = {seat.id: seat.label for seat in accounts.list_seats(meeting.cellule_id, held_on(meeting))}
    found: dict[int, tuple[str, Membership]] = {}
    for holder in queries.list_holders(list(labels), held_on(meeting)):
        found.setdefault(holder.membership.user_id, (labels[holder.seat_id], holder.membership))
    return list(found.values())
