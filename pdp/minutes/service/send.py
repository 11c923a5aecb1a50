"""Send versions of minutes: checked line by line, left to cool off, checked again as they leave, recalled at need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pdp.accounts.queries import governance, lock_cellule
from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.minutes import queries
from pdp.minutes.digest import PointContent, points_of
from pdp.minutes.enums import EventReason, MinutesEventKind, SendingState
from pdp.minutes.grounds import cases_of
from pdp.minutes.models import MinutesEvent
from pdp.minutes.queries import MinutesRow, RecipientRow, VersionRow
from pdp.minutes.service import doors
from pdp.minutes.service.doors import Shelf
from pdp.minutes.standing import Sending, obstacle
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service import notify
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.policy.visibility import CaseFacts

_NOTHING_TICKED = "Cochez au moins une version, après en avoir vérifié le destinataire et le contenu."
_ALREADY = "Cette version est déjà envoyée, ou son envoi est déjà préparé. La page dit où elle en est."
_TOO_LATE = (
    "Cet envoi n’est plus en attente : il est parti, ou une autre personne l’a déjà repris. La page dit où il en est."
)
_NOT_SENT = "Cette version n’est pas chez son destinataire : il n’y a rien à rappeler."


@dataclass(frozen=True, slots=True)
class SendingLine:
    """A version set against its recipient: who will open it, what it holds, and what stands in the way."""

    version: VersionRow
    people: tuple[RecipientRow, ...]
    points: tuple[PointContent, ...]
    sending: Sending
    obstacle: EventReason | None
    # It received the former edition: the erratum is owed to it.
    had_former: bool

    @property
    def can_leave(self) -> bool:
        """Tell whether the coordinator may tick the line."""
        return self.obstacle is None and self.sending.state not in (SendingState.WAITING, SendingState.SENT)


@dataclass(frozen=True, slots=True)
class SendingSheet:
    """Recipients and contents of the newest edition, to be checked before anything leaves."""

    minutes: MinutesRow
    lines: tuple[SendingLine, ...]
    # How many minutes the rules of today leave to take a sending back.
    cooling_off: int


def read_sending(actor: Actor, meeting_public_id: str) -> SendingSheet:
    """Return the sheet on which the coordinator checks recipient × content."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        sheet = _sheet(actor, shelf)
        audit.record(actor, "minutes.check", subject=sheet.minutes, versions=len(sheet.lines))
        return sheet


def prepare_sending(actor: Actor, meeting_public_id: str, *, versions: Collection[str]) -> datetime:
    """Prepare the sending of the ticked versions; return the hour at which they leave.

    Raises `InvalidInput` when nothing is ticked, `RuleViolation` when a ticked version may not leave (the whole act
    is refused: what was checked is no longer what would be sent).
    """
    ensure(actor, Permission.MINUTES_SEND)
    if not versions:
        raise InvalidInput({"versions": [_NOTHING_TICKED]})
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        sheet = _sheet(actor, shelf)
        ticked = [_ticked(sheet, public_id) for public_id in sorted(set(versions))]
        leaves_at = clock.now() + timedelta(minutes=sheet.cooling_off)
        for line in ticked:
            write(line.version, MinutesEventKind.PREPARED, user_id=actor.user_id, due_at=leaves_at)
        audit.record(actor, "minutes.prepare", subject=sheet.minutes, versions=len(ticked))
        return leaves_at


def cancel_sending(actor: Actor, meeting_public_id: str, version_public_id: str) -> None:
    """Take a prepared sending back before it leaves. Raises `Conflict` once it left."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        version = doors.chosen(shelf.versions, version_public_id)
        if shelf.sending_of(version).state is not SendingState.WAITING:
            raise Conflict(_TOO_LATE)
        write(version, MinutesEventKind.CANCELLED, user_id=actor.user_id)
        audit.record(actor, "minutes.cancel", subject=version)


def recall(actor: Actor, meeting_public_id: str, version_public_id: str) -> None:
    """Shut a version that was sent, and ask its recipient to destroy what was downloaded."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        version = doors.chosen(shelf.versions, version_public_id)
        if version.is_complete or shelf.sending_of(version).state is not SendingState.SENT:
            raise RuleViolation(_NOT_SENT)
        write(version, MinutesEventKind.RECALLED, user_id=actor.user_id)
        people = _people(actor.cellule_id).get(version.organisation_id, ())
        tell(people, NoticeKind.MINUTES_RECALLED, actor.cellule_id, shelf.newest)
        audit.record(actor, "minutes.recall", subject=version, organisation=version.organisation_id)


def read_recall(actor: Actor, meeting_public_id: str, version_public_id: str) -> SendingLine:
    """Return a version that may be recalled, with who holds it. Raises `RuleViolation` when it was not sent."""
    ensure(actor, Permission.MINUTES_SEND)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        version = doors.chosen(shelf.versions, version_public_id)
        if version.is_complete or shelf.sending_of(version).state is not SendingState.SENT:
            raise RuleViolation(_NOT_SENT)
        audit.record(actor, "minutes.check", subject=version)
        [line] = _lines(actor.cellule_id, shelf, [version], actor)
        return line


def send_due() -> int:
    """Send, cellule by cellule, what has cooled off; return how many versions left.

    Rights are looked at again: what no longer holds is held back, and the coordinator told.
    """
    sent = 0
    for scope in list_scopes():
        with db.transaction(scope):
            if not _due(scope.cellule_id):
                continue
            lock_cellule(scope.cellule_id)
            # Another process may have sent some while this one waited for the lock.
            for minutes, version_id, event_id in _due(scope.cellule_id):
                sent += _leave(scope.cellule_id, minutes, version_id, event_id)
    return sent


def _due(cellule_id: int) -> Sequence[tuple[str, int | None, int]]:
    return queries.list_due(cellule_id, MinutesEventKind.PREPARED, clock.now())


def _leave(cellule_id: int, minutes: str, version_id: int | None, event_id: int) -> bool:
    shelf = doors.whole_shelf(cellule_id, minutes)
    [line] = _lines(cellule_id, shelf, [version for version in shelf.versions if version.id == version_id])
    once = f"sent:{event_id}"
    if line.obstacle is not None:
        write(line.version, MinutesEventKind.HELD, reason=line.obstacle, once=once)
        tell(coordinators(cellule_id), NoticeKind.MINUTES_HELD, cellule_id, shelf.newest)
        audit.record(None, "minutes.hold", subject=line.version, reason=line.obstacle.value)
        return False
    write(line.version, MinutesEventKind.SENT, once=once)
    tell(line.people, NoticeKind.MINUTES_SENT, cellule_id, shelf.newest)
    audit.record(None, "minutes.send", subject=line.version, people=len(line.people))
    return True


def write(version: VersionRow, kind: MinutesEventKind, **values: Any) -> None:
    """Add a line to the register about a version, in the transaction under way."""
    db.session().add(
        MinutesEvent(
            cellule_id=version.cellule_id,
            minutes_id=version.minutes_id,
            version_id=version.id,
            organisation_id=version.organisation_id,
            kind=kind,
            at=clock.now(),
            **values,
        )
    )
    db.session().flush()


def tell(people: Collection[RecipientRow], kind: NoticeKind, cellule_id: int, minutes: MinutesRow) -> None:
    """Leave a notice and a neutral mail, whose link opens the page of the minutes."""
    link = f"/seances/{minutes.meeting_public_id}/proces-verbal"
    notify([person.user_id for person in people], kind, cellule_id=cellule_id, link=link)


def coordinators(cellule_id: int) -> list[RecipientRow]:
    """Return who coordinates the cellule today."""
    return [person for person in _people(cellule_id).get(None, ()) if person.role is Role.COORDINATEUR]


def _people(cellule_id: int) -> Mapping[int | None, Sequence[RecipientRow]]:
    return queries.list_recipients(cellule_id, clock.today())


def _sheet(actor: Actor, shelf: Shelf) -> SendingSheet:
    lines = _lines(actor.cellule_id, shelf, shelf.versions_of(shelf.newest), actor)
    return SendingSheet(shelf.newest, lines, governance(actor.cellule_id, clock.today()).cooling_off_minutes)


def _ticked(sheet: SendingSheet, public_id: str) -> SendingLine:
    line = next((line for line in sheet.lines if line.version.public_id == public_id), None)
    if line is None:
        raise NotFound
    if line.obstacle is not None:
        raise RuleViolation(f"{line.version.name} : {line.obstacle.label}. Rien n’a été préparé.")
    if not line.can_leave:
        raise Conflict(_ALREADY)
    return line


def _lines(
    cellule_id: int, shelf: Shelf, versions: Sequence[VersionRow], reader: Actor | None = None
) -> tuple[SendingLine, ...]:
    """Return a line per version; a reader is shown only the cases that it may know."""
    contents = queries.contents([version.id for version in versions])
    facts = doors.case_facts(cellule_id, list(contents.values()))
    people = _people(cellule_id)
    return tuple(_line(shelf, version, contents[version.id], facts, people, reader) for version in versions)


def _line(
    shelf: Shelf,
    version: VersionRow,
    content: dict[str, Any],
    facts: Mapping[str, CaseFacts],
    people: Mapping[int | None, Sequence[RecipientRow]],
    reader: Actor | None,
) -> SendingLine:
    readers = tuple(people.get(version.organisation_id, ()))
    restricted = any(case in facts and facts[case].restricted for case in cases_of(content))
    shown = doors.visible(reader, content, facts) if reader else content
    return SendingLine(
        version=version,
        people=readers,
        points=points_of(shown),
        sending=shelf.sending_of(version),
        obstacle=obstacle(
            newest=version.minutes_id == shelf.newest.id,
            restricted=restricted,
            still_open=version.is_complete or doors.is_still_open(version, content, facts),
            people=len(readers),
        ),
        had_former=any(
            former.organisation_id == version.organisation_id
            and former.minutes_id != version.minutes_id
            and shelf.sending_of(former).has_left
            for former in shelf.versions
        ),
    )
