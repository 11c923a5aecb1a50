"""What the minutes of a séance will hold, before they are composed."""

from dataclasses import dataclass
from datetime import datetime

from pdp.core import clock
from pdp.meetings import queries as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.minutes import queries
from pdp.minutes.enums import OpinionCode
from pdp.minutes.warnings import warnings
from pdp.policy.actor import Actor


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


def draft(actor: Actor, meeting: Meeting) -> Draft:
    """Return what the minutes of a séance will hold, as far as its reader may know, inside a transaction."""
    loaded = queries.load(meeting)
    known = {item.position for item in loaded.items if meetings.opens(actor, item.request.case)}
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
            if item.position in known
        ),
        recipients=tuple(DraftRecipient(name, points) for name, points in counts.items() if points),
        warnings=warnings(facts),
    )
