"""The main job, end to end, in a real browser: from an empty agenda to three formats and a partner's extract."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pdp.app import create_app
from pdp.core import clock, db
from pdp.core.db import Database
from pdp.demo.cases import load_cases
from pdp.demo.moments import Moments
from pdp.demo.people import load_people
from pdp.demo.requests import load_requests, record_pieces
from pdp.minutes import service as minutes
from pdp.settings import Settings
from pdp.web.filters import date_long
from tests.minutes.extract import words
from tests.support.server import serving

pytestmark = pytest.mark.journey

OpenPage = Callable[..., Page]


@pytest.fixture
def app(settings: Settings, database: Database, owner: Database, tmp_path: Path) -> Flask:
    """The application in demo mode, over people and cases of the demo but no séance yet."""
    moments = Moments(clock.today())
    # The demo sets up its cellule itself, which the application's role may not do.
    db.bind(owner)
    people = load_people()
    requests = load_requests(people, moments, load_cases(people, moments), only={"paul_bilan", "valerie_ee2"})
    # Valérie's second trial waits for two pieces in the demo: here they have come.
    received = {"ADVISER": [-1, "antoine"], "TRIAL_CONVENTION": [-1, "sophie"]}
    record_pieces(people, moments, requests["valerie_ee2"], received)
    db.bind(database)
    demo = Settings(settings.database_url, settings.secret_key, settings.encryption_keys, tmp_path, demo=True)
    return create_app(demo, testing=True)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of that application."""
    with serving(app) as found:
        yield found


def sign_in(page: Page, name: str) -> Page:
    page.goto("/connexion")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Ce qui vous attend")).to_be_visible()
    return page


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def test_a_whole_seance_from_planning_to_the_partner_s_extract(
    open_page: OpenPage, figure: Callable[..., None]
) -> None:
    claire = sign_in(open_page(), "Claire Mounier")
    _plan(claire)
    _table(claire, "Paul Martel, Bilan de compétences")
    _table(claire, "Valérie Tessier, Essai encadré")
    _open_and_seat_everyone(claire)

    antoine = sign_in(open_page(360, 800), "Antoine Vasseur")
    _hold_paul(claire, antoine)
    _hold_valerie(claire)
    _close(claire)
    _decide(sign_in(open_page(), "Martine Delaunay"))

    for name, body in _compose_and_download(claire).items():
        text = _plain(words(name, body))
        for expected in ("Paul Martel", "Valérie Tessier", "Entretien d’orientation avec Cap emploi d’abord."):
            assert expected in text, f"{expected!r} is not in the {name}"

    _send_to_cap_emploi(claire)
    _partner_sees_one_case_only(sign_in(open_page(), "Émilie Carpentier"))
    figure("journey.seance", "2 requests, 3 voters of which 1 on a phone, 3 formats, 1 partner's extract")


def _plan(page: Page) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    follow(page, "Séances")
    follow(page, "Planifier une séance")
    page.get_by_label("Date").fill(tomorrow.isoformat())
    page.get_by_label("Début").fill("14:00")
    page.get_by_label("Fin").fill("16:30")
    page.get_by_label("Lieu").fill("Salle du conseil")
    page.get_by_role("button", name="Planifier la séance").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Séance du")


def _table(page: Page, request: str) -> None:
    page.get_by_role("button", name=f"Inscrire {request}").click()
    expect(page.get_by_role("button", name=f"Inscrire {request}")).to_have_count(0)


def _open_and_seat_everyone(page: Page) -> None:
    follow(page, "Ouvrir la console")
    follow(page, "Ouvrir la séance")
    page.get_by_role("button", name="Ouvrir la séance").click()
    if "/presences" not in page.url:
        follow(page, "Présences")
    page.get_by_role("button", name="Noter présents tous les titulaires").click()
    page.get_by_label("Présence, Service médical, siège 2", exact=True).select_option("EXCUSED")
    page.get_by_role("button", name="Enregistrer la présence, Service médical, siège 2").click()
    expect(page.get_by_text("Quorum atteint")).to_be_visible()
    follow(page, "Ouvrir la console")


def _hold_paul(console: Page, phone: Page) -> None:
    console.get_by_role("link", name="P. M.").click()
    console.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(console.get_by_role("heading", name="Scrutin nominatif")).to_be_visible()

    follow(phone, "Séances")
    follow(phone, "Voter") if phone.get_by_role("link", name="Voter").count() else phone.goto(
        console.url.split("?")[0].replace("/console", "/vote")
    )
    phone.get_by_label("Pour, sous conditions").check()
    phone.get_by_label("Votre condition").fill("Entretien d’orientation avec Cap emploi d’abord.")
    phone.get_by_role("button", name="Enregistrer mon vote").click()
    expect(phone.get_by_text("Modifier mon vote")).to_be_visible()

    console.get_by_role("button", name="Tous pour").click()
    _answer_open_questions(console)
    console.get_by_role("button", name="Clore le scrutin").click()
    console.get_by_label("Favorable sous réserve").check()
    console.get_by_role("button", name="Enregistrer l’avis").click()
    expect(console.locator("#scrutin")).to_contain_text("Favorable sous réserve")


def _answer_open_questions(console: Page) -> None:
    """Answer each point to check before closing, as the seat named does."""
    while console.get_by_role("button", name="Oui", exact=True).count():
        before = console.get_by_role("button", name="Oui", exact=True).count()
        console.get_by_role("button", name="Oui", exact=True).first.click()
        expect(console.get_by_role("button", name="Oui", exact=True)).to_have_count(before - 1)


def _hold_valerie(console: Page) -> None:
    console.get_by_role("link", name="V. T.").click()
    console.get_by_role("button", name="Ouvrir le scrutin").click()
    console.get_by_role("button", name="Tous pour").click()
    _answer_open_questions(console)
    console.get_by_role("button", name="Clore le scrutin").click()
    console.get_by_role("button", name="Enregistrer l’avis").click()
    expect(console.get_by_role("button", name="Enregistrer l’avis")).to_have_count(0)


def _close(console: Page) -> None:
    follow(console, "Clore la séance")
    console.get_by_role("button", name="Clore la séance").click()


def _decide(page: Page) -> None:
    follow(page, "Décisions à saisir")
    follow(page, "Saisir")
    page.get_by_label("Accordée").check()
    page.get_by_label("Date de la décision").fill(clock.today().isoformat())
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("est enregistrée").first).to_be_visible()


def _compose_and_download(page: Page) -> dict[str, bytes]:
    follow(page, "Séances")
    page.get_by_role("link", name=_tomorrow_words()).first.click()
    follow(page, "Procès-verbal")
    page.get_by_role("button", name="Composer le procès-verbal").click()
    expect(page.get_by_role("heading", name="Registre des fichiers")).to_be_visible()
    found = {}
    for ending in ("pdf", "docx", "odt"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"complet.{ending}").click()
        found[ending] = Path(download.value.path()).read_bytes()
    return found


def _send_to_cap_emploi(page: Page) -> None:
    """Tick the version of Cap emploi, and let the half-hour pass during which the sending can be taken back."""
    page.get_by_role("link", name="Vérifier et envoyer").first.click()
    page.get_by_label("J’ai vérifié le destinataire et le contenu\u00a0: Cap emploi").check()
    page.get_by_role("button", name="Préparer l’envoi").click()
    expect(page.get_by_role("heading", name="Registre des fichiers")).to_be_visible()
    with clock.acting_at(clock.now() + timedelta(minutes=31)):
        assert minutes.send_due() == 1


def _tomorrow_words() -> str:
    return date_long(clock.today() + timedelta(days=1), weekday=False)


def _partner_sees_one_case_only(page: Page) -> None:
    follow(page, "Dossiers")
    # A partner's list holds initials: the name is read in the case.
    expect(page.get_by_role("link", name="P. M.")).to_be_visible()
    assert "Valérie" not in page.content()
    follow(page, "Séances")
    page.get_by_role("link", name=_tomorrow_words()).first.click()
    assert "Valérie" not in page.content()
    follow(page, "Procès-verbal")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    extract = _plain(words("pdf", Path(download.value.path()).read_bytes()))
    assert "Paul Martel" in extract
    for secret in ("Valérie", "Tessier", "0109", "V. T.", "essai encadré"):
        assert secret not in extract


def _plain(text: str) -> str:
    """Fold no-break spaces and line ends, so that a name is found wherever a line was cut."""
    return " ".join(text.split())
