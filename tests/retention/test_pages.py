"""The pages of retention: who sees what, what they do, and how many statements they cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.retention.models import RetentionContact, RetentionHold
from pdp.retention.service import running
from tests.retention import builders
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


@pytest.fixture
def over(world: World) -> World:
    """A hidden case, one that will be in forty days, one that is held."""
    for name in ("a.alone", "a.closed", "a.partial"):
        builders.close(world, name)
    builders.conceal(world, "a.alone")
    soon = clock.today() + timedelta(days=40)
    builders.close(world, "a.closed", soon.replace(year=soon.year - 2, day=min(soon.day, 28)))
    with as_owner():
        builders.add_hold(world, "a.partial", reason="Recours d’essai")
    return world


def test_the_manager_sees_each_case_in_its_tab(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.manager")
    for tab, name in (("a-venir", "a.closed"), ("masques", "a.alone"), ("suspendus", "a.partial")):
        page = client.get(f"/conservation?etat={tab}").text
        shown = {key for key in ("a.closed", "a.alone", "a.partial") if over.case[key] in page}
        assert shown == {name}
        assert "P. N." in page


def test_the_officer_sees_references_and_no_person_nor_reason(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.dpo")
    page = client.get("/conservation?etat=suspendus").text
    assert over.case["a.partial"] in page
    assert "P. N." not in page
    case = client.get(f"/conservation/dossiers/{over.case['a.partial']}").text
    assert "Recours d’essai" not in case
    assert "Nompartial" not in case
    assert "Conserver pour contentieux" not in case


@pytest.mark.parametrize("name", ["a.cap_emploi", "a.csam", "a.service_medical", "a.cpam", "a.admin", "a.pilotage"])
def test_others_find_no_such_page(over: World, sign_in_as: SignIn, name: str) -> None:
    client = sign_in_as(name)
    assert client.get("/conservation").status_code in {403, 404}
    assert client.get(f"/conservation/dossiers/{over.case['a.alone']}").status_code in {403, 404}


def test_another_cellule_finds_nothing(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("b.manager")
    assert client.get(f"/conservation/dossiers/{over.case['a.alone']}").status_code == 404
    assert over.case["a.alone"] not in client.get("/conservation?etat=masques").text


def test_a_hidden_case_is_shown_nowhere_else(over: World, sign_in_as: SignIn) -> None:
    for name in ("a.service_social", "a.manager", "a.coordinateur", "a.cpam"):
        assert sign_in_as(name).get(f"/dossiers/{over.case['a.alone']}").status_code == 404
    assert over.case["a.alone"] not in sign_in_as("a.manager").get("/dossiers").text


def test_a_contact_to_come_is_refused_and_nothing_typed_is_lost(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    path = f"/conservation/dossiers/{over.case['a.closed']}"
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = client.post(f"{path}/contact", data={"contacted_on": tomorrow, "means": "phone", "reason": "Rappel dit"})
    assert answer.status_code == 422
    assert "Ce jour est à venir" in answer.text
    assert "Rappel dit" in answer.text
    today = clock.today().isoformat()
    answer = client.post(f"{path}/contact", data={"contacted_on": today, "means": "phone", "reason": "Rappel dit"})
    assert answer.status_code == 303
    with as_owner() as session:
        assert session.scalars(select(RetentionContact.reason)).all() == ["Rappel dit"]
    assert over.case["a.closed"] not in client.get("/conservation").text


def test_a_hidden_case_is_brought_back_from_its_page(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.coordinateur")
    path = f"/conservation/dossiers/{over.case['a.alone']}"
    assert client.post(f"{path}/retour", data={"reason": ""}).status_code == 422
    assert client.post(f"{path}/retour", data={"reason": "Nouvel arrêt"}).status_code == 303
    assert client.get(f"/dossiers/{over.case['a.alone']}").status_code == 200


def test_a_hold_is_placed_reviewed_and_its_lifting_asked(over: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.manager")
    path = f"/conservation/dossiers/{over.case['a.closed']}"
    assert client.post(f"{path}/contentieux", data={"dispute": "Recours 12"}).status_code == 303
    with as_owner() as session:
        hold = session.scalars(select(RetentionHold).where(RetentionHold.reason == "Recours 12")).one()
    below = f"{path}/contentieux/{hold.public_id}"
    assert client.post(f"{below}/revue", data={"version": 1}).status_code == 303
    assert client.post(f"{below}/revue", data={"version": 1}).status_code == 409
    assert client.post(f"{below}/levee", data={"version": 2, "lift_reason": "Rejeté"}).status_code == 303
    answer = client.post(f"{below}/confirmation", data={"version": 3})
    assert answer.status_code == 422
    assert "une autre personne doit la confirmer" in answer.text
    assert sign_in_as("a.coordinateur").post(f"{below}/confirmation", data={"version": 3}).status_code == 303


def test_a_stopped_run_says_why_and_takes_one_confirmation_of_each(world: World, sign_in_as: SignIn) -> None:
    for name in ("a.alone", "a.closed", "a.shared", "a.partial"):
        builders.close(world, name)
        builders.conceal(world, name)
    running.run(world.cellule["a"])
    officer = sign_in_as("a.dpo")
    page = officer.get("/conservation/passages").text
    assert "Trop de dossiers d’un coup" in page
    assert "le plafond d’un passage est de 3" in page
    action = page.split('/confirmation"')[0].rsplit('action="', 1)[1]
    assert officer.post(f"{action}/confirmation").status_code == 303
    assert sign_in_as("a.coordinateur").post(f"{action}/confirmation").status_code == 303
    # Who may not confirm finds no such page.
    assert sign_in_as("a.manager").post(f"{action}/confirmation").status_code == 404


def test_a_new_rule_is_kept_with_its_history(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.coordinateur")
    values: dict[str, Any] = {
        "valid_from": clock.today().isoformat(),
        "months": 36,
        "notice_days": 60,
        "hidden_days": 30,
        "cap_percent": 2,
        "cap_cases": 20,
    }
    assert client.post("/conservation/durees", data=values | {"hidden_days": 6}).status_code == 422
    assert client.post("/conservation/durees", data=values | {"valid_from": "2020-01-01"}).status_code == 422
    assert client.post("/conservation/durees", data=values).status_code == 303
    assert client.post("/conservation/durees", data=values).status_code == 422
    assert "36&nbsp;mois" in client.get("/conservation").text
    assert sign_in_as("a.dpo").post("/conservation/durees", data=values).status_code == 404


def test_the_referent_and_the_coordinator_are_told_once(over: World, sign_in_as: SignIn) -> None:
    running.run(over.cellule["a"])
    running.run(over.cellule["a"])
    with as_owner() as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.RETENTION_SOON)).all()
    # One case is near its end; the others are hidden or held.
    assert sorted((notice.user_id, notice.case_id) for notice in told) == sorted(
        (over.user[name], over.case_id["a.closed"]) for name in ("a.service_social", "a.coordinateur")
    )
    page = sign_in_as("a.service_social").get("/notifications").text
    assert "La durée de conservation d’un dossier se termine" in page


@pytest.mark.parametrize("tab", ["a-venir", "masques"])
def test_the_list_costs_the_same_for_five_cases_and_forty(
    world: World, sign_in_as: SignIn, count_queries: Callable[..., Any], tab: str
) -> None:
    client = sign_in_as("a.manager")
    costs = []
    for more in (5, 35):
        with as_owner() as session:
            model = session.get_one(Case, world.case_id["a.closed"])
            for number in range(more):
                person = InsuredPerson(
                    cellule_id=model.cellule_id,
                    family_name=f"Fin{number}",
                    given_name="Lou",
                    birth_date=model.opened_on,
                    search_key=f"fin{number} lou",
                )
                session.add(person)
                session.flush()
                session.add(
                    Case(
                        cellule_id=model.cellule_id,
                        person_id=person.id,
                        reference=f"2020-{more:02}{number:02}",
                        stage=model.stage,
                        opened_on=builders.LONG_AGO,
                        closed_on=builders.LONG_AGO,
                        hidden_on=builders.LONG_AGO if tab == "masques" else None,
                        referent_user_id=model.referent_user_id,
                        created_at=clock.now(),
                        source=model.source,
                    )
                )
        with count_queries() as counted:
            assert client.get(f"/conservation?etat={tab}").status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]
