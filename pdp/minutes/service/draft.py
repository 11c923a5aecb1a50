"""What the minutes of a séance will hold, before they are composed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings import queries as meetings
from pdp.meetings.enums import MeetingKind, MeetingStatus
from pdp.meetings.models import Meeting
from pdp.minutes import queries
from pdp.minutes.enums import OpinionCode
from pdp.minutes.grounds import cases_of
from pdp.minutes.serial import to_plain
from pdp.minutes.service import doors
from pdp.minutes.service.compose import complete_document, versions_of
from pdp.minutes.warnings import warnings
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role


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
    # It is of a written consultation, not of a séance.
    written: bool = False


def refuse_unfinished(meeting: Meeting) -> None:
    """Raise `NotFound` for a written consultation that is not closed.

    Before its end nothing is told of a written vote, not even to those who will write its minutes.
    """
    if meeting.kind is MeetingKind.WRITTEN and meeting.status is not MeetingStatus.CLOSED:
        raise NotFound("Le procès-verbal se compose une fois la consultation close.")


def draft(actor: Actor, meeting: Meeting) -> Draft:
    """Return what the minutes of a séance will hold, as far as its reader may know, inside a transaction."""
    loaded = queries.load(meeting)
    known = {item.request.case.public_id for item in loaded.items if meetings.opens(actor, item.request.case)}
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
            if item.case_id in known
        ),
        recipients=tuple(DraftRecipient(name, points) for name, points in counts.items() if points),
        warnings=warnings(facts),
        written=meeting.kind is MeetingKind.WRITTEN,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """The project of minutes as a recipient would read it today; `recipients` are the others to look at."""

    starts_at: datetime
    content: dict[str, Any]
    recipient: str
    recipients: tuple[tuple[str, str], ...]
    written: bool = False


def read_preview(actor: Actor, meeting_public_id: str, *, recipient: str | None = None) -> Preview:
    """Return the project of minutes, for the core: the complete one or, for the coordinator, a partner's.

    `recipient` is the public id of the partner's organisation. Nothing is kept: each look composes it again.
    """
    ensure(actor, Permission.MINUTES_READ)
    if actor.is_partner or (recipient and actor.role is not Role.COORDINATEUR):
        raise NotFound
    with db.transaction(actor):
        meeting = queries.get_meeting(actor, meeting_public_id)
        refuse_unfinished(meeting)
        loaded = queries.load(meeting)
        facts = queries.gather(loaded, number="projet", secretary=None, composed_at=clock.now(), fictitious=False)
        documents = {
            organisation.public_id if organisation else "": (organisation, document)
            for organisation, document in versions_of(facts, loaded.partners, complete_document(facts))
        }
        if (recipient or "") not in documents:
            raise NotFound
        organisation, document = documents[recipient or ""]
        content = to_plain(document)
        shown = doors.visible(actor, content, doors.case_facts(actor.cellule_id, [content]))
        _journal(actor, meeting, shown)
        others = [(key, found.short_name) for key, (found, _) in documents.items() if found]
        return Preview(
            starts_at=meeting.starts_at,
            content=shown,
            recipient=organisation.short_name if organisation else "Version complète",
            recipients=tuple(others) if actor.role is Role.COORDINATEUR else (),
            written=meeting.kind is MeetingKind.WRITTEN,
        )


def _journal(actor: Actor, meeting: Meeting, content: dict[str, Any]) -> None:
    """A project is a read of each case in it, as the minutes are."""
    keys = queries.case_ids(actor.cellule_id, sorted(cases_of(content)))
    case_ids: list[int | None] = [*sorted(keys.values())]
    for case_id in case_ids or [None]:
        audit.record(actor, "minutes.preview", case_id=case_id, subject=meeting)
