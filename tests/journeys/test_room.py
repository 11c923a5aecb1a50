"""A whole séance by the keyboard alone, and two secretaries in the same note."""

import re
from collections.abc import Callable
from itertools import zip_longest

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem
from tests.journeys.test_live import enter as enter
from tests.meetings.builders import build_meeting
from tests.meetings.live import Paths
from tests.support.databases import as_owner
from tests.support.world import World

pytestmark = pytest.mark.journey

Enter = Callable[..., Page]


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, as hands do."""
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    """Return the words of what has the focus."""
    found = page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")
    return re.sub(r"\s+", " ", str(found)).strip()


def wait_for_focus(page: Page, words: str) -> None:
    """Wait until the focus is on the act named by these words."""
    page.wait_for_function(
        "words => (document.activeElement.innerText || document.activeElement.name || '').includes(words)", arg=words
    )


def discussion(item: str) -> str:
    """Return the note as stored."""
    with as_owner() as session:
        return session.scalars(select(AgendaItem.discussion).where(AgendaItem.public_id == item)).one()


def test_a_whole_seance_is_driven_by_the_keyboard_alone(
    world: World, enter: Enter, figure: Callable[[str, object], None]
) -> None:
    paths = Paths(build_meeting(world, 3, status=MeetingStatus.PLANNED, cases=("a.shared", "a.alone", "a.partial")))
    console = enter("a.coordinateur", paths.console)

    # Open, seat everyone, come to the first case: each page proposes its next act under Enter.
    wait_for_focus(console, "Ouvrir la séance")
    press(console, "Enter")
    wait_for_focus(console, "Ouvrir la séance")
    press(console, "Enter")
    wait_for_focus(console, "Noter présents tous les titulaires")
    press(console, "Enter")
    wait_for_focus(console, "Ouvrir la console")
    press(console, "Enter")
    wait_for_focus(console, "Présenter ce dossier")
    press(console, "?")
    expect(console.get_by_role("heading", name="Raccourcis")).to_be_visible()
    press(console, "?")
    press(console, "v")

    # First case: a note, an action, the ballot; all for, then seat 3 against; the opinion.
    wait_for_focus(console, "Ouvrir le scrutin")
    press(console, "m")
    console.keyboard.type("Accord de tous les services.")
    press(console, "Escape", "s")
    console.keyboard.type("Cap")
    press(console, "Tab")
    # The date picker of the browser orders day and month as the machine does.
    console.locator("#f-due_on:focus").fill("2099-03-20")
    press(console, "Tab", "Tab", "Tab", "Tab")
    console.keyboard.type("Fixer l’entretien")
    press(console, "Enter")
    expect(console.get_by_text("Fixer l’entretien, au plus tard le 20 mars")).to_be_visible()
    press(console, "o")
    expect(console.locator(".ballot-current")).to_be_focused()
    press(console, "t")
    wait_for_focus(console, "Clore le scrutin")
    press(console, "3")
    expect(console.locator(".ballot-current")).to_be_focused()
    press(console, "c")
    expect(console.get_by_label("Motif dit par ce siège")).to_be_focused()
    console.keyboard.type("Le financement n’est pas sûr.")
    press(console, "Tab", "Enter")
    wait_for_focus(console, "Clore le scrutin")
    expect(console.locator("#annonce")).to_have_text("Scrutin ouvert : 8 votes reçus sur 8.")
    press(console, "f")
    wait_for_focus(console, "code")
    expect(console.locator("#annonce")).to_contain_text("Scrutin clos.")
    press(console, "Enter")
    wait_for_focus(console, "Dossier suivant à traiter")
    expect(console.locator("#annonce")).to_have_text("Avis enregistré : Favorable.")

    # Second case: no ballot, adjourned. Third: everybody for; then the séance is closed.
    press(console, "Enter")
    wait_for_focus(console, "Ouvrir le scrutin")
    press(console, "e")
    wait_for_focus(console, "code")
    press(console, "Enter")
    wait_for_focus(console, "Dossier suivant à traiter")
    press(console, "Enter")
    wait_for_focus(console, "Ouvrir le scrutin")
    press(console, "o")
    expect(console.locator(".ballot-current")).to_be_focused()
    press(console, "t")
    wait_for_focus(console, "Clore le scrutin")
    press(console, "Enter")
    wait_for_focus(console, "code")
    press(console, "Enter")
    wait_for_focus(console, "Clore la séance")
    press(console, "Enter")
    wait_for_focus(console, "Clore la séance")
    press(console, "Enter")
    expect(console.get_by_text("La séance est close. Aucun dossier ne reste à traiter.")).to_be_visible()
    assert discussion(paths.seance.items[0]) == "Accord de tous les services."
    figure("room.keyboard", "a séance of 3 requests opened, voted, concluded and closed without a pointer")


def test_two_secretaries_in_one_note_lose_nothing(
    world: World, enter: Enter, figure: Callable[[str, object], None]
) -> None:
    paths = Paths(build_meeting(world))
    item = paths.seance.items[0]
    one, other = (enter("a.coordinateur", f"{paths.console}?point={item}") for _ in range(2))

    # Both begin at once; each types a sentence of its own while the other's is saved.
    for page in (one, other):
        press(page, "m")
    first, second = "Le médecin demande un entretien d’abord.", "Le service social accompagne le projet jusqu’au bout."
    for words in zip_longest(*(re.findall(r"\S+\s?", text) for text in (first, second)), fillvalue=""):
        for page, word in zip((one, other), words, strict=True):
            page.keyboard.type(word, delay=40)
    for page in (one, other):
        page.wait_for_function(
            "all => all.every((line) => document.querySelector('#f-discussion').value.split('\\n').includes(line))",
            arg=[first, second],
        )
    assert one.input_value("#f-discussion") == other.input_value("#f-discussion")
    assert sorted(discussion(item).split("\n")) == sorted([first, second])

    # Each goes on in its own paragraph, where its hands are.
    one.keyboard.type(" Avant juin.")
    other.keyboard.type(" Il le redira.")
    expect(one.locator("#f-discussion")).to_have_value(re.compile("redira"))
    expect(other.locator("#f-discussion")).to_have_value(re.compile("juin"))
    assert sorted(discussion(item).split("\n")) == sorted([f"{first} Avant juin.", f"{second} Il le redira."])
    expect(one.locator("[data-note-state]")).to_contain_text("Enregistré à")
    figure("room.note", "two browsers typing in the same note: both texts whole in both, and stored")
