"""Passkeys: signing in with one alone, proving with one what a sign-in needs, and what a refused one leaves."""

from collections.abc import Sequence

from pdp.accounts import queries as account_queries
from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof
from pdp.accounts.rules import SessionLimits
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.factors.enums import ChallengePurpose, FactorKind
from pdp.factors.models.passkeys import Passkey
from pdp.factors.queries import passkeys as queries
from pdp.factors.service import ceremony, challenges
from pdp.factors.service.ceremony import Answer, AnswerRefused, Site
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy.actor import Actor

KIND = FactorKind.PASSKEY
_PAGE = "/mon-compte/securite"
_REFUSED = "Cette clé d’accès n’a pas été acceptée. Recommencez, ou choisissez une autre façon de vous connecter."


def list_rows(user_id: int) -> Sequence[Passkey]:
    """Return the passkeys of a person, oldest first."""
    return queries.list_passkeys(user_id)


def ask_anyone(holder: str, site: Site) -> str:
    """Return what a browser needs to sign in with a passkey alone; `holder` is the number that its cookie holds."""
    return ceremony.request_options(site, challenges.draw(ChallengePurpose.SIGN_IN, holder))


def ask(user_id: int, token: str, site: Site) -> str:
    """Return what a browser needs to prove with a passkey of the person in a sign-in, on its way or open."""
    with db.reading():
        held = queries.list_passkeys(user_id)
    return ceremony.request_options(site, challenges.draw(ChallengePurpose.PROVE, token), held)


def sign_in(credential: str, holder: str, site: Site, limits: SessionLimits, *, device: str = "") -> str:
    """Begin a sign-in with a passkey alone, which is two factors, and return its token.

    Raises `RuleViolation` in the same words whatever is wrong with it.
    """
    try:
        answer, challenge = _take(credential, ChallengePurpose.SIGN_IN, holder)
        actor = _holder_of(answer)
    except AnswerRefused as refused:
        raise _refuse(None, refused) from None
    token, reason = None, ""
    with db.transaction(actor):
        try:
            passkey = _use(answer, challenge, site, actor.user_id, named=True)
            token = accounts.begin(passkey.user, Proof.PASSKEY, limits, device=device)
            audit.record(actor, "factor.use", subject=passkey, kind=KIND)
        except AnswerRefused as refused:
            reason = refused.reason
    if token is None:
        raise _refuse(actor, AnswerRefused(reason or "membership"))
    return token


def prove(actor: Actor, token: str, credential: str, site: Site) -> str:
    """Add the proof of a passkey to a sign-in, on its way or open, and return its token drawn again.

    Raises `RuleViolation` in the same words whatever is wrong with it.
    """
    renewed, reason = "", ""
    try:
        answer, challenge = _take(credential, ChallengePurpose.PROVE, token)
    except AnswerRefused as refused:
        raise _refuse(actor, refused) from None
    with db.transaction(actor):
        try:
            passkey = _use(answer, challenge, site, actor.user_id, named=False)
            renewed = accounts.add_proof(token, Proof.PASSKEY)
            audit.record(actor, "factor.use", subject=passkey, kind=KIND)
        except AnswerRefused as refused:
            reason = refused.reason
    if not renewed:
        raise _refuse(actor, AnswerRefused(reason))
    return renewed


def _take(credential: str, purpose: ChallengePurpose, holder: str) -> tuple[Answer, bytes]:
    """Read an answer and use up the challenge that it answers."""
    answer = ceremony.read(credential)
    challenge = challenges.take(answer.challenge, purpose, holder)
    if challenge is None:
        raise AnswerRefused("challenge")
    return answer, challenge


def _holder_of(answer: Answer) -> Actor:
    """Return who holds the passkey of an answer, for the journal and the notices: nothing is believed yet."""
    with db.reading():
        passkey = queries.find_by_handle(answer.handle)
        if passkey is None:
            raise AnswerRefused("unknown")
        held = account_queries.list_memberships(passkey.user_id, clock.today())
    if not held:
        raise AnswerRefused("membership")
    return accounts.build_actor(held[0])


def _use(answer: Answer, challenge: bytes, site: Site, user_id: int, *, named: bool) -> Passkey:
    """Verify a use and count it. `named`: the device must say whose key it is, since nobody typed who they are."""
    passkey = queries.find_by_handle(answer.handle, lock=True)
    if passkey is None or passkey.user_id != user_id:
        raise AnswerRefused("foreign")
    if passkey.user.disabled_at is not None:
        raise AnswerRefused("disabled")
    handle = passkey.user.public_id.encode()
    if answer.user_handle != handle and (named or answer.user_handle is not None):
        raise AnswerRefused("holder")
    used = ceremony.verify_use(answer, challenge, site, passkey)
    passkey.sign_count, passkey.backed_up = used.sign_count, used.backed_up
    passkey.last_used_at = clock.now()
    return passkey


def _refuse(actor: Actor | None, refused: AnswerRefused) -> RuleViolation:
    """Journal a refused answer; of a key that seems to be copied, tell its holder."""
    with db.transaction(actor):
        audit.record(actor, "factor.use", refused=True, kind=KIND, reason=refused.reason)
        if actor is not None and refused.reason == "copied":
            notify([actor.user_id], NoticeKind.PASSKEY_COPIED, cellule_id=actor.cellule_id, link=_PAGE)
    return RuleViolation(_REFUSED)
