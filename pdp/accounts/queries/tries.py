"""Wrong tries and asked resets, counted by account and by source; what a new password may not hold."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from pdp.accounts.models import PasswordReset, SignInAttempt, User
from pdp.accounts.queries.people import list_memberships
from pdp.accounts.rules import THROTTLE_DAY, THROTTLE_WINDOW, Tries
from pdp.core import clock, db

_TRIES_LOCK = 0x70647054


def count_failures(account_key: str, source_key: str, since: datetime) -> tuple[int, int]:
    """Count failed sign-ins since an instant, for an account and for a source."""
    attempts = SignInAttempt
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(attempts.account_key == account_key),
                func.count().filter(attempts.source_key == source_key),
            ).where(attempts.at >= since, or_(attempts.account_key == account_key, attempts.source_key == source_key))
        )
        .one()
    )
    return row[0], row[1]


def lock_tries() -> None:
    """Let one try at a time be counted in the whole installation, until the end of the transaction.

    SQLite already has one writer at a time.
    """
    if not db.bound().is_sqlite:
        db.session().execute(select(func.pg_advisory_xact_lock(_TRIES_LOCK)))


def count_tries(account_key: str, source_key: str, now: datetime) -> Tries:
    """Count the wrong passwords that decide whether one more is looked at. One statement."""
    attempts, recent, today = SignInAttempt, now - THROTTLE_WINDOW, now - THROTTLE_DAY
    is_recent, of_account = attempts.at >= recent, attempts.account_key == account_key
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(of_account, is_recent),
                func.count().filter(of_account),
                func.count().filter(attempts.source_key == source_key, is_recent),
                func.count().filter(is_recent),
            ).where(or_(is_recent, and_(of_account, attempts.at >= today)))
        )
        .one()
    )
    return Tries(*row)


def count_resets(account_key: str, source_key: str, since: datetime) -> tuple[int, int]:
    """Count the links asked for since an instant, for an address and from a source."""
    of_account, of_source = PasswordReset.account_key == account_key, PasswordReset.source_key == source_key
    row = (
        db.session()
        .execute(
            select(func.count().filter(of_account), func.count().filter(of_source)).where(
                PasswordReset.created_at >= since, or_(of_account, of_source)
            )
        )
        .one()
    )
    return row[0], row[1]


def find_reset(token_hash: str, *, lock: bool = False) -> tuple[PasswordReset, User] | None:
    """Return a link asked for by the hash of its token, with whose account it opens."""
    return _reset_of(PasswordReset.token_hash == token_hash, lock=lock)


def find_reset_by_id(public_id: str) -> tuple[PasswordReset, User] | None:
    """Return a link asked for by its public id, with whose account it opens."""
    return _reset_of(PasswordReset.public_id == public_id)


def end_resets(account_key: str, now: datetime) -> None:
    """End the links asked for an address: at most one serves at a time. The same statement for every address."""
    db.session().execute(
        update(PasswordReset)
        .where(PasswordReset.account_key == account_key, PasswordReset.ended_at.is_(None))
        .values(ended_at=now)
    )


def list_words_about(user: User) -> tuple[str, ...]:
    """Return what a password of the person must not be made of: who they are, where they work."""
    held = list_memberships(user.id, clock.today())
    places = {text for each in held for text in (each.organisation.name, each.cellule.name)}
    return (user.given_name, user.family_name, user.email, *sorted(places))


def _reset_of(condition: ColumnElement[bool], *, lock: bool = False) -> tuple[PasswordReset, User] | None:
    wanted = select(PasswordReset, User).join(User, User.id == PasswordReset.user_id).where(condition)
    if lock:
        wanted = wanted.with_for_update(of=PasswordReset).execution_options(populate_existing=True)
    row = db.session().execute(wanted).one_or_none()
    return (row[0], row[1]) if row else None
