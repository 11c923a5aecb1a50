"""The emergency access that a sign-in carries, if any."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pdp.accounts import listeners, queries
from pdp.accounts.models import User, UserSession
from pdp.accounts.service.actors import actor_of
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class EmergencyGrant:
    """What a sign-in must know of an emergency access: which case, until when."""

    access_id: int
    cellule_id: int
    case_id: int
    reference: str
    until: datetime


def begin_emergency(token: str, access: EmergencyGrant) -> None:
    """Tie an emergency access to the sign-in of a token: no other session of the person gets it."""
    found = queries.find_session(token)
    if found is None:
        raise NotFound
    session = found[0]
    session.emergency_access_id = access.access_id
    session.emergency_cellule_id, session.emergency_case_id = access.cellule_id, access.case_id
    session.emergency_reference, session.emergency_until = access.reference, access.until


def end_emergency(token: str) -> None:
    """Close the emergency access of a sign-in, if one is under way."""
    _end(partial(queries.find_session, token))


def end_emergency_of(user_id: int, session_public_id: str) -> None:
    """Close the emergency access of another sign-in of a person, if one is under way there."""
    _end(partial(queries.find_own_session, user_id, session_public_id))


def _end(find: Callable[[], tuple[UserSession, User] | None]) -> None:
    with db.reading():
        found = find()
        held = found and queries.list_memberships(found[1].id, clock.today())
        chosen = next((m for m in held or () if found and m.id == found[0].membership_id), None)
        actor = actor_of(found[0], chosen) if found and chosen else None
    if actor is None or not actor.in_emergency:
        return
    with db.transaction(actor):
        again = find()
        if again is None or again[0].emergency_access_id is None:
            return
        for listener in listeners.emergency_closed:
            listener(actor, again[0].emergency_access_id)
        audit.record(actor, "case.emergency.end", case_id=again[0].emergency_case_id)
        again[0].emergency_access_id = again[0].emergency_cellule_id = again[0].emergency_case_id = None
        again[0].emergency_reference = again[0].emergency_until = None
