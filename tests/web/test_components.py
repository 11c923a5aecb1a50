"""Every component renders strictly, makes valid HTML, keeps to the content policy and uses shapes that exist."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pdp.core.intimate import ADVICE
from pdp.web.filters import FILTERS
from pdp.web.states import STATES
from pdp.web.timeline import Item, Lane, build
from pdp.web.wording import is_printed, told_words

ROOT = Path(__file__).parents[2]
SPRITE = (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals.update(
        states=STATES,
        static_url=lambda path: f"/static/{path}",
        csrf_token=lambda: "token",
        url_for=lambda endpoint, **_values: f"/{endpoint}",
        get_flashed_messages=lambda with_categories: [("success", "Le dossier est enregistré.")],
        demo_mode=True,
        is_printed=is_printed,
        told_words=told_words,
        wording_advice=ADVICE,
    )
    return env


def _gallery(**changes: Any) -> str:
    drawing = build(
        date(2025, 11, 17),
        date(2026, 5, 31),
        (
            Lane("Arrêt de travail", (Item("Arrêt initial", date(2025, 11, 24), date(2026, 3, 1)),)),
            Lane("Arrêt à venir", (Item("Prolongation", date(2026, 3, 2), date(2026, 4, 12), "hatched"),)),
            Lane("Rencontres", (Item("Pré-reprise, 5 févr.", date(2026, 2, 5)),)),
            Lane("Essai encadré", (Item("5 jours faits", date(2026, 2, 16), date(2026, 2, 20), "done"),)),
            Lane("Échéances", (Item("Séance, 12 mars", date(2026, 3, 12), flag=True, current=True),)),
        ),
        today=date(2026, 3, 3),
    )
    context: dict[str, Any] = {
        "drawing": drawing,
        "current_actor": SimpleNamespace(
            name="Claire Morel",
            role_name="Coordination",
            organisation_name="Service social",
            cellule_name="Caisse de démonstration",
            in_emergency=False,
        ),
        "nav": [
            {"label": "Accueil", "url": "/", "count": None, "current": True},
            {"label": "Dossiers", "url": "/dossiers", "count": 4, "current": False},
        ],
        "unread_notices": lambda: 3,
        "site": {"home": "/", "search": "/recherche", "help": "/aide", "account": "/compte", "sign_out": "/sortie"},
    }
    return _environment().get_template("style/gallery.html").render(context | changes)


@pytest.fixture(scope="module")
def gallery() -> str:
    return _gallery()


def test_the_gallery_is_valid_html(gallery: str) -> None:
    html5lib.HTMLParser(strict=True).parse(gallery)


def _context() -> dict[str, Any]:
    actor = SimpleNamespace(
        name="C. M.",
        role_name="Coordination",
        organisation_name="CPAM",
        cellule_name="Caisse",
        in_emergency=False,
    )
    return {"current_actor": actor, "nav": [], "site": {}, "unread_notices": lambda: 0}


@pytest.mark.parametrize("layout", ["base", "auth", "console", "projection", "phone"])
def test_each_layout_is_valid_html_with_its_title(layout: str) -> None:
    source = f'{{% extends "layout/{layout}.html" %}}{{% block title %}}Séance du 12 mars{{% endblock %}}'
    page = _environment().from_string(source).render(_context())
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<title>Séance du 12 mars – Cellule PDP</title>" in page


CONSOLE = """
{% from "components/agenda_item.html" import agenda_item %}
{% from "components/ballot_row.html" import ballot_row, ballot_entry %}
{% from "components/room_seat.html" import room_seat %}
{% from "components/timer.html" import timer %}
<!doctype html><html lang="fr"><head><title>Console</title></head><body>
{{ timer(started, 10, "depuis 14 h 36") }}
<ol>{{ agenda_item(4, "ballot.OPEN", "2026-0131", "Scrutin ouvert", "#", current=True) }}</ol>
<ol>{{ ballot_row("Service social, siège 1", "Responsable", "vote.FOR") }}
{{ ballot_entry("Service médical 1", "Médecin", "seat-3", [("FOR", "Pour", "p"), ("AGAINST", "Contre", "c")]) }}</ol>
<ul>{{ room_seat("Service médical 1", "vote.AWAITED", "vote attendu") }}</ul>
</body></html>
"""


def test_the_pieces_of_the_console_and_of_the_room_are_valid_html() -> None:
    page = _environment().from_string(CONSOLE).render(started=datetime(2026, 3, 12, 13, 36, tzinfo=UTC)).strip()
    html5lib.HTMLParser(strict=True).parse(page)
    assert 'data-started-at="2026-03-12T13:36:00+00:00"' in page
    assert 'name="seat-3" value="AGAINST" data-key="c"' in page


def test_no_page_carries_a_style_or_a_script_of_its_own(gallery: str) -> None:
    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=", gallery) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)", gallery) == []


def test_each_id_is_unique_and_each_reference_finds_it(gallery: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    assert sorted(ids) == sorted(set(ids))
    wanted = set(re.findall(r'\sfor="([^"]+)"', gallery))
    for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', gallery):
        wanted |= set(names.split())
    assert wanted - set(ids) == set()


def test_each_error_of_the_summary_leads_to_its_field(gallery: str) -> None:
    summary = gallery.split('class="error-summary"')[1].split("</ul>")[0]
    assert re.findall(r'href="#([\w-]+)"', summary) == ["f-start", "f-nir"]
    assert 'id="f-nir"' in gallery
    assert 'aria-describedby="f-nir-hint f-nir-error" aria-invalid="true"' in gallery


def test_a_field_shows_again_what_was_typed(gallery: str) -> None:
    assert 'value="1 85 05 78 006 08"' in gallery
    assert '<option value="CDD" selected>' in gallery


def test_the_page_has_one_h1_and_its_title_starts_with_it(gallery: str) -> None:
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", gallery) == ["Composants"]
    assert "<title>Composants – Cellule PDP</title>" in gallery


def test_every_state_and_every_icon_is_a_symbol_of_the_sprite(gallery: str) -> None:
    used = set(re.findall(r"icons\.svg#([\w-]+)", gallery))
    named = {f"s-{state.shape}" for state in STATES.values()}
    assert (used | named) - SYMBOLS == set()


def test_every_tone_has_a_colour_and_every_state_a_word() -> None:
    css = (ROOT / "static" / "css" / "components.css").read_text(encoding="utf-8")
    assert {state.tone for state in STATES.values()} - set(re.findall(r"^\.tone-(\w+)", css, re.MULTILINE)) == set()
    assert [key for key, state in STATES.items() if not state.label or "." not in key] == []


def test_in_a_family_no_two_states_share_both_shape_and_word() -> None:
    marks = [(key.split(".")[0], state.shape, state.label) for key, state in STATES.items()]
    assert sorted(marks) == sorted(set(marks))


def test_a_signed_out_page_shows_neither_navigation_nor_account() -> None:
    page = _gallery(current_actor=None, nav=[])
    assert "Navigation principale" not in page
    assert "Se déconnecter" not in page


def test_what_people_type_is_escaped() -> None:
    source = '{% from "components/person_line.html" import person_line %}{{ person_line(name, "2026-0148") }}'
    page = _environment().from_string(source).render(name="<b>Paul</b>")
    assert "&lt;b&gt;Paul" in page
    assert "<b>" not in page


def test_markup_built_by_a_component_is_not_escaped_twice() -> None:
    source = '{% from "components/definition_list.html" import facts %}{{ facts([("Statut", value)]) }}'
    page = _environment().from_string(source).render(value=Markup("<strong>TI</strong>"))
    assert "<dd><strong>TI</strong></dd>" in page


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_each_component_compiles_and_says_its_parameters_in_its_first_line(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    _environment().from_string(source)
    assert re.match(r"\{# .+ #\}\n", source)


def test_the_stylesheets_call_nothing_from_elsewhere() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        for target in re.findall(r"url\(([^)]*)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target.strip("\"'")).resolve().is_file(), f"{path.name}: {target}"
