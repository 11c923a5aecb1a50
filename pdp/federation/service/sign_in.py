"""Begin a sign-in for the account that an identity is linked to."""

from datetime import UTC, datetime

from pdp.accounts import queries as account_queries
from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof
from pdp.accounts.models import Membership, UserSession
from pdp.accounts.rules import SessionLimits
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.federation import providers, queries
from pdp.federation.enums import Reason
from pdp.federation.identity import Identity
from pdp.federation.models import LinkedIdentity, ProviderSignIn
from pdp.federation.providers import Provider
from pdp.federation.rules import Refused


def sign_in(identity: Identity, limits: SessionLimits, *, device: str = "") -> str:
    """Begin the sign-in of the person linked to an identity and return its token.

    Only the link decides who it is, and only the memberships stored here what it opens. Raises `Refused`,
    in the same way whether the identity is unknown, the account disabled or without membership.
    """
    proof = Proof.PROVIDER_TWO_FACTORS if identity.two_factors else Proof.PROVIDER
    with db.transaction():
        linked = queries.find_identity(identity.issuer, identity.subject)
        if linked is None:
            raise Refused(Reason.NOT_LINKED)
        membership = find_membership(identity.provider, linked.user_id)
        if membership is None or linked.user.disabled_at is not None:
            raise Refused(Reason.NOT_OPEN)
        token = accounts.begin(linked.user, proof, limits, membership=membership, device=device)
        found = account_queries.find_session(token) if token else None
        if token is None or found is None:
            raise Refused(Reason.NOT_OPEN)
        _keep_facts(identity, linked, found[0])
        actor = accounts.build_actor(membership)
        audit.record(actor, "federation.prove", subject=linked, provider=linked.provider, proof=proof.value)
        return token


def find_membership(provider: Provider, user_id: int) -> Membership | None:
    """Return the first membership of a person that a provider is for."""
    held = account_queries.list_memberships(user_id, clock.today())
    return next((found for found in held if provider.is_for(found.cellule.code, found.organisation.kind)), None)


def opens(user_session_id: int, membership: Membership) -> bool:
    """Tell whether a sign-in opens a membership: one made through a provider opens those that the provider is for."""
    found = queries.find_provider_of(user_session_id)
    if found is None:
        return True
    provider = providers.find(found)
    return provider is not None and provider.is_for(membership.cellule.code, membership.organisation.kind)


def _keep_facts(identity: Identity, linked: LinkedIdentity, session: UserSession) -> None:
    linked.last_used_at = clock.now()
    if session.proven_at is not None:
        # A session left open at the provider since this morning is no proof of now.
        session.proven_at = min(session.proven_at, datetime.fromtimestamp(identity.proved_at, UTC))
    facts = identity.facts
    db.session().add(
        ProviderSignIn(
            user_id=linked.user_id,
            user_session_id=session.id,
            identity_id=linked.id,
            provider=linked.provider,
            acr=facts["acr"],
            amr=facts["amr"],
            siret=facts["siret"][:20],
            idp_id=facts["idp_id"][:80],
            id_token=identity.id_token,
        )
    )
