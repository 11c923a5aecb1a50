"""The seats of the cellule and their mandates: added, named, replaced, ended; what was stays written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as accounts
from pdp.accounts.enums import HolderRank, Voice
from pdp.accounts.models import Membership, Organisation, Seat, SeatHolder
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound
from pdp.governance.queries import seats as queries
from pdp.governance.rules.mandates import Errors, Mandate, Period, check_end, check_new_mandate, check_seat
from pdp.policy import masking
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure

_TAKEN = "Un siège porte déjà ce nom : donnez-lui en un autre, par exemple avec un numéro."
_EVE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as a page shows it. `state` is past, current or coming."""

    membership: str
    name: str
    job_title: str
    rank: HolderRank
    starts_on: date
    ends_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat with its mandates, the current ones first."""

    seat: str
    label: str
    voice: Voice
    organisation: str
    starts_on: date
    ends_on: date | None
    state: str
    mandates: tuple[MandateLine, ...]

    def held(self, rank: HolderRank) -> tuple[MandateLine, ...]:
        """Return who holds the seat today at a rank."""
        return tuple(line for line in self.mandates if line.rank == rank and line.state == "current")


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """The seats by organisation; those that ended come apart."""

    organisations: tuple[tuple[str, tuple[SeatLine, ...]], ...]
    ended: tuple[SeatLine, ...]
    deliberative: int
    vacant: int
    can_change: bool


@dataclass(frozen=True, slots=True)
class SeatPage:
    """A seat with its history, and the people of its organisation, as (membership, name)."""

    line: SeatLine
    people: tuple[tuple[str, str], ...]
    can_change: bool


def list_seats(actor: Actor) -> SeatsPage:
    """Return the seats of the cellule, today's and to come by organisation."""
    ensure(actor, Permission.MEMBER_READ)
    today = clock.today()
    with db.reading(actor):
        lines = [_line(actor, seat, today) for seat in queries.list_all_seats(actor.cellule_id)]
    living = [line for line in lines if line.state != "past"]
    grouped = groupby(sorted(living, key=lambda line: line.organisation.casefold()), lambda line: line.organisation)
    current = [line for line in living if line.state == "current"]
    return SeatsPage(
        organisations=tuple((name, tuple(found)) for name, found in grouped),
        ended=tuple(line for line in lines if line.state == "past"),
        deliberative=sum(line.voice is Voice.DELIBERATIVE for line in current),
        vacant=sum(not line.held(HolderRank.TITULAIRE) for line in current),
        can_change=can(actor, Permission.GOVERNANCE_SET),
    )


def read_seat(actor: Actor, seat: str) -> SeatPage:
    """Return a seat with all its mandates and who may be named."""
    ensure(actor, Permission.MEMBER_READ)
    today = clock.today()
    with db.reading(actor):
        found = _readable(actor, queries.get_seat(actor.cellule_id, seat))
        people = queries.list_candidates(actor.cellule_id, found.organisation_id, today)
    named = sorted((person.user.family_name, person.user.full_name, person.public_id) for person in people)
    return SeatPage(
        _line(actor, found, today),
        tuple((public_id, name) for _, name, public_id in named),
        can(actor, Permission.GOVERNANCE_SET),
    )


def list_bodies(actor: Actor) -> Sequence[Organisation]:
    """Return the organisations to which a seat may be given."""
    ensure(actor, Permission.GOVERNANCE_SET)
    with db.reading(actor):
        return accounts.list_organisations(actor.cellule_id, clock.today())


def add_seat(actor: Actor, *, organisation: str, label: str, voice: Voice, starts_on: date) -> str:
    """Give an organisation a seat from a day on; return its public id."""
    ensure(actor, Permission.GOVERNANCE_SET)
    _refuse(check_seat(Period(starts_on), clock.today()))
    try:
        with db.transaction(actor) as session:
            accounts.lock_cellule(actor.cellule_id)
            body = accounts.get_organisation(actor.cellule_id, organisation)
            seat = Seat(
                cellule_id=actor.cellule_id,
                organisation_id=body.id,
                label=label,
                position=queries.last_position(actor.cellule_id) + 1,
                voice=voice,
                starts_on=starts_on,
            )
            session.add(seat)
            session.flush()
            audit.record(actor, "seat.add", subject=seat, voice=voice, organisation=body.id)
    except IntegrityError as error:
        raise InvalidInput({"label": [_TAKEN]}) from error
    return seat.public_id


def end_seat(actor: Actor, seat: str, *, ends_on: date) -> None:
    """End a seat after a day, and its mandates with it."""
    ensure(actor, Permission.GOVERNANCE_SET)
    with db.transaction(actor):
        accounts.lock_cellule(actor.cellule_id)
        found = queries.get_seat(actor.cellule_id, seat)
        _refuse(check_end(Period(found.starts_on, found.ends_on), ends_on, clock.today()))
        coming = [holder for holder in found.holders if holder.starts_on > ends_on]
        if coming:
            raise InvalidInput({"ends_on": ["Un mandat commence après ce jour : choisissez une date plus lointaine."]})
        found.ends_on = ends_on
        for holder in found.holders:
            if holder.ends_on is None or holder.ends_on > ends_on:
                holder.ends_on = ends_on
        audit.record(actor, "seat.end", subject=found)


def name_holder(
    actor: Actor,
    seat: str,
    *,
    membership: str,
    rank: HolderRank,
    starts_on: date,
    ends_on: date | None = None,
    replaces: bool = False,
) -> None:
    """Name a person in a seat. With `replaces`, the mandate of the titulaire in place ends the day before."""
    ensure(actor, Permission.GOVERNANCE_SET)
    today = clock.today()
    with db.transaction(actor) as session:
        accounts.lock_cellule(actor.cellule_id)
        found = queries.get_seat(actor.cellule_id, seat)
        person = _candidate(actor, found, membership, today)
        wanted = Mandate(found.id, person.user_id, rank, Period(starts_on, ends_on))
        if replaces and rank is HolderRank.TITULAIRE:
            _end_the_one_in_place(found, starts_on)
        own = queries.list_terms_of(actor.cellule_id, person.user_id)
        _refuse(
            check_new_mandate(
                wanted,
                seat=Period(found.starts_on, found.ends_on),
                membership=Period(person.starts_on, person.ends_on),
                of_the_seat=[_mandate(holder, holder.membership.user_id) for holder in found.holders],
                of_the_person=[_mandate(term, person.user_id) for term in own if term.seat_id != found.id],
                today=today,
            )
        )
        session.add(
            SeatHolder(seat_id=found.id, membership_id=person.id, rank=rank, starts_on=starts_on, ends_on=ends_on)
        )
        audit.record(actor, "mandate.name", subject=found, membership=person.id, rank=rank, replaces=replaces)


def end_mandate(actor: Actor, seat: str, *, membership: str, starts_on: date, ends_on: date) -> None:
    """End a mandate after a day; the person sits until the end of it."""
    ensure(actor, Permission.GOVERNANCE_SET)
    with db.transaction(actor):
        accounts.lock_cellule(actor.cellule_id)
        found = queries.get_seat(actor.cellule_id, seat)
        held = [
            holder
            for holder in found.holders
            if holder.membership.public_id == membership and holder.starts_on == starts_on
        ]
        if not held:
            raise NotFound
        _refuse(check_end(Period(held[0].starts_on, held[0].ends_on), ends_on, clock.today()))
        held[0].ends_on = ends_on
        audit.record(actor, "mandate.end", subject=found, membership=held[0].membership_id)


def _end_the_one_in_place(seat: Seat, starts_on: date) -> None:
    for holder in seat.holders:
        in_place = holder.rank is HolderRank.TITULAIRE and holder.starts_on < starts_on
        if in_place and (holder.ends_on is None or holder.ends_on >= starts_on):
            holder.ends_on = starts_on - _EVE


def _candidate(actor: Actor, seat: Seat, membership: str, today: date) -> Membership:
    for person in queries.list_candidates(actor.cellule_id, seat.organisation_id, today):
        if person.public_id == membership:
            return person
    raise InvalidInput({"membership": ["Choisissez une personne de cet organisme."]})


def _mandate(holder: SeatHolder, person: int) -> Mandate:
    return Mandate(holder.seat_id, person, holder.rank, Period(holder.starts_on, holder.ends_on))


def _line(actor: Actor, seat: Seat, today: date) -> SeatLine:
    state = _state(seat.starts_on, seat.ends_on, today)
    if not masking.reads_name(actor, seat.organisation.facts):
        label, body = masking.UNNAMED_SEAT, masking.UNNAMED
        return SeatLine(seat.public_id, label, seat.voice, body, seat.starts_on, seat.ends_on, state, ())
    mandates = [
        MandateLine(
            holder.membership.public_id,
            holder.membership.user.full_name,
            holder.membership.user.job_title,
            holder.rank,
            holder.starts_on,
            holder.ends_on,
            _state(holder.starts_on, holder.ends_on, today),
        )
        for holder in seat.holders
    ]
    mandates.sort(key=lambda line: (_ORDER[line.state], line.rank is HolderRank.SUPPLEANT, line.starts_on, line.name))
    return SeatLine(
        seat.public_id,
        seat.label,
        seat.voice,
        seat.organisation.name,
        seat.starts_on,
        seat.ends_on,
        state,
        tuple(mandates),
    )


_ORDER = {"current": 0, "coming": 1, "past": 2}


def _state(starts_on: date, ends_on: date | None, today: date) -> str:
    if starts_on > today:
        return "coming"
    return "past" if ends_on is not None and ends_on < today else "current"


def _readable(actor: Actor, seat: Seat) -> Seat:
    if not masking.reads_name(actor, seat.organisation.facts):
        raise NotFound
    return seat


def _refuse(errors: Errors) -> None:
    if errors:
        raise InvalidInput(errors)
