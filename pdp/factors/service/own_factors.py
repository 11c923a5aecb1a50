"""A person's own factors: name one, remove one but never the last."""

from pdp.accounts import service as accounts
from pdp.accounts.models import User
from pdp.audit import service as audit
from pdp.core import db
from pdp.core.errors import NotFound, RuleViolation
from pdp.factors.service import holders
from pdp.factors.service.changes import tell_change
from pdp.factors.service.holders import FactorLine
from pdp.policy.actor import Actor

_LAST = "C’est votre seul moyen de connexion, avec le mot de passe. Ajoutez-en un autre, puis retirez celui-ci."


def list_own(actor: Actor) -> list[FactorLine]:
    """Return the factors of the signed-in person, oldest first."""
    with db.reading(actor):
        return holders.list_factors(actor.user_id)


def find_own(actor: Actor, public_id: str) -> FactorLine:
    """Return one factor of the signed-in person. Raises `NotFound`."""
    for line in list_own(actor):
        if line.public_id == public_id:
            return line
    raise NotFound


def rename(actor: Actor, public_id: str, *, name: str) -> None:
    """Name a factor, to know it from the others. Raises `NotFound`."""
    with db.transaction(actor):
        kind, row = holders.find_row(actor.user_id, public_id)
        row.name = name
        audit.record(actor, "factor.rename", subject=row, kind=kind)


def remove(actor: Actor, token: str, public_id: str) -> str:
    """Remove a factor, end the other sign-ins of the person, and return the token drawn again.

    Raises `NotFound`, and `RuleViolation` for the last one.
    """
    with db.transaction(actor) as session:
        # Two removals at once must leave one.
        session.get_one(User, actor.user_id, with_for_update=True)
        kind, row = holders.find_row(actor.user_id, public_id)
        if len(holders.list_factors(actor.user_id)) == 1:
            raise RuleViolation(_LAST)
        audit.record(actor, "factor.remove", subject=row, kind=kind)
        session.delete(row)
        renewed = accounts.advance(token)
        tell_change(actor, renewed)
        return renewed
