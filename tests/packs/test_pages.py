"""The sheet and the pack on their pages and as files: who reads what, what the journal keeps, what it costs."""

import io
import time
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from pdp import wiring
from pdp.cases import service as cases
from pdp.cases.enums import RecusalReason
from pdp.consent.enums import DepartureKind
from pdp.consent.models import Departure
from pdp.core import clock
from pdp.meetings.enums import MeetingStatus
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.web.guards import is_proven
from tests.meetings.builders import build_meeting
from tests.meetings.pages import NEXT_WEEK, count_statements, entries, read
from tests.meetings.planning_data import add_case, add_item, add_meeting, add_request, writing
from tests.minutes.extract import pdf_words
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
CASES = ("a.shared", "a.alone")


@pytest.fixture(autouse=True)
def _listeners() -> None:
    wiring.connect()


def seance(tabled: tuple[str, ...] = CASES) -> tuple[str, list[str]]:
    found = build_meeting(WORLD[0], len(tabled), status=MeetingStatus.PLANNED, cases=tabled)
    return found.meeting, found.items


WORLD: list[World] = []


@pytest.fixture(autouse=True)
def _world(world: World) -> None:
    WORLD[:] = [world]


def printed(client: StrictClient, path: str) -> tuple[int, str]:
    """Return how many pages a file has, and its words on one line."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    body = answer.get_data()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return len(pdf.pages), " ".join(pdf_words(body).split())


def test_a_member_takes_a_cover_and_a_sheet_per_item_and_each_case_is_one_entry(sign_in_as: SignIn) -> None:
    meeting, _ = seance()
    pages, text = printed(sign_in_as("a.service_medical"), f"/seances/{meeting}/dossier-de-seance.pdf")
    assert pages == 3
    for words in ("Toute la séance", "2026-0001", "2026-0002", "Composé pour", "La cellule est-elle favorable"):
        assert words in text.replace("\u00a0", " "), words
    found = sorted(entry.case_id or 0 for entry in entries("meeting.pack_print"))
    assert found == sorted(WORLD[0].case_id[case] for case in CASES)


def test_a_partner_takes_its_own_cases_without_ranks_or_hours_and_the_register_keeps_them(sign_in_as: SignIn) -> None:
    meeting, items = seance()
    client = sign_in_as("a.cap_emploi")
    pages, text = printed(client, f"/seances/{meeting}/dossier-de-seance.pdf")
    assert pages == 2
    assert "2026-0002" in text
    assert "Pour vos dossiers" in text
    for words in ("2026-0001", "Point", "vers"):
        assert words not in text, words
    with as_owner() as session:
        (row,) = session.scalars(select(Departure))
    assert (row.what, row.case_id) == (DepartureKind.PACK, WORLD[0].case_id["a.shared"])
    assert client.get(f"/seances/{meeting}/points/{items[1]}/fiche").status_code == 404
    assert client.get(f"/seances/{meeting}/points/{items[1]}/fiche.pdf").status_code == 404


def test_a_partner_of_no_case_has_no_pack(sign_in_as: SignIn) -> None:
    meeting, _ = seance(("a.alone",))
    client = sign_in_as("a.cap_emploi")
    assert client.get(f"/seances/{meeting}/dossier-de-seance").status_code == 404
    assert client.get(f"/seances/{meeting}/dossier-de-seance.pdf").status_code == 404


def test_who_takes_no_part_in_a_case_finds_it_nowhere_in_their_pack(sign_in_as: SignIn, actor_of: ActorOf) -> None:
    meeting, items = seance()
    cases.declare_recusal(actor_of("a.service_medical"), WORLD[0].case["a.alone"], reason=RecusalReason.EMPLOYER)
    client = sign_in_as("a.service_medical")
    pages, text = printed(client, f"/seances/{meeting}/dossier-de-seance.pdf")
    assert pages == 2
    assert "2026-0001" not in text
    assert "Point examiné sans vous" in text
    assert client.get(f"/seances/{meeting}/points/{items[1]}/fiche").status_code == 404
    assert "2026-0001" not in read(client, f"/seances/{meeting}/dossier-de-seance")


def test_the_coordinator_sets_a_recipient_beside_her_own(sign_in_as: SignIn) -> None:
    meeting, _ = seance()
    client = sign_in_as("a.coordinateur")
    path = f"/seances/{meeting}/dossier-de-seance"
    chosen = WORLD[0].membership["a.cap_emploi"]
    assert f'value="{chosen}"' in client.get(path).get_data(as_text=True)
    text = read(client, f"{path}?destinataire={chosen}")
    assert text.count("2026-0002") == 2
    assert text.count("2026-0001") == 1
    assert text.count("Cette fiche n’est pas dans le dossier de") == 1
    assert client.get(f"{path}?destinataire=inconnu").status_code == 404


@pytest.mark.parametrize("person", ["a.service_medical", "a.cap_emploi"])
def test_nobody_else_looks_at_the_pack_of_another(sign_in_as: SignIn, person: str) -> None:
    meeting, _ = seance()
    client = sign_in_as(person)
    path = f"/seances/{meeting}/dossier-de-seance"
    assert client.get(f"{path}?destinataire={WORLD[0].membership['a.spst']}").status_code == 404
    assert "Comparer" not in read(client, path)


def test_the_sheet_says_the_question_then_the_rest(sign_in_as: SignIn) -> None:
    meeting, items = seance()
    client = sign_in_as("a.service_medical")
    text = read(client, f"/seances/{meeting}/points/{items[0]}/fiche")
    assert text.index("La cellule est-elle favorable") < text.index("Éligibilité")
    assert "Explication d’essai." in text
    assert "minutes prévues, rapporteur" in text
    assert printed(client, f"/seances/{meeting}/points/{items[0]}/fiche.pdf")[0] == 1
    (entry,) = entries("meeting.sheet")
    assert entry.case_id == WORLD[0].case_id["a.shared"]


def test_each_page_that_names_a_seance_leads_to_the_pack(sign_in_as: SignIn) -> None:
    meeting, items = seance()
    for person in ("a.coordinateur", "a.cap_emploi"):
        client = sign_in_as(person)
        assert "Mon dossier de séance" in read(client, "/seances")
        page = client.get(f"/seances/{meeting}").get_data(as_text=True)
        assert f'href="/seances/{meeting}/dossier-de-seance"' in page
        assert f"/points/{items[0]}/fiche" in page


def test_a_pack_is_taken_out_with_a_recent_proof(app: Flask) -> None:
    assert is_proven(app, "packs.pack_file")


def long_agenda(count: int) -> str:
    """Return a séance of `count` items in `count` weeks, about as many persons."""
    with writing():
        meeting = add_meeting(WORLD[0], clock.today() + count * NEXT_WEEK)
        for number in range(count):
            case = add_case(WORLD[0], 1000 + 100 * count + number, "Ada", f"Byron{number}")
            add_item(meeting, add_request(WORLD[0], case, status=RequestStatus.SCHEDULED), number + 1)
        return meeting.public_id


def test_forty_items_cost_no_more_statements_and_come_in_a_few_seconds(
    sign_in_as: SignIn, count_queries: Callable[[], Any], figure: Figure
) -> None:
    client, counts, seconds = sign_in_as("a.coordinateur"), [], 0.0
    client.get("/seances")
    beside = WORLD[0].membership["a.service_medical"]
    # The agenda of forty items takes a second page of the cover.
    for count, covers in ((2, 1), (40, 2)):
        path = f"/seances/{long_agenda(count)}/dossier-de-seance"
        begun = time.perf_counter()
        with count_queries() as seen:
            pages, _ = printed(client, f"{path}.pdf")
        seconds = time.perf_counter() - begun
        assert pages == count + covers
        counts.append((len(seen), count_statements(client, f"{path}?destinataire={beside}", count_queries)))
    assert counts[0] == counts[1]
    assert seconds < 20
    figure("packs.forty", f"40 sheets in {seconds:.1f} s, {counts[1][0]} statements")
