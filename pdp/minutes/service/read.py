"""Read composed minutes: what of them this actor may see, on the page or as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdp.audit import service as audit
from pdp.consent.enums import DepartureKind
from pdp.consent.register import record_departure
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.minutes import queries
from pdp.minutes.grounds import cases_of
from pdp.minutes.queries import MinutesRow, VersionRow
from pdp.minutes.queries.corrected import list_corrected_since
from pdp.minutes.render import RENDERERS
from pdp.minutes.service import doors
from pdp.minutes.service.doors import Shelf, ShownVersion
from pdp.minutes.service.draft import Draft, draft, refuse_unfinished
from pdp.minutes.standing import Approval, Sending, approval
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure

_RESTRICTED_SINCE = (
    "Un point de ce procès-verbal est passé à huis clos depuis sa composition, ou a été examiné sans vous après votre "
    "déport : son fichier ne vous est pas ouvert. Lisez le procès-verbal à l’écran, où ce point n’apparaît pas."
)


@dataclass(frozen=True, slots=True)
class MinutesView:
    """What an actor may see of composed minutes. `compared` is the recipient's version set beside.

    `editions` are those that the actor may open, newest first; `replaced_by` is the edition that replaces the one
    shown, once it exists.
    """

    minutes: MinutesRow
    editions: tuple[MinutesRow, ...]
    versions: tuple[VersionRow, ...]
    shown: ShownVersion
    compared: ShownVersion | None
    replaced_by: MinutesRow | None
    approval: Approval
    sendings: Mapping[int, Sending]
    # How many opinions two persons corrected since, for who composes the erratum.
    rectified: int = 0

    @property
    def left_out(self) -> int:
        """Return how many points of the version shown are not in the one compared."""
        return _points(self.shown.content) - _points(self.compared.content) if self.compared else 0


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is sent."""

    body: bytes
    media_type: str
    file_name: str


def open_minutes(
    actor: Actor, meeting_public_id: str, *, compare: str | None = None, edition: int | None = None
) -> MinutesView | Draft:
    """Return the minutes of a séance or, for the core and before they are composed, what they will hold."""
    ensure(actor, Permission.MINUTES_READ)
    with db.transaction(actor):
        if queries.list_editions(actor.cellule_id, meeting_public_id):
            return read_minutes(actor, meeting_public_id, compare=compare, edition=edition)
        meeting = queries.get_meeting(actor, meeting_public_id)
        if actor.is_partner:
            raise doors.nothing_for_you()
        refuse_unfinished(meeting)
        audit.record(actor, "minutes.preview", subject=meeting)
        return draft(actor, meeting)


def read_minutes(
    actor: Actor, public_id: str, *, compare: str | None = None, edition: int | None = None
) -> MinutesView:
    """Return what an actor may see of the minutes named by their public id, or by that of their séance.

    The coordinator has every version and may set one beside the complete one (`compare`, its public
    id); the rest of the core has the complete one; a partner has its own once it was sent, while every
    sharing that it rests on is in force. Without `edition`, the newest one that the actor may open.
    """
    ensure(actor, Permission.MINUTES_READ)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, public_id)
        minutes = _edition(shelf, edition)
        versions = shelf.versions_of(minutes)
        shown = doors.open_version(actor, versions[0])
        beside = doors.chosen(versions, compare) if compare else None
        compared = doors.open_version(actor, beside) if beside else None
        for opened in filter(None, (shown, compared)):
            doors.journal(actor, opened)
        doors.note_reception(actor, shelf, shown.version)
        return MinutesView(
            minutes=minutes,
            editions=_open_editions(shelf),
            versions=versions,
            shown=shown,
            compared=compared,
            replaced_by=next((row for row in shelf.editions if row.edition == minutes.edition + 1), None),
            approval=approval(shelf.events, minutes.id),
            sendings={version.id: shelf.sending_of(version) for version in versions},
            rectified=_rectified(actor, minutes),
        )


def download(actor: Actor, minutes_public_id: str, version_public_id: str, file_format: str) -> Download:
    """Return a rendered file. `minutes_public_id` names the minutes, or their séance.

    A version that is not the actor's is missing for it. Raises `NotFound`, with the reason in words, for a
    partner whose version rests on a sharing that has ended, or was recalled.
    """
    ensure(actor, Permission.MINUTES_READ)
    if file_format not in RENDERERS:
        raise NotFound
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, minutes_public_id)
        opened = doors.open_version(actor, doors.chosen(shelf.versions, version_public_id))
        if opened.shortened:
            raise NotFound(_RESTRICTED_SINCE)
        minutes = shelf.edition_of(opened.version)
        file = queries.get_file(opened.version.id, file_format)
        doors.journal(actor, opened, file_format=file_format)
        doors.note_reception(actor, shelf, opened.version, file_format=file_format, sha256=file.sha256)
        if actor.is_partner:
            _register(actor, opened, f"PV n° {minutes.reference} ({file_format.upper()}), {file.sha256[:12]}")
        return Download(file.body, RENDERERS[file_format].media_type, file.file_name)


def _rectified(actor: Actor, minutes: MinutesRow) -> int:
    if not can(actor, Permission.MINUTES_COMPOSE):
        return 0
    return len(list_corrected_since(actor, minutes.meeting_public_id, minutes.composed_at))


def _edition(shelf: Shelf, edition: int | None) -> MinutesRow:
    found = next((row for row in _open_editions(shelf) if edition in (None, row.edition)), None)
    if found is None:
        raise NotFound
    return found


def _open_editions(shelf: Shelf) -> tuple[MinutesRow, ...]:
    held = {version.minutes_id for version in shelf.versions}
    return tuple(row for row in shelf.editions if row.id in held)


def _register(actor: Actor, opened: ShownVersion, version: str) -> None:
    """Write in the register, case by case, that the partner's file left, and under which labels."""
    held = cases_of(opened.content)
    for public_id, case_id in queries.case_ids(actor.cellule_id, sorted(held)).items():
        record_departure(
            actor,
            cellule_id=actor.cellule_id,
            case_id=case_id,
            organisation_id=actor.organisation_id,
            what=DepartureKind.MINUTES,
            object_kind="minutes_version",
            object_id=opened.version.id,
            version=version,
            labels=held[public_id],
        )


def _points(content: dict[str, Any]) -> int:
    return sum(block["type"] == "Point" for block in content["blocks"])
