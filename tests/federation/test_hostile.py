"""A provider that lies about everything but its signature takes over nothing and gives no right."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pdp.accounts.models import Membership, User
from pdp.federation.models import LinkedIdentity
from tests.federation.builders import link
from tests.federation.proconnect import Provider
from tests.federation.travel import Travel, is_signed_in
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

Go = Callable[[StrictClient, str], Travel]
Figure = Callable[[str, object], None]

# What a provider could say to look like somebody, or to be given something.
LIES: tuple[dict[str, Any], ...] = (
    {"email": "cpam.a@example.org", "email_verified": True},
    {"email": "CPAM.A@EXAMPLE.ORG", "preferred_username": "cpam.a@example.org"},
    {"given_name": "Cpam", "family_name": "EssaiA", "usual_name": "EssaiA", "name": "Cpam EssaiA"},
    {"siret": "13002526500013", "uid": "cpam.a@example.org", "idp_id": "fia1"},
    {"roles": ["admin"], "role": "admin", "groups": ["administrateurs"], "realm_access": {"roles": ["admin"]}},
    {"user_id": 1, "membership": 1, "cellule_id": 1, "organisation_id": 1, "is_org_manager": True},
    {"case_id": 1, "case_ids": [1, 2, 3], "scope": "admin case:read case:write"},
)
RIGHTS = ("/dossiers", "/mon-role", "/cellule", "/simulateur", "/journal", "/installation", "/personnes")


def accounts() -> list[tuple[Any, ...]]:
    with as_owner() as session:
        people = session.scalars(select(User).order_by(User.id))
        found: list[tuple[Any, ...]] = [(row.id, row.email, row.family_name, row.disabled_at) for row in people]
        held = session.scalars(select(Membership).order_by(Membership.id))
        return found + [(row.id, row.user_id, row.role, row.is_org_manager, row.ends_on) for row in held]


@pytest.mark.parametrize("server", ["generic", "proconnect"])
def test_a_hostile_provider_takes_over_no_account(
    app: Flask, world: World, generic: Provider, proconnect: Provider, travel: Go, figure: Figure, server: str
) -> None:
    hostile, other = (generic, proconnect) if server == "generic" else (proconnect, generic)
    with as_owner():
        # The victim is known at the other provider, under a subject that the hostile one copies.
        link(world, "a.cpam", other.issuer, "victime", "other")
    before, taken = accounts(), 0
    for subject in ("victime", "cpam.a@example.org", f"{other.issuer}#victime", str(world.user["a.cpam"])):
        for lie in LIES:
            hostile.behave(subject=subject, claims={"acr": "eidas2", "amr": ["mfa"]} | lie, userinfo=lie)
            client = StrictClient(app, app.response_class)
            assert travel(client, server).sign_in().status_code == 403
            taken += is_signed_in(client)
    assert taken == 0
    assert accounts() == before
    with as_owner() as session:
        assert len(session.scalars(select(LinkedIdentity)).all()) == 1
    figure(
        "oidc.takeover", f"{taken} accounts taken over in {4 * len(LIES)} hostile sign-ins by each kind of provider"
    )


def test_no_claim_gives_a_right(
    app: Flask, world: World, sign_in_as: Callable[[str], StrictClient], generic: Provider, travel: Go, figure: Figure
) -> None:
    with as_owner():
        link(world, "a.cpam", generic.issuer, "agent-1", "generic")
    before = accounts()
    honest = [sign_in_as("a.cpam").get(path).status_code for path in RIGHTS]
    gained = 0
    for lie in LIES:
        generic.behave(claims={"acr": "eidas2"} | lie, userinfo=lie)
        client = StrictClient(app, app.response_class)
        travel(client, "generic").sign_in()
        assert is_signed_in(client)
        gained += [client.get(path).status_code for path in RIGHTS] != honest
    assert gained == 0
    assert accounts() == before
    figure("oidc.claims", f"{gained} rights given by {len(LIES)} sets of claims over {len(RIGHTS)} pages")
