"""A person's own sign-ins, as their account shows them: known apart, ended one by one or all at once."""

from pdp.accounts import queries
from pdp.accounts.queries import OwnSignIn
from pdp.accounts.rules import SessionLimits
from pdp.accounts.service.emergency import end_emergency_of
from pdp.accounts.service.own import end_other_sign_ins
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.policy.actor import Actor

_NOT_THIS_ONE = "C’est la session de cette page : pour la terminer, déconnectez-vous."


def list_own(actor: Actor, token: str, limits: SessionLimits) -> list[OwnSignIn]:
    """Return the open sign-ins of the actor, the one of `token` first, then the last used first."""
    with db.reading(actor):
        return queries.list_open_sign_ins(actor.user_id, token, seen_since=clock.now() - limits.idle)


def end_one(actor: Actor, token: str, public_id: str) -> None:
    """End another sign-in of the actor: it opens nothing from its next request on, in every process.

    Raises `NotFound` for someone else's or one that is over, `RuleViolation` for the one of `token`.
    """
    with db.reading(actor):
        found = queries.find_own_session(actor.user_id, public_id)
    if found is None or found[0].revoked_at is not None:
        raise NotFound
    if found[0].token_hash == queries.token_hash(token):
        raise RuleViolation(_NOT_THIS_ONE)
    end_emergency_of(actor.user_id, public_id)
    with db.transaction(actor):
        again = queries.find_own_session(actor.user_id, public_id)
        if again is not None:
            again[0].revoked_at = clock.now()
            audit.record(actor, "account.end_sign_in", subject=again[0])


def end_others(actor: Actor, token: str) -> int:
    """End every sign-in of the actor but the one of `token`; return how many there were."""
    kept = queries.token_hash(token)
    with db.reading(actor):
        others = [each for each in queries.list_sessions_of(actor.user_id) if each.token_hash != kept]
    for each in others:
        end_emergency_of(actor.user_id, each.public_id)
    with db.transaction(actor):
        ended = end_other_sign_ins(actor.user_id, token)
        audit.record(actor, "account.end_other_sign_ins", count=ended)
    return ended
