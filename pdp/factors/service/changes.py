"""What every change of a person's factors does: the other sign-ins end, and the person is told by notice and mail."""

from pdp.accounts import service as accounts
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy.actor import Actor

PAGE = "/mon-compte/securite"


def tell_change(actor: Actor, token: str) -> None:
    """End the sign-ins of the person but that of `token`, and tell them. Inside the caller's transaction."""
    accounts.end_other_sign_ins(actor.user_id, token)
    notify([actor.user_id], NoticeKind.FACTORS_CHANGED, cellule_id=actor.cellule_id, link=PAGE)
