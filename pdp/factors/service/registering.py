"""Register a passkey: as the first factor of a person who signs in, or one more from their page."""

from sqlalchemy.exc import IntegrityError

from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof
from pdp.accounts.models import User
from pdp.accounts.service import Pending
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.factors import rules
from pdp.factors.enums import ChallengePurpose, FactorKind
from pdp.factors.models.passkeys import Passkey
from pdp.factors.queries import passkeys as queries
from pdp.factors.service import ceremony, challenges, enrolment, holders, recovery
from pdp.factors.service.ceremony import AnswerRefused, NewKey, Site
from pdp.factors.service.changes import tell_change
from pdp.policy.actor import Actor

_REFUSED = "Cette clé d’accès n’a pas pu être enregistrée. Rechargez la page, puis recommencez."
_TOO_MANY = "Vous avez déjà dix moyens de connexion. Retirez-en un avant d’en ajouter."
_KNOWN = "Cette clé d’accès est déjà enregistrée."


def ask(user_id: int, token: str, site: Site) -> str:
    """Return what a browser needs to make a passkey of the person of a sign-in, on its way or open."""
    with db.reading() as session:
        user = session.get_one(User, user_id)
        held = queries.list_passkeys(user_id)
    challenge = challenges.draw(ChallengePurpose.REGISTER, token)
    return ceremony.creation_options(
        site, challenge, user_handle=user.public_id, email=user.email, name=user.full_name, held=held
    )


def register_first(token: str, pending: Pending, credential: str, site: Site) -> str:
    """Register a passkey as the factor of a person who signs in; return the token drawn again, one factor further.

    Raises `NotFound` when the person has a factor and did not recover, `RuleViolation` for a wrong answer.
    """
    actor = accounts.signing_in(token)
    made = _verified(actor, token, credential, site)
    with db.transaction(actor):
        _lock(actor.user_id)
        if not enrolment.may_enrol(pending):
            raise NotFound
        if Proof.RECOVERY in pending.proofs:
            recovery.finish(actor)
        return _keep(actor, token, made, "")


def register(actor: Actor, token: str, *, credential: str, site: Site, name: str = "") -> str:
    """Register one more passkey, end the other sign-ins of the person, return the token drawn again.

    Raises `RuleViolation` for a wrong answer, a key already known, or too many factors.
    """
    made = _verified(actor, token, credential, site)
    with db.transaction(actor):
        _lock(actor.user_id)
        if len(holders.list_factors(actor.user_id)) >= rules.MAX_FACTORS:
            raise RuleViolation(_TOO_MANY)
        return _keep(actor, token, made, name)


def _verified(actor: Actor, token: str, credential: str, site: Site) -> NewKey:
    try:
        answer = ceremony.read(credential)
        challenge = challenges.take(answer.challenge, ChallengePurpose.REGISTER, token)
        if challenge is None:
            raise AnswerRefused("challenge")
        return ceremony.verify_making(answer, challenge, site)
    except AnswerRefused as refused:
        with db.transaction(actor):
            audit.record(actor, "factor.add", refused=True, kind=FactorKind.PASSKEY, reason=refused.reason)
        raise RuleViolation(_REFUSED) from None


def _keep(actor: Actor, token: str, made: NewKey, name: str) -> str:
    held = queries.list_passkeys(actor.user_id)
    passkey = Passkey(
        user_id=actor.user_id,
        handle=made.handle,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name or f"Clé d’accès{f' {len(held) + 1}' if held else ''}",
        transports=made.transports,
        backed_up=made.backed_up,
        created_at=clock.now(),
    )
    db.session().add(passkey)
    try:
        db.session().flush()
    except IntegrityError:
        raise RuleViolation(_KNOWN) from None
    renewed = accounts.add_proof(token, Proof.PASSKEY)
    tell_change(actor, renewed)
    audit.record(actor, "factor.add", subject=passkey, kind=FactorKind.PASSKEY)
    return renewed


def _lock(user_id: int) -> None:
    # Two sign-ins with the same password must not both register a first factor.
    db.session().get_one(User, user_id, with_for_update=True)
