"""A new password by mail: the same answer and the same work whether the address has an account or not.

The link opens no session and replaces no factor: it lets a password be chosen, and leads to the sign-in.
"""

from pdp.accounts import passwords, queries, rules
from pdp.accounts.models import PasswordReset, User
from pdp.accounts.service import own, throttle
from pdp.audit import service as audit
from pdp.core import clock, db, links
from pdp.core.errors import NotFound
from pdp.core.ids import new_public_id
from pdp.notifications import service as notifications
from pdp.notifications.doors import Opening
from pdp.notifications.enums import NoticeKind

_PURPOSE = "password_reset"
_OVER = (
    "Ce lien ne sert plus : il vaut trente minutes, et une seule fois. "
    "Demandez-en un autre par « Mot de passe oublié »."
)


def ask_reset(email: str, source: str) -> None:
    """Ask for a link to choose a new password; nothing tells whether the address has an account.

    At most three links an hour for an address and twenty from a source; past that nothing leaves, in silence. A
    newer link ends the former ones.
    """
    account, now = email.strip().lower(), clock.now()
    account_key, source_key = throttle.fingerprint(account), throttle.fingerprint(source)
    with db.transaction() as session:
        queries.lock_tries()
        asked = queries.count_resets(account_key, source_key, now - rules.RESET_WINDOW)
        if not rules.may_ask_reset(*asked):
            return
        user = queries.find_user_by_email(account)
        queries.end_resets(account_key, now)
        public_id = new_public_id()
        reset = PasswordReset(
            public_id=public_id,
            user_id=user.id if user and _may_reset(user) else None,
            account_key=account_key,
            source_key=source_key,
            token_hash=links.hash_of(links.new_token(_PURPOSE, public_id)),
            created_at=now,
            expires_at=now + rules.RESET_LASTS,
        )
        session.add(reset)
        notifications.queue_link(NoticeKind.PASSWORD_RESET, public_id)
        audit.record(None, "account.ask_reset", subject=reset)


def find_opening(reset_public_id: str) -> Opening | None:
    """Return where the mail of a link goes, and the path that it opens; None once it opens nothing."""
    with db.reading():
        found = queries.find_reset_by_id(reset_public_id)
    if found is None or not _holds(*found):
        return None
    token = links.find_token(_PURPOSE, reset_public_id, found[0].token_hash)
    return Opening(found[1].email, f"/mot-de-passe/{token}") if token else None


def check_reset(token: str) -> None:
    """Raise `NotFound`, with what to do, for a link that opens nothing."""
    with db.reading():
        _usable(token)


def reset_password(token: str, *, password: str, repeated: str = "") -> None:
    """Choose a new password by a link: every sign-in of the person ends, their second factor stays.

    Raises `InvalidInput` for a password that does not fit, `NotFound` for a link that opens nothing.
    """
    with db.reading():
        about = queries.list_words_about(_usable(token)[1])
    passwords.check_password(password, repeated, about=about)
    fresh = passwords.hash_password(password)
    with db.transaction():
        reset, user = _usable(token, lock=True)
        reset.ended_at = clock.now()
        set_password(user, fresh, token="")
        audit.record(None, "account.reset_password", subject=user)


def set_password(user: User, password_hash: str, *, token: str) -> int:
    """Keep a new password, end the other sign-ins and tell the person; return how many sign-ins ended.

    Joins the caller's transaction and leaves its journal entry to the caller.
    """
    now = clock.now()
    user.password_hash = password_hash
    throttle.forget(user.email)
    queries.end_resets(throttle.fingerprint(user.email), now)
    held = queries.list_memberships(user.id, clock.today())
    if held:
        cellule_id = db.adopt(db.Upkeep(held[0].cellule_id)).cellule_id
        notifications.notify([user.id], NoticeKind.PASSWORD_CHANGED, cellule_id=cellule_id, link="/mon-compte")
    return own.end_other_sign_ins(user.id, token)


def _may_reset(user: User) -> bool:
    # Someone without a password of ours signs in elsewhere: a mailbox must not become a way around it.
    return user.disabled_at is None and user.password_hash is not None


def _usable(token: str, *, lock: bool = False) -> tuple[PasswordReset, User]:
    found = queries.find_reset(links.hash_of(token), lock=lock)
    if found is None or not _holds(*found):
        raise NotFound(_OVER)
    return found


def _holds(reset: PasswordReset, user: User) -> bool:
    return reset.ended_at is None and clock.now() < reset.expires_at and _may_reset(user)
