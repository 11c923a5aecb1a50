"""Accept the confidentiality undertaking, and let the sign-in open."""

from pdp.accounts import undertakings
from pdp.accounts.enums import SignInStage
from pdp.accounts.models import UndertakingAcceptance
from pdp.accounts.service import sessions
from pdp.accounts.service.own import signing_in
from pdp.accounts.service.undertaking import has_undertaken
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput


def undertake(token: str, *, undertaking: str = "", accepted: bool = False) -> str:
    """Accept the undertaking in force in a sign-in on its way, and open it; return the token drawn again.

    `undertaking` is the version that was read. Raises `InvalidInput` when it is not the one in force or was not
    ticked, `NotFound` when the sign-in is over.
    """
    code = undertakings.in_force().code
    if undertaking != code:
        raise InvalidInput({"_form": ["Le texte a changé entre-temps. Relisez-le, puis acceptez-le."]})
    if not accepted:
        raise InvalidInput({"accepted": ["Cochez la case pour accepter : sans cela, la session ne s’ouvre pas."]})
    actor = signing_in(token)
    with db.transaction(actor):
        session, user = sessions.live(token)
        if session.stage is SignInStage.UNDERTAKING and not has_undertaken(user.id):
            row = UndertakingAcceptance(user_id=user.id, undertaking=code, accepted_at=clock.now())
            db.session().add(row)
            audit.record(actor, "account.undertake", subject=row)
        return sessions.advance(token)
