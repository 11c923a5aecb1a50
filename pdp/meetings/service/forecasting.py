"""What quorum a séance may expect, for the whole of it and for each case that somebody takes no part in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pdp.accounts import queries as accounts
from pdp.accounts.enums import Voice
from pdp.accounts.models import Seat
from pdp.core import clock, db
from pdp.meetings import hooks, queries
from pdp.meetings.models import Meeting
from pdp.meetings.rules.forecast import (
    AnsweredSeat,
    ExpectedSeat,
    Forecast,
    Outlook,
    Reply,
    forecast,
    forecast_answers,
)
from pdp.meetings.rules.quorum import QuorumRule
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_RANKS = {Outlook.REACHED: 0, Outlook.FRAGILE: 1, Outlook.NOT_REACHED: 2}


@dataclass(frozen=True, slots=True)
class Expectation:
    """The quorum expected; `weaker` holds, by item, what a déport already declared makes less sure."""

    whole: Forecast
    weaker: Mapping[str, Forecast] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Room:
    """What a forecast is made of: the rule of the day, the deliberative seats, and what is announced for them."""

    rule: QuorumRule
    seats: Sequence[Seat]
    said: Mapping[int, hooks.SeatReply]

    def forecast(self, recused: Collection[int] = ()) -> Forecast:
        """Forecast a case in which these people take no part."""
        if not self.said:
            return forecast(self.rule, [_held(seat, recused) for seat in self.seats])
        return forecast_answers(self.rule, [_answered(seat, self.said.get(seat.id)) for seat in self.seats], recused)


def forecast_quorum(actor: Actor, meeting: str) -> Expectation:
    """Say what quorum a séance may expect: from what is announced, else from the seats held that day."""
    ensure(actor, Permission.MEETING_READ)
    with db.reading(actor):
        found = queries.get_frame(actor, meeting).meeting
        room = _room(found, clock.local(found.starts_at).date())
        recused = queries.recused_by_item(found)
    whole = room.forecast()
    cases = {item: room.forecast(people) for item, people in recused.items()}
    weaker = {item: case for item, case in cases.items() if _RANKS[case.outlook] > _RANKS[whole.outlook]}
    return Expectation(whole, weaker)


def forecast_of(meeting: Meeting) -> Forecast:
    """Say the same of the whole of a séance, in the transaction under way."""
    return _room(meeting, clock.local(meeting.starts_at).date()).forecast()


def _room(meeting: Meeting, day: date) -> _Room:
    rules = accounts.governance(meeting.cellule_id, day)
    seats = [seat for seat in accounts.list_seats(meeting.cellule_id, day) if seat.voice is Voice.DELIBERATIVE]
    said = hooks.list_announced(meeting.cellule_id, meeting.id)
    return _Room(queries.quorum_rule(rules), seats, said)


def _held(seat: Seat, recused: Collection[int]) -> ExpectedSeat:
    people = [holder for holder in seat.holders if holder.membership.user_id not in recused]
    return ExpectedSeat(seat.organisation.kind, len(people))


def _answered(seat: Seat, said: hooks.SeatReply | None) -> AnsweredSeat:
    # A seat that nobody holds was convened to nothing: nobody comes.
    known = said or (hooks.NOTHING_SAID if seat.holders else hooks.SeatReply(Reply.AWAY))
    users = {holder.membership_id: holder.membership.user_id for holder in seat.holders}
    person = users.get(known.membership_id) if known.membership_id else None
    return AnsweredSeat(seat.label, seat.organisation.kind, known.reply, person)
