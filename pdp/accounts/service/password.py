"""Change one's own password."""

from pdp.accounts import passwords, queries
from pdp.accounts.service import throttle
from pdp.accounts.service.reset import set_password
from pdp.accounts.service.sign_in import WAITS
from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.policy.actor import Actor

_NONE = "Votre compte n’a pas de mot de passe : vous vous connectez par un autre moyen. Il n’y a rien à changer ici."
_WRONG = "Ce n’est pas votre mot de passe actuel."


def change_password(actor: Actor, token: str, *, current: str, password: str, repeated: str = "") -> int:
    """Change the actor's password: their other sign-ins end, a notice says so. Returns how many ended.

    Raises `InvalidInput` on `current`, `password` or `repeated`, `RuleViolation` when too many wrong ones were typed.
    """
    with db.reading(actor):
        user = queries.get_user(actor.user_id)
        about = queries.list_words_about(user)
    if user.password_hash is None:
        raise RuleViolation(_NONE)
    passwords.check_password(password, repeated, about=about)
    # Counted apart from the sign-in: nobody else's tries keep the holder from changing it.
    tried = throttle.claim(f"change {actor.user_id}", f"change {actor.user_id}", device="own")
    if tried.wait:
        raise RuleViolation(WAITS[tried.wait])
    if not passwords.matches(user.password_hash, current):
        with db.transaction(actor):
            audit.record(actor, "account.change_password", refused=True)
        raise InvalidInput({"current": [_WRONG]})
    fresh = passwords.hash_password(password)
    with db.transaction(actor):
        throttle.forgive(tried)
        ended = set_password(queries.get_user(actor.user_id), fresh, token=token)
        audit.record(actor, "account.change_password", sign_ins=ended)
    return ended
