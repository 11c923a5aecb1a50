"""Sign-ins: the stored session of a token, those of a person, those through a membership."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.models import Membership, Organisation, User, UserSession
from pdp.accounts.rules import read_proofs
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.roles import ROLE_NAMES, Role

# A person has a few sign-ins; a list longer than this is an attack, which « all others » ends.
_MOST_SIGN_INS = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live sign-in: who, through which membership, and its stored row."""

    session_id: int
    actor: Actor
    last_seen_at: datetime
    proofs: frozenset[Proof]
    proven_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """An open sign-in as its holder reads it in their account."""

    public_id: str
    device: str
    since: datetime
    last_seen_at: datetime
    role: Role | None
    organisation: str | None
    proofs: frozenset[Proof]
    is_current: bool

    @property
    def role_label(self) -> str:
        """Return the French name of the role in use in it."""
        return ROLE_NAMES[self.role] if self.role else ""


def token_hash(token: str) -> str:
    """Return the stored form of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str) -> tuple[UserSession, User] | None:
    """Return the sign-in of a token with its person, held or not."""
    found = db.session().execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash(token))
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


def list_sessions_through(membership_id: int) -> Sequence[UserSession]:
    """Return the sign-ins that use a membership and are not revoked."""
    wanted = select(UserSession).where(UserSession.membership_id == membership_id, UserSession.revoked_at.is_(None))
    return db.session().scalars(wanted).all()


def list_sessions_of(user_id: int) -> Sequence[UserSession]:
    """Return the sign-ins of a person that are not revoked, newest first."""
    wanted = select(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    return db.session().scalars(wanted.order_by(UserSession.id.desc())).all()


def find_own_session(user_id: int, public_id: str) -> tuple[UserSession, User] | None:
    """Return a sign-in of a person by its public id, held or not."""
    found = db.session().execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.public_id == public_id, UserSession.user_id == user_id)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


def list_open_sign_ins(user_id: int, token: str, *, seen_since: datetime) -> list[OwnSignIn]:
    """Return the sign-ins of a person that still open something; the one of `token` first. One statement."""
    current = UserSession.token_hash == token_hash(token)
    rows = db.session().execute(
        select(UserSession, Membership.role, Organisation.short_name, current)
        .outerjoin(Membership, Membership.id == UserSession.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            UserSession.user_id == user_id,
            UserSession.stage == SignInStage.OPEN,
            UserSession.revoked_at.is_(None),
            UserSession.last_seen_at >= seen_since,
            UserSession.expires_at > clock.now(),
        )
        .order_by(current.desc(), UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(_MOST_SIGN_INS)
    )
    return [
        OwnSignIn(
            each.public_id,
            each.device,
            each.created_at,
            each.last_seen_at,
            role,
            organisation,
            read_proofs(each.proofs),
            bool(is_current),
        )
        for each, role, organisation, is_current in rows
    ]
