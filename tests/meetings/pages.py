"""What the tests of the planning pages share: the text of a page, its journal entries, its statements."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.planning_data import add_case, add_meeting, add_request, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

NEXT_WEEK = timedelta(days=7)


def plain(html: str) -> str:
    """Return the text of a page on one line, every kind of space made one."""
    text = re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").replace("\u00a0", " ").replace("&#39;", "’")
    return re.sub(r"\s+", " ", text)


def read(client: StrictClient, path: str) -> str:
    """Return the text of a page that must open."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return plain(answer.get_data(as_text=True))


def typed(**changes: str) -> dict[str, str]:
    """Return what a coordinator types to plan a séance in a week."""
    day = (clock.today() + NEXT_WEEK).isoformat()
    return {"day": day, "start": "14:00", "end": "16:30", "place": "Salle Iroise", "video_link": ""} | changes


def plan(world: World, requests: int = 1, missing: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """Add a séance in a week and requests that wait for it; return their public ids."""
    with writing():
        meeting = add_meeting(world, clock.today() + NEXT_WEEK)
        verdict = "piece_manquante" if missing else "eligible"
        found = [
            add_request(world, add_case(world, 100 + n, f"Ada{n}", "Lovelace"), verdict=verdict, missing=missing)
            for n in range(requests)
        ]
        return meeting.public_id, [request.public_id for request in found]


def status_of(request_id: str) -> RequestStatus:
    """Return where a request stands."""
    with as_owner() as session:
        return session.scalars(select(DispositifRequest.status).where(DispositifRequest.public_id == request_id)).one()


def entries(action: str) -> list[AuditEntry]:
    """Return the journal entries of an action, oldest first."""
    with as_owner() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def count_statements(client: StrictClient, path: str, count_queries: Callable[[], Any]) -> int:
    """Count the statements of a page opened a second time."""
    client.get(path)
    with count_queries() as seen:
        assert client.get(path).status_code == 200
    return len(seen)
