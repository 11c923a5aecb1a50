"""Stored sign-ins: begun, proved step by step, open, resumed at each request, ended.

A sign-in grants nothing until its stage is `open`. Its token is drawn again at each step, so that
nothing planted before a proof survives it.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from pdp.accounts import listeners, queries, rules
from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.models import Membership, PasswordReset, SignInAttempt, User, UserSession
from pdp.accounts.queries import SignedIn
from pdp.accounts.rules import SessionFacts, SessionLimits
from pdp.accounts.service.actors import actor_of, build_actor
from pdp.accounts.service.emergency import end_emergency
from pdp.accounts.service.undertaking import has_undertaken
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in on its way: whose, how far, what it proved."""

    user_id: int
    full_name: str
    stage: SignInStage
    proofs: frozenset[Proof]


def begin(
    user: User, proof: Proof, limits: SessionLimits, *, membership: Membership | None = None, device: str = ""
) -> str | None:
    """Store a sign-in after its first proof and return its token; None when the person has no membership today.

    Joins the caller's transaction and leaves the journal entry of a sign-in that is open at once.
    """
    memberships = queries.list_memberships(user.id, clock.today())
    chosen = membership or (memberships[0] if memberships else None)
    if chosen is None:
        return None
    now, token = clock.now(), secrets.token_urlsafe(32)
    session = UserSession(
        token_hash=queries.token_hash(token),
        user_id=user.id,
        membership_id=chosen.id,
        stage=SignInStage.SECOND_FACTOR,
        proofs="",
        device=device[:80],
        created_at=now,
        last_seen_at=now,
        expires_at=now + limits.absolute,
    )
    db.session().add(session)
    _prove(session, user, chosen, proof)
    return token


def add_proof(token: str, proof: Proof) -> str:
    """Add a proof to a sign-in on its way, or renew it on an open one; return the token drawn again.

    Raises `NotFound` for a sign-in that is over. Joins the caller's transaction.
    """
    session, user = live(token)
    return _renewed(session, user, proof)


def advance(token: str) -> str:
    """Let a sign-in reach its next stage once the undertaking is accepted; return the token drawn again.

    Raises `NotFound` for a sign-in that is over. Joins the caller's transaction.
    """
    session, user = live(token)
    return _renewed(session, user, None)


def find_pending(token: str) -> Pending | None:
    """Return how far a sign-in has come, None when it is over. It lasts ten minutes on its way."""
    with db.reading():
        found = queries.find_session(token)
    if found is None or not _may_go_on(*found):
        return None
    session, user = found
    return Pending(user.id, user.full_name, session.stage, rules.read_proofs(session.proofs))


def resume(token: str, limits: SessionLimits) -> SignedIn | None:
    """Return who a token stands for, if the sign-in is open and the person and the membership still hold."""
    now = clock.now()
    with db.reading():
        found = queries.find_session(token)
        if found is None or found[0].stage is not SignInStage.OPEN:
            return None
        session, user = found
        if not rules.session_holds(_facts(session, user), now, limits):
            return None
        memberships = queries.list_memberships(user.id, clock.today())
        chosen = next((m for m in memberships if m.id == session.membership_id), None)
        actor = actor_of(session, chosen) if chosen else None
    if actor is None:
        return None
    if now - session.last_seen_at >= _TOUCH_EVERY:
        _touch(token)
    proofs = rules.read_proofs(session.proofs)
    return SignedIn(session.id, actor, session.last_seen_at, proofs, session.proven_at)


def use_membership(actor: Actor, token: str, membership_public_id: str) -> str:
    """Change the membership in use: rights are those of that one from the next request on.

    Returns the token drawn again. Raises `NotFound`, also for one that what opened the sign-in does not open.
    """
    with db.reading(actor):
        membership = queries.find_membership(actor.user_id, membership_public_id, clock.today())
        current = queries.find_session(token)
        if membership is None or current is None:
            raise NotFound
        if not all(may_use(current[0].id, membership) for may_use in listeners.membership_limits):
            raise NotFound
    end_emergency(token)
    # The act belongs to the cellule where the membership is, which may be another one.
    chosen = build_actor(membership)
    with db.transaction(chosen):
        found = queries.find_session(token)
        if found is None:
            raise NotFound
        found[0].membership_id = membership.id
        audit.record(chosen, "account.use_membership", subject=membership)
        return _draw_token(found[0])


def sign_out(token: str) -> None:
    """Revoke a sign-in on the server; an emergency access ends with it."""
    end_emergency(token)
    with db.transaction():
        found = queries.find_session(token)
        if found is None:
            return
        found[0].revoked_at = clock.now()
        audit.record(None, "account.sign_out", subject=found[1])


def purge_sign_ins() -> None:
    """Delete sessions ended, and failed attempts made, more than a day ago."""
    limit = clock.now() - timedelta(days=1)
    with db.transaction() as session:
        session.execute(delete(UserSession).where(UserSession.expires_at < limit))
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < limit))
        session.execute(delete(PasswordReset).where(PasswordReset.expires_at < limit))


def live(token: str) -> tuple[UserSession, User]:
    """Return the stored sign-in of a token that may take a further step. Raises `NotFound`."""
    found = queries.find_session(token)
    if found is None or not _may_go_on(*found):
        raise NotFound
    return found


def _may_go_on(session: UserSession, user: User) -> bool:
    return rules.may_go_on(_facts(session, user), session.stage, clock.now())


def _renewed(session: UserSession, user: User, proof: Proof | None) -> str:
    memberships = queries.list_memberships(user.id, clock.today())
    chosen = next((m for m in memberships if m.id == session.membership_id), None)
    if chosen is None:
        raise NotFound
    _prove(session, user, chosen, proof)
    return _draw_token(session)


def _prove(session: UserSession, user: User, membership: Membership, proof: Proof | None) -> None:
    """Write down a proof and move the sign-in on; the one that opens it leaves the journal entry."""
    was_open = session.stage is SignInStage.OPEN
    proofs = rules.read_proofs(session.proofs) | ({proof} if proof else set())
    session.proofs = rules.write_proofs(proofs)
    if proof is not None and rules.are_two_factors(proofs):
        session.proven_at = clock.now()
    session.stage = rules.stage_after(proofs, undertaken=has_undertaken(user.id))
    if session.stage is SignInStage.OPEN and not was_open:
        user.last_signed_in_at, user.dormant_warned_at = clock.now(), None
        audit.record(build_actor(membership), "account.sign_in", subject=user)


def _draw_token(session: UserSession) -> str:
    token = secrets.token_urlsafe(32)
    session.token_hash = queries.token_hash(token)
    return token


def _facts(session: UserSession, user: User) -> SessionFacts:
    return SessionFacts(session.created_at, session.last_seen_at, session.revoked_at, user.disabled_at is not None)


def _touch(token: str) -> None:
    with db.transaction():
        found = queries.find_session(token)
        if found is not None:
            found[0].last_seen_at = clock.now()
