"""What the use cases of a séance share: stale forms, instants, the rules of the day."""

from datetime import UTC, date, datetime, time

from pdp.accounts import queries as accounts
from pdp.accounts.models import GovernanceRules
from pdp.core import clock
from pdp.core.db import Versioned
from pdp.core.errors import Conflict, InvalidInput
from pdp.meetings.models import Meeting
from pdp.requests.enums import RequestAction
from pdp.requests.models import DispositifRequest
from pdp.requests.rules import workflow as requests

_STALE = "Quelqu’un a modifié {what} entre-temps. Rien n’a été enregistré : comparez, puis enregistrez de nouveau."


def check_version(row: Versioned, version: int, what: str) -> None:
    """Raise `Conflict` when the form was filled from an older state of the row."""
    if row.version != version:
        raise Conflict(_STALE.format(what=what))


def bump(row: Versioned) -> None:
    """Mark the row as changed, so that older forms are refused."""
    row.version += 1


def instant(day: date, at: time, field: str) -> datetime:
    """Turn a local date and time of metropolitan France into a UTC instant.

    Raises `InvalidInput` on `field` for an hour that the change to summer time skips.
    """
    local = datetime.combine(day, at, tzinfo=clock.PARIS)
    found = local.astimezone(UTC)
    if clock.local(found).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput({field: ["Cette heure n’existe pas ce jour-là : l’heure d’été commence."]})
    return found


def held_on(meeting: Meeting) -> date:
    """Return the local day on which the séance is held: its opening, or its plan before that."""
    return clock.local(meeting.opened_at or meeting.starts_at).date()


def rules_of(meeting: Meeting) -> GovernanceRules:
    """Return the governance of the cellule on the day of the séance."""
    return accounts.governance(meeting.cellule_id, held_on(meeting))


def move_request(request: DispositifRequest, action: RequestAction) -> None:
    """Move a locked request along its own table. Raises `RuleViolation` with the reason."""
    request.status = requests.move(request.status, action).target
    bump(request)
