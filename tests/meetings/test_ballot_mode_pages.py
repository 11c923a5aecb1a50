"""Ways of voting on their pages: chosen in the console, followed on one's own device and by the room."""

from collections.abc import Callable
from typing import Any

from tests.meetings.builders import build_meeting
from tests.meetings.live import Paths, done, refused, send
from tests.meetings.pages import read
from tests.support.world import World

SignIn = Callable[[str], Any]


def test_an_agreement_is_proposed_then_put_to_the_vote_by_one_member(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world))
    client = sign_in_as("a.coordinateur")
    open_form = f"{paths.item}/scrutin"
    text = refused(send(client, f"{paths.console}?point={paths.seance.items[0]}", open_form, mode="CONSENSUS"))
    assert "Choisissez l’avis que la présidence propose." in text
    text = done(client, send(client, paths.console, open_form, mode="CONSENSUS", proposed="FAVOURABLE"))
    assert "Avis conforme, sans vote" in text
    member = sign_in_as("a.cpam")
    waiting = member.get(f"{paths.meeting}/vote")
    page = waiting.location
    assert "La présidence propose, sans vote :" in read(member, page)
    text = done(member, send(member, page, f"{page}/demande"))
    assert "Pour, sous conditions" in text
    client = sign_in_as("a.coordinateur")
    text = read(client, f"{paths.console}?point={paths.seance.items[0]}")
    assert "Vote demandé par CPAM, siège 1, après une proposition d’avis « favorable »." in text


def test_a_secret_ballot_shows_participations_then_counts(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world))
    client = sign_in_as("a.coordinateur")
    here = f"{paths.console}?point={paths.seance.items[0]}"
    text = done(client, send(client, here, f"{paths.item}/scrutin", mode="SECRET"))
    assert "Scrutin secret" in text
    assert "Tous pour" not in text.split("Scrutin secret")[1].split("Raccourcis")[0]
    member = sign_in_as("a.cpam")
    page = member.get(f"{paths.meeting}/vote").location
    assert "sous conditions" not in read(member, page)
    text = done(member, send(member, page, page, vote="AGAINST"))
    assert "Votre vote est compté, et rien ne le relie à vous" in text
    client = sign_in_as("a.coordinateur")
    text = read(client, here)
    assert "1 vote reçu : si vous fermez maintenant, le résultat dira ce que cette personne a voté." in text
    assert "Contre" not in text.split("Scrutin secret")[1].split("Reprendre")[0]
