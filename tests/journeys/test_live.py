"""A case held from the console by keyboard alone, while a member votes on a phone and the room follows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.meetings.builders import build_meeting
from tests.meetings.live import Paths
from tests.support.client import StrictClient
from tests.support.world import World

pytestmark = pytest.mark.journey
# What a person in the room may wait for: one poll of two seconds, and the time to draw it.
SOON = 3_500


@pytest.fixture
def enter(
    open_page: Callable[..., Page], sign_in_as: Callable[[str], StrictClient], address: str
) -> Callable[..., Page]:
    """Open a page signed in as a person of the world, in a browser of its own."""

    def enter_as(person: str, path: str, width: int = 1280, height: int = 900) -> Page:
        page = open_page(width, height)
        cookie = sign_in_as(person).get_cookie("pdp")
        assert cookie is not None
        page.context.add_cookies([{"name": "pdp", "value": cookie.value, "url": address}])
        page.goto(path)
        return page

    return enter_as


def test_the_console_the_phone_and_the_room_agree(world: World, enter: Callable[..., Page]) -> None:
    paths = Paths(build_meeting(world, cases=("a.shared", "a.alone"), items=2))
    phone = enter("a.service_medical", f"{paths.meeting}/vote", width=360, height=800)
    room = enter("a.coordinateur", f"{paths.meeting}/projection", width=1920, height=1080)
    console = enter("a.coordinateur", f"{paths.meeting}/console?point={paths.seance.items[1]}")
    expect(phone.get_by_text("Aucun scrutin ouvert pour vous")).to_be_visible()

    # The first case is shown to the room, its note begun, its ballot opened.
    console.keyboard.press("k")
    expect(room.get_by_role("heading", name="2026-0002 · P. N.")).to_be_visible(timeout=SOON)
    expect(console.locator(".person")).to_contain_text("2026-0002")
    console.wait_for_load_state()
    console.keyboard.press("m")
    console.keyboard.type("Le médecin demande un entretien")
    console.keyboard.press("Escape")
    console.keyboard.press("o")
    expect(phone.get_by_role("heading", name="Voter")).to_be_visible(timeout=SOON)
    expect(room.get_by_text("Scrutin ouvert : 0 vote reçu sur 6.")).to_be_visible(timeout=SOON)

    # One vote on the phone: the console and the room learn that it was given, never what it is.
    phone.get_by_label("Pour, sous conditions").check()
    phone.get_by_label("Votre condition").fill("Entretien avec Cap emploi d’abord.")
    phone.get_by_role("button", name="Enregistrer mon vote").click()
    expect(phone.get_by_text("Modifier mon vote")).to_be_visible()
    expect(console.locator("#scrutin").get_by_text("A voté")).to_be_visible(timeout=SOON)
    expect(room.get_by_text("Scrutin ouvert : 1 vote reçu sur 6.")).to_be_visible(timeout=SOON)
    assert "Cap emploi d’abord" not in console.content()
    assert "sous conditions" not in room.content()
    assert console.input_value("#f-discussion") == "Le médecin demande un entretien"

    # All for, then one exception with its reason, typed without the mouse.
    console.keyboard.press("c")
    console.get_by_label("Motif dit par ce siège").wait_for()
    console.keyboard.type("Le financement n’est pas sûr.")
    console.keyboard.press("Tab")
    console.keyboard.press("Enter")
    expect(console.locator("#scrutin").get_by_text("Contre", exact=True)).to_have_count(2)
    console.keyboard.press("t")
    expect(console.get_by_role("button", name="Clore le scrutin", exact=True)).to_be_visible()
    console.keyboard.press("f")
    expect(console.get_by_text("Avis de la cellule")).to_be_visible()

    # The opinion that follows from the votes is offered first: it is recorded with the keyboard.
    expect(console.get_by_role("textbox", name="Réserve", exact=True)).to_have_value(
        "Entretien avec Cap emploi d’abord."
    )
    console.get_by_role("button", name="Enregistrer l’avis").press("Enter")
    for page in (console, phone, room):
        expect(page.locator(".sealed-word")).to_have_text("Favorable sous réserve", timeout=SOON)
        expect(page.get_by_text(re.compile("5 pour, dont 1 sous conditions")).first).to_be_visible()
    assert console.input_value("#f-discussion") == "Le médecin demande un entretien"
