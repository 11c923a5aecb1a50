"""A person's own sign-ins, seen from one of them. Everything here joins the caller's transaction."""

from pdp.accounts import queries
from pdp.accounts.service.actors import build_actor
from pdp.accounts.service.sessions import find_pending
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor


def signing_in(token: str) -> Actor:
    """Return who a sign-in on its way is about to act as: for the journal and for notices, it grants nothing.

    Raises `NotFound` for a sign-in that is over, or whose membership ended meanwhile.
    """
    with db.reading():
        found = queries.find_session(token) if find_pending(token) else None
        held = queries.list_memberships(found[1].id, clock.today()) if found else ()
    for membership in held:
        if found and membership.id == found[0].membership_id:
            return build_actor(membership)
    raise NotFound


def end_other_sign_ins(user_id: int, token: str) -> int:
    """End every sign-in of a person but that of `token`; return how many there were."""
    kept, now, ended = queries.token_hash(token), clock.now(), 0
    for session in queries.list_sessions_of(user_id):
        if session.token_hash != kept and session.revoked_at is None:
            session.revoked_at = now
            ended += 1
    return ended
