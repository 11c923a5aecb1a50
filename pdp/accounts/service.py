"""Sign-in, sessions and choice of the membership in use."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from pdp.accounts import listeners, queries, rules
from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Cellule, GovernanceRules, Membership, Seat, SignInAttempt, User, UserSession
from pdp.accounts.passwords import matches
from pdp.accounts.queries import SignedIn
from pdp.accounts.rules import SessionFacts, SessionLimits
from pdp.audit import service as audit
from pdp.core import clock, crypto, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.core.french import capital
from pdp.policy import masking
from pdp.policy.actor import Actor

_REFUSED = "Adresse ou mot de passe inconnu. Vérifiez les deux, puis recommencez."
_UNNAMED = capital(masking.UNNAMED)
_WAIT = "Trop d’essais à la suite. Patientez quinze minutes, puis recommencez : votre compte n’est pas bloqué."
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class EmergencyGrant:
    """What a sign-in must know of an emergency access: which case, until when."""

    access_id: int
    cellule_id: int
    case_id: int
    reference: str
    until: datetime


def sign_in(email: str, password: str, source: str, limits: SessionLimits) -> str:
    """Open a session for the right password and return its token.

    Raises `RuleViolation` with the same message and the same work whether the account exists or not.
    """
    account_key, source_key = _key(email.strip().lower()), _key(source)
    with db.transaction():
        since = clock.now() - rules.THROTTLE_WINDOW
        waiting = rules.must_wait(*queries.count_failures(account_key, source_key, since))
        user = queries.find_user_by_email(email)
        accepted = matches(user.password_hash if user else None, password) and not waiting
        token = _open(user, limits) if accepted and user and user.disabled_at is None else None
        if token is None:
            db.session().add(SignInAttempt(account_key=account_key, source_key=source_key, at=clock.now()))
            audit.record(None, "account.sign_in", refused=True, subject=user, throttled=waiting)
    if token is None:
        raise RuleViolation(_WAIT if waiting else _REFUSED)
    return token


def must_wait_for_password(email: str) -> bool:
    """Tell whether the password of an address was tried too often in a row, wherever it was typed."""
    key = _key(email.strip().lower())
    failures, _ = queries.count_failures(key, key, clock.now() - rules.THROTTLE_WINDOW)
    return rules.must_wait(failures, 0)


def note_failed_password(email: str) -> None:
    """Count a wrong password typed elsewhere than at the sign-in."""
    key = _key(email.strip().lower())
    db.session().add(SignInAttempt(account_key=key, source_key=key, at=clock.now()))


def sign_in_as(membership_public_id: str, limits: SessionLimits) -> str:
    """Open a session without a password for a demo visitor, through the membership chosen."""
    with db.transaction():
        membership = queries.find_any_membership(membership_public_id)
        if membership is None:
            raise NotFound
        token = _open(membership.user, limits, membership)
        if token is None:
            raise NotFound
        return token


def sign_out(token: str) -> None:
    """Revoke a session on the server; an emergency access ends with it."""
    end_emergency(token)
    with db.transaction():
        found = queries.find_session(token)
        if found is None:
            return
        found[0].revoked_at = clock.now()
        audit.record(None, "account.sign_out", subject=found[1])


def resume(token: str, limits: SessionLimits) -> SignedIn | None:
    """Return who a token stands for, if the session, the person and the membership still hold."""
    now = clock.now()
    with db.reading():
        found = queries.find_session(token)
        if found is None:
            return None
        session, user = found
        facts = SessionFacts(
            session.created_at, session.last_seen_at, session.revoked_at, user.disabled_at is not None
        )
        if not rules.session_holds(facts, now, limits):
            return None
        memberships = queries.list_memberships(user.id, clock.today())
        chosen = next((m for m in memberships if m.id == session.membership_id), None)
        actor = _actor_of(session, chosen) if chosen else None
    if actor is None:
        return None
    if now - session.last_seen_at >= _TOUCH_EVERY:
        _touch(token)
    return SignedIn(session.id, actor, session.last_seen_at)


def use_membership(actor: Actor, token: str, membership_public_id: str) -> None:
    """Change the membership in use: rights are those of that one from the next request on."""
    with db.reading(actor):
        membership = queries.find_membership(actor.user_id, membership_public_id, clock.today())
    if membership is None:
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


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of the cellule with who holds it, as the reader may know it."""

    label: str
    voice: str
    titulaires: str
    suppleants: str


@dataclass(frozen=True, slots=True)
class CellulePage:
    """The cellule, its rules, its seats, and the bodies associated with it: name and kind."""

    cellule: Cellule
    rules: GovernanceRules
    seats: tuple[SeatLine, ...]
    organisations: tuple[tuple[str, str], ...]


def read_cellule(actor: Actor) -> CellulePage:
    """Return who sits in the cellule, with what voice and under which rules; sensitive partners unnamed."""
    today = clock.today()
    with db.reading(actor):
        return CellulePage(
            cellule=queries.get_cellule(actor.cellule_id),
            rules=queries.governance(actor.cellule_id, today),
            seats=tuple(_seat_line(actor, seat) for seat in queries.list_seats(actor.cellule_id, today)),
            organisations=tuple(
                (found.name, found.kind.label) if masking.reads_name(actor, found.facts) else (_UNNAMED, "–")
                for found in queries.list_organisations(actor.cellule_id, today)
            ),
        )


def _seat_line(actor: Actor, seat: Seat) -> SeatLine:
    if not masking.reads_name(actor, seat.organisation.facts):
        return SeatLine(masking.UNNAMED_SEAT, seat.voice.label, "–", "–")
    people: dict[HolderRank, list[str]] = {rank: [] for rank in HolderRank}
    for holder in seat.holders:
        people[holder.rank].append(holder.membership.user.full_name)
    return SeatLine(
        seat.label,
        seat.voice.label,
        ", ".join(people[HolderRank.TITULAIRE]) or "siège vacant",
        ", ".join(people[HolderRank.SUPPLEANT]) or "aucun",
    )


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
    with db.reading():
        found = queries.find_session(token)
        held = found and queries.list_memberships(found[1].id, clock.today())
        chosen = next((m for m in held or () if found and m.id == found[0].membership_id), None)
        actor = _actor_of(found[0], chosen) if found and chosen else None
    if actor is None or not actor.in_emergency:
        return
    with db.transaction(actor):
        again = queries.find_session(token)
        if again is None or again[0].emergency_access_id is None:
            return
        for listener in listeners.emergency_closed:
            listener(actor, again[0].emergency_access_id)
        audit.record(actor, "case.emergency.end", case_id=again[0].emergency_case_id)
        again[0].emergency_access_id = again[0].emergency_cellule_id = again[0].emergency_case_id = None
        again[0].emergency_reference = again[0].emergency_until = None


def must_wait_for_emergency(actor: Actor) -> bool:
    """Tell whether the person tried too many references in a row."""
    key = _key(f"emergency:{actor.user_id}")
    failures, _ = queries.count_failures(key, key, clock.now() - rules.THROTTLE_WINDOW)
    return failures >= rules.MAX_EMERGENCY_TRIES


def note_failed_emergency(actor: Actor) -> None:
    """Count a reference that opened nothing."""
    key = _key(f"emergency:{actor.user_id}")
    db.session().add(SignInAttempt(account_key=key, source_key=key, at=clock.now()))


def _actor_of(session: UserSession, membership: Membership) -> Actor:
    """Return who acts in a sign-in: the membership in use, or what an emergency access makes of it."""
    actor = build_actor(membership)
    until, cellule_id = session.emergency_until, session.emergency_cellule_id
    if until is None or cellule_id is None or clock.now() >= until:
        return actor
    return replace(
        actor,
        cellule_id=cellule_id,
        cellule_name=queries.get_cellule(cellule_id).name,
        emergency_case_id=session.emergency_case_id,
        emergency_reference=session.emergency_reference or "",
        emergency_until=until,
    )


def purge_sign_ins() -> None:
    """Delete sessions ended, and failed attempts made, more than a day ago."""
    limit = clock.now() - timedelta(days=1)
    with db.transaction() as session:
        session.execute(delete(UserSession).where(UserSession.expires_at < limit))
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < limit))


def build_actor(membership: Membership) -> Actor:
    """Copy a membership into the value that policy and services work with."""
    return Actor(
        user_id=membership.user_id,
        membership_id=membership.id,
        membership_public_id=membership.public_id,
        name=membership.user.full_name,
        role=membership.role,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.short_name,
        cellule_id=membership.cellule_id,
        cellule_name=membership.cellule.name,
        is_physician=membership.is_physician,
        is_org_manager=membership.is_org_manager,
    )


def _open(user: User, limits: SessionLimits, membership: Membership | None = None) -> str | None:
    """Store a new session and return its token; None when the person has no membership today."""
    memberships = queries.list_memberships(user.id, clock.today())
    chosen = membership or (memberships[0] if memberships else None)
    if chosen is None:
        return None
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session().add(
        UserSession(
            token_hash=queries.token_hash(token),
            user_id=user.id,
            membership_id=chosen.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + limits.absolute,
        )
    )
    audit.record(build_actor(chosen), "account.sign_in", subject=user)
    return token


def _touch(token: str) -> None:
    with db.transaction():
        found = queries.find_session(token)
        if found is not None:
            found[0].last_seen_at = clock.now()


def _key(text: str) -> str:
    """Return a keyed fingerprint: throttling needs to compare addresses, not to know them."""
    secret = crypto.ring().derive(crypto.ring().current, "throttle")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
