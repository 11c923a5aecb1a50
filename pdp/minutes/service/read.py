"""Read composed minutes: what of them this actor may see, on the page or as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdp.audit import service as audit
from pdp.consent.enums import DepartureKind
from pdp.consent.register import record_departure
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings import queries as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.minutes import queries
from pdp.minutes.enums import OpinionCode
from pdp.minutes.grounds import cases_of, still_open, without_cases
from pdp.minutes.queries import MinutesRow, VersionRow
from pdp.minutes.render import RENDERERS
from pdp.minutes.warnings import warnings
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.policy.visibility import CaseFacts, can_see_case

_SHUT = (
    "Cette version du procès-verbal ne vous est plus ouverte : un accord de partage sur lequel elle repose "
    "n’est plus en vigueur. Adressez-vous au secrétariat de la cellule."
)
_RESTRICTED_SINCE = (
    "Un point de ce procès-verbal est passé à huis clos depuis sa composition : son fichier ne vous est plus ouvert. "
    "Lisez le procès-verbal à l’écran, où ce point n’apparaît pas."
)
_NOTHING_FOR_YOU = (
    "Aucun procès-verbal de cette séance ne vous est ouvert. "
    "Un partenaire reçoit les points des dossiers partagés avec son organisme, une fois le procès-verbal composé."
)


@dataclass(frozen=True, slots=True)
class DraftPoint:
    """A point that the minutes will hold."""

    position: int
    case_reference: str
    dispositif: str
    opinion: OpinionCode | None
    decided: bool


@dataclass(frozen=True, slots=True)
class DraftRecipient:
    """A partner that will have a version, and how many points it will hold."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What the minutes of a séance will hold, before they are composed."""

    meeting_public_id: str
    starts_at: datetime
    closed: bool
    points: tuple[DraftPoint, ...]
    recipients: tuple[DraftRecipient, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with its neutral document, as plain values."""

    version: VersionRow
    content: dict[str, Any]
    # A point is left out: its case was restricted since, and the reader is not among those named.
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class MinutesView:
    """What an actor may see of composed minutes. `compared` is the recipient's version set beside."""

    minutes: MinutesRow
    versions: tuple[VersionRow, ...]
    shown: ShownVersion
    compared: ShownVersion | None

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


def open_minutes(actor: Actor, meeting_public_id: str, *, compare: str | None = None) -> MinutesView | Draft:
    """Return the minutes of a séance or, for the core and before they are composed, what they will hold."""
    ensure(actor, Permission.MINUTES_READ)
    with db.transaction(actor):
        if queries.find_minutes(actor, meeting_public_id):
            return read_minutes(actor, meeting_public_id, compare=compare)
        meeting = queries.get_meeting(actor, meeting_public_id)
        if actor.is_partner:
            raise NotFound(_NOTHING_FOR_YOU)
        audit.record(actor, "minutes.preview", subject=meeting)
        return _draft(meeting)


def read_minutes(actor: Actor, public_id: str, *, compare: str | None = None) -> MinutesView:
    """Return what an actor may see of the minutes named by their public id, or by that of their séance.

    The coordinator has every version and may set one beside the complete one (`compare`, its public
    id); the rest of the core has the complete one; a partner has its own, while every sharing that it
    rests on is in force.
    """
    ensure(actor, Permission.MINUTES_READ)
    with db.transaction(actor):
        minutes, versions = _find(actor, public_id)
        shown = _open(actor, versions[0])
        chosen = _chosen(versions, compare) if compare else None
        compared = _open(actor, chosen) if chosen else None
        for opened in filter(None, (shown, compared)):
            _journal(actor, opened)
        return MinutesView(minutes, versions, shown, compared)


def download(actor: Actor, minutes_public_id: str, version_public_id: str, file_format: str) -> Download:
    """Return a rendered file. `minutes_public_id` names the minutes, or their séance.

    A version that is not the actor's is missing for it. Raises `NotFound`, with the reason in words, for a
    partner whose version rests on a sharing that has ended.
    """
    ensure(actor, Permission.MINUTES_READ)
    if file_format not in RENDERERS:
        raise NotFound
    with db.transaction(actor):
        minutes, versions = _find(actor, minutes_public_id)
        opened = _open(actor, _chosen(versions, version_public_id))
        if opened.shortened:
            raise NotFound(_RESTRICTED_SINCE)
        file = queries.get_file(opened.version.id, file_format)
        _journal(actor, opened, file_format=file_format)
        if actor.is_partner:
            _register(actor, opened, f"PV n° {minutes.reference} ({file_format.upper()}), {file.sha256[:12]}")
        return Download(file.body, RENDERERS[file_format].media_type, file.file_name)


def _find(actor: Actor, public_id: str) -> tuple[MinutesRow, tuple[VersionRow, ...]]:
    """Return the minutes and the versions that are this actor's, at least one."""
    minutes = queries.find_minutes(actor, public_id)
    if minutes is None:
        raise NotFound
    versions = tuple(version for version in queries.list_versions(minutes.id) if _is_for(actor, version))
    if not versions:
        raise NotFound(_NOTHING_FOR_YOU)
    return minutes, versions


def _is_for(actor: Actor, version: VersionRow) -> bool:
    if actor.is_partner:
        return version.organisation_id == actor.organisation_id
    return actor.role is Role.COORDINATEUR or version.is_complete


def _chosen(versions: Sequence[VersionRow], public_id: str) -> VersionRow:
    found = next((version for version in versions if version.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _open(actor: Actor, version: VersionRow) -> ShownVersion:
    """Return a version with its document; shut for a partner once a sharing that it rests on has ended."""
    content = queries.version_content(version.id)
    if actor.is_partner and not _is_still_open(actor, version, content):
        raise NotFound(_SHUT)
    hidden = frozenset() if actor.is_partner else _restricted_since(actor, content)
    return ShownVersion(version, without_cases(content, hidden), shortened=bool(hidden))


def _restricted_since(actor: Actor, content: Any) -> frozenset[str]:
    """Return the cases of a document that the actor may no longer know: restricted after it was composed."""
    held = cases_of(content)
    facts = _case_facts(actor, content, actor.organisation_id)
    today = clock.today()
    return frozenset(case for case in held if case in facts and not can_see_case(actor, facts[case], today))


def _is_still_open(actor: Actor, version: VersionRow, content: Any) -> bool:
    if version.organisation_id is None or version.organisation_kind is None:
        return False
    return still_open(
        content,
        version.organisation_id,
        version.organisation_kind,
        _case_facts(actor, content, version.organisation_id),
        clock.today(),
    )


def _case_facts(actor: Actor, content: Any, organisation_id: int) -> Mapping[str, CaseFacts]:
    keys = queries.case_ids(actor.cellule_id, sorted(cases_of(content)))
    facts = meetings.case_facts(actor.cellule_id, list(keys.values()), [organisation_id])
    return {public_id: facts[key] for public_id, key in keys.items() if key in facts}


def _journal(actor: Actor, opened: ShownVersion, **detail: Any) -> None:
    """Opening a document is a read of each case in it: one entry per case, or one when it holds none."""
    keys = queries.case_ids(actor.cellule_id, sorted(cases_of(opened.content)))
    case_ids: list[int | None] = [*sorted(keys.values())]
    for case_id in case_ids or [None]:
        audit.record(actor, "minutes.read", case_id=case_id, subject=opened.version, **detail)


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


def _draft(meeting: Meeting) -> Draft:
    loaded = queries.load(meeting)
    facts = queries.gather(loaded, number="", secretary=None, composed_at=clock.now(), fictitious=False)
    counts = {
        partner.short_name: sum(partner.id in item.readers for item in facts.items) for partner in loaded.partners
    }
    return Draft(
        meeting_public_id=meeting.public_id,
        starts_at=meeting.starts_at,
        closed=meeting.status is MeetingStatus.CLOSED,
        points=tuple(
            DraftPoint(
                item.position,
                item.case_reference,
                item.dispositif,
                item.opinion.code if item.opinion else None,
                item.decision is not None,
            )
            for item in facts.items
        ),
        recipients=tuple(DraftRecipient(name, points) for name, points in counts.items() if points),
        warnings=warnings(facts),
    )


def _points(content: dict[str, Any]) -> int:
    return sum(block["type"] == "Point" for block in content["blocks"])
