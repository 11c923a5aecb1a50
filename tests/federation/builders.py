"""Linked identities of the base world, written as rows: not through the service under test."""

from datetime import timedelta

from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.models import Membership, UserSession
from pdp.core import clock, db
from pdp.federation.models import LinkedIdentity, ProviderReturn, ProviderSignIn
from tests.support.world import World


def link(world: World, name: str, issuer: str, subject: str, provider: str = "mock") -> LinkedIdentity:
    """Link an identity to a person of the world."""
    identity = LinkedIdentity(
        user_id=world.user[name],
        provider=provider,
        issuer=issuer,
        subject=subject,
        shown_as=f"{subject}@example.org",
        linked_at=clock.now(),
    )
    db.session().add(identity)
    db.session().flush()
    return identity


def add(world: World, key: str) -> None:
    """Add an identity of the CPAM's person, a sign-in that it proved and ended, and an answer that was used."""
    identity = link(world, f"{key}.cpam", "https://idp.example.org", f"sujet-{key}")
    membership = db.session().query(Membership).filter_by(public_id=world.membership[f"{key}.cpam"]).one()
    now = clock.now()
    session = UserSession(
        token_hash=f"federation-{key}",
        user_id=identity.user_id,
        membership_id=membership.id,
        stage=SignInStage.OPEN,
        proofs=Proof.PROVIDER_TWO_FACTORS.value,
        device="",
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=10),
        revoked_at=now,
    )
    db.session().add(session)
    db.session().flush()
    db.session().add_all(
        (
            ProviderReturn(
                state_hash=f"retour-{key}",
                at=now,
                user_session_id=session.id,
                provider="mock",
                issuer=identity.issuer,
                subject=identity.subject,
                shown_as=identity.shown_as,
            ),
            ProviderSignIn(
                user_id=identity.user_id,
                user_session_id=session.id,
                identity_id=identity.id,
                provider="mock",
                acr="eidas2",
                amr="mfa pwd",
                siret="13002526500013",
                idp_id="fia",
                id_token="jeton",
            ),
        )
    )
    db.session().flush()
