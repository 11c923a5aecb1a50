"""The page of notices: one's own only, less the cases that are no longer open."""

from collections.abc import Callable
from typing import Any

import pytest

from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from tests.notifications import builders
from tests.notifications.test_delivery import tell
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


@pytest.fixture
def told(world: World) -> World:
    with as_owner():
        for key in ("a", "b"):
            builders.add(world, key)
    return world


def test_the_bell_says_how_many_and_the_page_lists_them(told: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cap_emploi")
    assert "Notifications\u00a0: 1\u00a0non lue" in client.get("/").get_data(as_text=True)
    page = client.get("/notifications").get_data(as_text=True)
    assert "Un avis vous est demandé" in page
    assert "2026-0002" in page


def test_opening_one_marks_it_as_seen_and_leads_there(told: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cap_emploi")
    notice = only_notice(told, "a.cap_emploi")
    answer = client.post(f"/notifications/{notice}")
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{told.case['a.shared']}")
    assert 'aria-label="Notifications"' in client.get("/").get_data(as_text=True)


def test_all_are_marked_at_once(told: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    assert client.post("/notifications").status_code == 303
    page = client.get("/notifications").get_data(as_text=True)
    assert "1\u00a0notification marquée comme lue." in page
    assert "Tout marquer comme lu" not in page


def test_nobody_opens_the_notice_of_another(told: World, sign_in_as: SignIn) -> None:
    notice = only_notice(told, "a.cap_emploi")
    for name in ("a.service_social", "b.cap_emploi", "a.admin"):
        assert sign_in_as(name).post(f"/notifications/{notice}").status_code == 404


def test_a_withdrawn_agreement_takes_its_notices_away_from_list_count_and_link(
    told: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    client, notice = sign_in_as("a.cap_emploi"), only_notice(told, "a.cap_emploi")
    with as_owner() as session:
        session.query(SharingAgreement).filter_by(
            organisation_id=told.organisation["a.cap_emploi"], case_id=told.case_id["a.shared"]
        ).update({"withdrawn_on": clock.today()})
    page = client.get("/notifications").get_data(as_text=True)
    assert "Aucune notification" in page
    assert 'aria-label="Notifications"' in page
    assert client.post(f"/notifications/{notice}").status_code == 404
    figure("notices.withdrawn", "0 shown, 0 counted, 0 opened after the withdrawal")


def test_counting_costs_one_statement(told: World, sign_in_as: SignIn, count_queries: Callable[[], Any]) -> None:
    client = sign_in_as("a.cap_emploi")
    with count_queries() as seen:
        client.get("/mon-role")
    assert len([statement for statement in seen if "notice" in statement]) == 1


def test_a_notice_without_a_case_stays_whatever_the_agreements(
    world: World, actor_of: Callable[[str], Any], sign_in_as: SignIn
) -> None:
    tell(world, actor_of("a.service_social"), ["a.cap_emploi"], NoticeKind.SHARING_ENDED, case=None)
    assert "Un partage d’informations a pris fin" in sign_in_as("a.cap_emploi").get("/notifications").text


def only_notice(world: World, name: str) -> str:
    with as_owner() as session:
        return session.query(Notice).filter_by(user_id=world.user[name]).one().public_id
