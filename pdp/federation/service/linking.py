"""Link an identity to an account: both sides proved in one browser, and a yes in between."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as account_queries
from pdp.accounts import service as accounts
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.federation import providers, queries
from pdp.federation.enums import Reason
from pdp.federation.identity import Identity
from pdp.federation.models import LinkedIdentity, ProviderReturn
from pdp.federation.providers import Provider
from pdp.federation.rules import TRIP_LASTS, Refused
from pdp.federation.service.sign_in import find_membership
from pdp.federation.trips import Trip
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy.actor import Actor

_PAGE = "/mon-compte/securite"
_TAKEN = (
    "Cette identité ne peut pas être rattachée à votre compte. "
    "Vérifiez avec quel compte vous êtes connecté chez le fournisseur, puis recommencez."
)
_LAST_WAY = (
    "C’est votre seul moyen de vous connecter. Choisissez d’abord un mot de passe, puis détachez cette identité."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An identity that its holder just proved, and may link."""

    provider: str
    shown_as: str


def sign_in_name(token: str) -> str:
    """Return the public id of a sign-in, which its token does not change; empty when it is over."""
    with db.reading():
        found = account_queries.find_session(token)
    return found[0].public_id if found else ""


def list_identities(actor: Actor) -> Sequence[LinkedIdentity]:
    """Return the identities linked to one's own account."""
    with db.reading(actor):
        return queries.list_identities(actor.user_id)


def list_providers_for(actor: Actor) -> tuple[Provider, ...]:
    """Return the providers that one may link."""
    if not providers.installed():
        return ()
    with db.reading(actor):
        return tuple(one for one in providers.installed() if find_membership(one, actor.user_id))


def keep_offer(actor: Actor, token: str, trip: Trip, identity: Identity) -> None:
    """Keep the identity that an answer proved until its holder says yes.

    Raises `Refused` unless the sign-in is the very one that set out to link.
    """
    with db.transaction(actor):
        found, answer = account_queries.find_session(token), queries.find_return(trip.state_hash)
        if found is None or answer is None or not trip.sign_in or found[0].public_id != trip.sign_in:
            raise Refused(Reason.OTHER_SESSION)
        answer.user_session_id = found[0].id
        answer.issuer, answer.subject, answer.shown_as = identity.issuer, identity.subject, identity.shown_as


def find_offer(actor: Actor, token: str) -> Offer:
    """Return the identity that waits for a yes. Raises `NotFound`."""
    with db.reading(actor):
        answer = _offer(token)
    return Offer(providers.label_of(answer.provider), answer.shown_as or "")


def link(actor: Actor, token: str) -> str:
    """Link the identity that this sign-in proved, and return the provider's name.

    Raises `NotFound` without one, `RuleViolation` when it is linked already or is not for this person.
    """
    try:
        with db.transaction(actor):
            answer = _offer(token)
            provider = providers.find(answer.provider)
            if provider is None or answer.issuer is None or answer.subject is None:
                raise NotFound
            if find_membership(provider, actor.user_id) is None:
                raise RuleViolation(_TAKEN)
            row = LinkedIdentity(
                user_id=actor.user_id,
                provider=provider.name,
                issuer=answer.issuer,
                subject=answer.subject,
                shown_as=answer.shown_as or "",
                linked_at=clock.now(),
            )
            db.session().add(row)
            answer.issuer = answer.subject = answer.shown_as = None
            audit.record(actor, "federation.link", subject=row, provider=provider.name)
            _tell_change(actor, token)
    except IntegrityError:
        raise RuleViolation(_TAKEN) from None
    return provider.label


def unlink(actor: Actor, token: str, public_id: str) -> str:
    """Unlink one's identity, end at once the person's other sign-ins, and return the provider's name.

    Raises `NotFound`, or `RuleViolation` when nothing else would let the person in.
    """
    with db.transaction(actor):
        found = queries.find_own_identity(actor.user_id, public_id)
        if found is None:
            raise NotFound
        if found.user.password_hash is None and len(queries.list_identities(actor.user_id)) == 1:
            raise RuleViolation(_LAST_WAY)
        audit.record(actor, "federation.unlink", subject=found, provider=found.provider)
        db.session().execute(delete(LinkedIdentity).where(LinkedIdentity.id == found.id))
        _tell_change(actor, token)
    return providers.label_of(found.provider)


def _tell_change(actor: Actor, token: str) -> None:
    """End the other sign-ins of the person and tell them: another way in is another way to be robbed."""
    accounts.end_other_sign_ins(actor.user_id, token)
    notify([actor.user_id], NoticeKind.FACTORS_CHANGED, cellule_id=actor.cellule_id, link=_PAGE)


def _offer(token: str) -> ProviderReturn:
    session = account_queries.find_session(token)
    answer = queries.find_offer(session[0].id, clock.now() - TRIP_LASTS) if session else None
    if answer is None:
        raise NotFound
    return answer
