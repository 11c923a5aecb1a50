"""The note of a discussion typed by two people: by its button without scripts, and alone as the script saves it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.meetings.builders import build_meeting
from tests.meetings.live import Paths, done, hidden, refused, send
from tests.meetings.pages import entries, plain, read
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


@pytest.fixture
def paths(world: World) -> Paths:
    return Paths(build_meeting(world))


def stored(client: StrictClient, paths: Paths) -> str:
    """Return the note as a fresh page shows it."""
    page = client.get(paths.console).get_data(as_text=True)
    return page.split('id="f-discussion"')[1].split(">", 1)[1].split("</textarea>")[0].strip("\n")


def test_what_two_people_wrote_from_the_same_text_is_brought_together(sign_in_as: SignIn, paths: Paths) -> None:
    one, other = sign_in_as("a.coordinateur"), sign_in_as("a.coordinateur")
    form = f"{paths.item}/note"
    stale = hidden(other.get(paths.console).get_data(as_text=True), form)
    assert "La note est enregistrée." in done(one, send(one, paths.console, form, discussion="Accord de tous."))
    told = done(other, other.post(form, data=stale | {"discussion": "Réserve du médecin."}))
    assert "Elle réunit votre texte et celui d’une autre personne." in told
    assert stored(one, paths) == "Accord de tous.\nRéserve du médecin."
    assert [entry.detail for entry in entries("agenda.discussion")] == [None, None]


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ("mine", "Deux mois.\nFin."),
        ("other", "Un mois, à confirmer.\nFin."),
        ("both", "Un mois, à confirmer.\nDeux mois.\nFin."),
    ],
)
def test_the_same_paragraph_shows_both_texts_until_a_person_chooses(
    sign_in_as: SignIn, paths: Paths, keep: str, expected: str
) -> None:
    one, other = sign_in_as("a.coordinateur"), sign_in_as("a.coordinateur")
    form = f"{paths.item}/note"
    done(one, send(one, paths.console, form, discussion="Un mois.\nFin."))
    stale = hidden(other.get(paths.console).get_data(as_text=True), form)
    done(one, send(one, paths.console, form, discussion="Un mois, à confirmer.\nFin."))
    answer = other.post(form, data=stale | {"discussion": "Deux mois.\nFin."})
    text = refused(answer, 409)
    assert "Cette note a changé pendant que vous écriviez" in text
    assert "Un mois, à confirmer." in text
    assert "Deux mois." in text
    # Nothing was stored over anybody's text meanwhile.
    assert stored(one, paths) == "Un mois, à confirmer.\nFin."
    again = hidden(answer.get_data(as_text=True), form) | {"discussion": "Deux mois.\nFin.", "keep": keep}
    done(other, other.post(form, data=again))
    assert stored(one, paths) == expected


def test_a_note_saved_leaves_the_other_forms_of_the_case_fresh(sign_in_as: SignIn, paths: Paths) -> None:
    one, other = sign_in_as("a.coordinateur"), sign_in_as("a.coordinateur")
    fields = hidden(other.get(paths.console).get_data(as_text=True), f"{paths.item}/avis")
    done(one, send(one, paths.console, f"{paths.item}/note", discussion="Accord de tous."))
    adjourned = other.post(f"{paths.item}/avis", data=fields | {"code": "ADJOURNED"})
    assert "Ajourné" in done(other, adjourned)


def alone(client: StrictClient, paths: Paths, **typed: Any) -> tuple[int, str]:
    """Save the note as the script does; return the status and the form that comes back."""
    answer = client.post(f"{paths.item}/note", data=typed, headers={"X-Note": "1"})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_script_gets_the_form_alone_with_what_is_stored(world: World, sign_in_as: SignIn, paths: Paths) -> None:
    one = sign_in_as("a.coordinateur")
    one.get(paths.console)
    status, html = alone(one, paths, base="", discussion="Accord.")
    assert (status, 'data-version="1"' in html, "<h1" in html) == (200, True, False)
    assert "Enregistré à" in plain(html)
    status, html = alone(one, paths, base="", discussion="Réserve.")
    assert (status, "réuni avec le texte d’une autre personne" in html) == (200, True)
    assert "Accord.\nRéserve.</textarea>" in html
    # The same text again stores nothing: neither version nor entry.
    status, html = alone(one, paths, base="Accord.\nRéserve.", discussion="Accord.\nRéserve.")
    assert (status, 'data-version="2"' in html) == (200, True)
    assert len(entries("agenda.discussion")) == 2
    status, html = alone(one, paths, base="Avant.\nRéserve.", discussion="Après.\nRéserve.")
    assert (status, "data-apart" in html, "Après.\nRéserve.</textarea>" in html) == (409, True, True)
    status, html = alone(one, paths, base="Accord.\nRéserve.", discussion="x" * 8001)
    assert (status, "8000 caractères au plus." in html) == (422, True)


def test_a_note_moves_the_console_and_neither_the_room_nor_the_voters(sign_in_as: SignIn, paths: Paths) -> None:
    secretary, voter = sign_in_as("a.coordinateur"), sign_in_as("a.service_medical")
    pages = {
        f"{paths.meeting}/projection": (secretary, 304),
        f"{paths.meeting}/vote": (voter, 304),
        paths.console: (secretary, 200),
    }
    tags = {page: client.get(page).headers["ETag"] for page, (client, _) in pages.items()}
    alone(secretary, paths, base="", discussion="Accord de tous.")
    for page, (client, expected) in pages.items():
        assert client.get(page, headers={"If-None-Match": tags[page]}).status_code == expected, page


def test_the_other_members_read_the_note_and_do_not_write_it(sign_in_as: SignIn, paths: Paths) -> None:
    secretary, member = sign_in_as("a.coordinateur"), sign_in_as("a.cpam")
    alone(secretary, paths, base="", discussion="Accord de tous.")
    assert "Note de la discussion Accord de tous." in read(member, paths.console)
    assert alone(member, paths, base="Accord de tous.", discussion="Refus.")[0] == 404
    assert stored(secretary, paths) == "Accord de tous."
