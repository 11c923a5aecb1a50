"""The register of the minutes of a séance: who received which version, when, opened when, recalled when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.export import Sheet, to_csv, to_xlsx
from pdp.core.french import NBSP, day, hour
from pdp.minutes import queries
from pdp.minutes.enums import ApprovalState, MinutesEventKind
from pdp.minutes.queries import MinutesRow, ObjectionRow
from pdp.minutes.service import doors
from pdp.minutes.service.doors import Shelf
from pdp.minutes.standing import Approval, EventRow, approval
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_COLUMNS = ("Édition", "Destinataire", "Date", "Heure", "Événement", "Personne", "Fichier", "Empreinte SHA-256")


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line as it is read: which edition and version, when, what, by whom."""

    reference: str
    recipient: str
    at: datetime
    what: str
    who: str
    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Register:
    """Every line about every edition, the newest first, with where approval stands and what was objected."""

    minutes: MinutesRow
    lines: tuple[RegisterLine, ...]
    approvals: tuple[tuple[MinutesRow, Approval], ...]
    objections: tuple[ObjectionRow, ...]


def read_register(actor: Actor, meeting_public_id: str) -> Register:
    """Return the register of the minutes of a séance, for the coordinator."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        audit.record(actor, "minutes.register", subject=shelf.newest, lines=len(shelf.events))
        return _register(shelf)


def export_register(actor: Actor, meeting_public_id: str, *, file_format: str) -> tuple[bytes, str]:
    """Return the register as a table to keep, XLSX or CSV, and its neutral file name."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        audit.record(actor, "minutes.export", subject=shelf.newest, file_format=file_format)
        register = _register(shelf)
    sheet = _sheet(register, actor)
    name = f"registre-pv-{register.minutes.reference}.{file_format}"
    return (to_csv(sheet) if file_format == "csv" else to_xlsx(sheet)), name


def said(standing: Approval) -> str:
    """Return where the approval stands, in words."""
    if standing.state is ApprovalState.OPEN and standing.due_at:
        return f"délai d’objection ouvert jusqu’au{NBSP}{_day(standing.due_at)}"
    if standing.state is ApprovalState.APPROVED and standing.at and standing.reason:
        return f"approuvé le{NBSP}{_day(standing.at)}, {standing.reason.label}"
    return standing.state.label


def _register(shelf: Shelf) -> Register:
    return Register(
        minutes=shelf.newest,
        lines=tuple(_lines(shelf)),
        approvals=tuple((row, approval(shelf.events, row.id)) for row in shelf.editions),
        objections=tuple(queries.list_objections([row.id for row in shelf.editions])),
    )


def _lines(shelf: Shelf) -> Iterator[RegisterLine]:
    references = {row.id: row.reference for row in shelf.editions}
    names = {version.id: version.name for version in shelf.versions}
    for event in sorted(shelf.events, key=lambda event: (event.at, event.id), reverse=True):
        yield RegisterLine(
            reference=references[event.minutes_id],
            recipient=names[event.version_id] if event.version_id else "",
            at=clock.local(event.at),
            what=_what(event),
            who=event.user_name,
            format=event.format.upper(),
            sha256=event.sha256,
        )


def _what(event: EventRow) -> str:
    label = event.kind.label
    if event.kind is MinutesEventKind.PREPARED and event.due_at:
        return f"{label}, départ à {hour(clock.local(event.due_at))}"
    if event.kind is MinutesEventKind.WINDOW_OPENED and event.due_at:
        return f"{label} jusqu’au{NBSP}{_day(event.due_at)}"
    return f"{label}{NBSP}: {event.reason.label}" if event.reason else label


def _day(instant: datetime) -> str:
    return day(clock.local(instant).date())


def _sheet(register: Register, actor: Actor) -> Sheet:
    today: date = clock.today()
    rows = [
        (
            line.reference,
            line.recipient,
            line.at.date(),
            hour(line.at),
            line.what,
            line.who,
            line.format,
            line.sha256,
        )
        for line in register.lines
    ]
    notes = [f"Registre du procès-verbal n° {register.minutes.reference}, extrait le {day(today)} par {actor.name}"]
    notes += [f"Édition n° {row.reference} : {said(standing)}" for row, standing in register.approvals]
    return Sheet("Registre", _COLUMNS, rows, notes=tuple(notes))
