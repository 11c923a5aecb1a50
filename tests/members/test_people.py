"""Who has an access: taken away, given back, an account closed and opened again, through the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.accounts.enums import ClosingReason
from pdp.accounts.models import Membership, User
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.policy.roles import Role
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
LIST = "/personnes"


def of(world: World, person: str, act: str) -> str:
    return f"{LIST}/{world.membership[person]}/{act}"


def journal(action: str) -> list[AuditEntry]:
    with as_owner() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_the_coordination_takes_an_access_away_and_gives_it_back(sign_in_as: SignIn, world: World) -> None:
    coordination, partner = sign_in_as("a.coordinateur"), sign_in_as("a.cap_emploi")
    assert partner.get("/").status_code == 200
    page = of(world, "a.cap_emploi", "retrait")
    assert "Cap emploi" in coordination.get(page).get_data(as_text=True)
    assert coordination.post(page, data={"reason": "departure"}).status_code == 303
    assert partner.get("/").status_code == 302
    with as_owner() as session:
        ended = session.scalars(select(Membership).where(Membership.public_id == world.membership["a.cap_emploi"]))
        assert ended.one().ends_on is not None
    assert coordination.post(of(world, "a.cap_emploi", "retour")).status_code == 303
    again = sign_in_as("a.cap_emploi")
    assert again.get("/").status_code == 200
    with as_owner() as session:
        back = session.scalars(
            select(Membership).where(Membership.public_id == world.membership["a.cap_emploi"])
        ).one()
        assert (back.is_org_manager, back.is_physician) == (False, False)
    assert [entry.detail["reason"] for entry in journal("members.end") if entry.detail] == ["departure"]
    assert len(journal("members.give_back")) == 1


def test_nobody_gives_back_an_access_of_their_own(sign_in_as: SignIn, world: World) -> None:
    # The coordinator was of the service médical until last month: alone, they must not read it again.
    with as_owner() as session:
        medical = session.scalars(
            select(Membership).where(Membership.public_id == world.membership["a.service_medical"])
        ).one()
        former = Membership(
            user_id=world.user["a.coordinateur"],
            organisation_id=medical.organisation_id,
            cellule_id=medical.cellule_id,
            role=Role.SERVICE_MEDICAL,
            starts_on=medical.starts_on,
            ends_on=clock.today() - timedelta(days=30),
        )
        session.add(former)
        session.flush()
        key, public_id = former.id, former.public_id
    own = sign_in_as("a.coordinateur").post(f"{LIST}/{public_id}/retour", follow_redirects=True)
    assert "une autre personne doit le rendre" in own.get_data(as_text=True)
    with as_owner() as session:
        assert session.get_one(Membership, key).ends_on is not None
    sign_in_as("a.admin").post(f"{LIST}/{public_id}/retour")
    with as_owner() as session:
        assert session.get_one(Membership, key).ends_on is None


def test_the_administration_closes_an_account_and_opens_it_again(sign_in_as: SignIn, world: World) -> None:
    admin, agent = sign_in_as("a.admin"), sign_in_as("a.cpam")
    assert admin.post(of(world, "a.cpam", "fermeture"), data={"reason": "incident"}).status_code == 303
    assert agent.get("/").status_code == 302
    with as_owner() as session:
        user = session.get_one(User, world.user["a.cpam"])
        assert (user.disabled_at is not None, user.disabled_reason) == (True, ClosingReason.INCIDENT)
    assert "Soupçon d’usage anormal" in admin.get(LIST).get_data(as_text=True)
    admin.post(of(world, "a.cpam", "reouverture"))
    assert sign_in_as("a.cpam").get("/").status_code == 200
    assert agent.get("/").status_code == 302, "the sign-in that was ended came back"


@pytest.mark.parametrize("values", [{}, {"reason": "dormant"}, {"reason": "autre chose"}])
def test_a_reason_is_asked(sign_in_as: SignIn, world: World, values: dict[str, str]) -> None:
    answer = sign_in_as("a.coordinateur").post(of(world, "a.cpam", "retrait"), data=values)
    assert answer.status_code == 422
    assert sign_in_as("a.cpam").get("/").status_code == 200


# Who tries, on whom, what is answered to: the list, ending the access, closing the account.
RIGHTS: list[tuple[str, tuple[int, int, int]]] = [
    ("a.coordinateur", (200, 303, 404)),
    ("a.admin", (200, 303, 303)),
    ("a.manager", (200, 404, 404)),
    ("a.dpo", (200, 404, 404)),
    ("a.service_social", (404, 404, 404)),
    ("a.cpam", (404, 404, 404)),
    ("a.cap_emploi", (404, 404, 404)),
    ("a.pilotage", (404, 404, 404)),
    # The same roles of another cellule find nobody of this one.
    ("b.coordinateur", (200, 404, 404)),
    ("b.admin", (200, 404, 404)),
]


@pytest.mark.parametrize(("who", "answers"), RIGHTS)
def test_each_role_does_what_it_may_and_nothing_else(
    sign_in_as: SignIn, world: World, who: str, answers: tuple[int, int, int]
) -> None:
    client, reason = sign_in_as(who), {"reason": "change"}
    assert client.get(LIST).status_code == answers[0]
    assert client.post(of(world, "a.spst", "retrait"), data=reason).status_code == answers[1]
    assert client.post(of(world, "a.mdph", "fermeture"), data=reason).status_code == answers[2]


OWN = [("a.coordinateur", "retrait"), ("a.admin", "retrait"), ("a.admin", "fermeture")]


@pytest.mark.parametrize(("who", "act"), OWN)
def test_nobody_closes_their_own_access(sign_in_as: SignIn, world: World, who: str, act: str) -> None:
    answer = sign_in_as(who).post(of(world, who, act), data={"reason": "departure"})
    assert answer.status_code == 422
    assert "une autre personne doit le retirer" in answer.get_data(as_text=True)


def test_the_last_coordinator_stays(sign_in_as: SignIn, world: World) -> None:
    admin = sign_in_as("a.admin")
    answer = admin.post(of(world, "a.coordinateur", "retrait"), data={"reason": "departure"})
    assert answer.status_code == 422
    assert "Personne d’autre ne tient ce rôle" in answer.get_data(as_text=True)
    with as_owner() as session:
        held = session.scalars(select(Membership).where(Membership.public_id == world.membership["a.cpam"])).one()
        held.role = Role.COORDINATEUR
    assert admin.post(of(world, "a.coordinateur", "retrait"), data={"reason": "departure"}).status_code == 303


def test_the_list_takes_the_same_statements_for_few_people_as_for_many(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any], figure: Callable[[str, object], None]
) -> None:
    client = sign_in_as("a.coordinateur")
    client.get(LIST)
    with count_queries() as few:
        client.get(LIST)
    with as_owner() as session:
        model = session.scalars(select(Membership).where(Membership.public_id == world.membership["a.cpam"])).one()
        for number in range(40):
            name = f"Ombre{number}"
            user = User(email=f"{name}@example.org", given_name="N", family_name=name, created_at=clock.now())
            session.add(user)
            session.flush()
            session.add(
                Membership(
                    user_id=user.id,
                    organisation_id=model.organisation_id,
                    cellule_id=model.cellule_id,
                    role=model.role,
                    starts_on=model.starts_on,
                )
            )
    with count_queries() as many:
        assert "Ombre39" in client.get(LIST).get_data(as_text=True)
    assert len(many) == len(few)
    figure("members.queries", f"{len(many)} statements for 59 people as for 19")
