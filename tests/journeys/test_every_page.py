"""Every page of the URL map, reached by its links in the demo world: accessible, valid, and no dead end.

A new page enters by itself; a page that no link reaches fails the test.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, Response
from sqlalchemy import select

from pdp.accounts import service as accounts
from pdp.accounts.models import User
from pdp.accounts.queries import list_memberships
from pdp.app import create_app, open_database
from pdp.convocations import service as convocations
from pdp.core import clock, schema
from pdp.demo import instance
from pdp.demo.world import build_world
from pdp.meetings import service as meetings
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.queries.kinds import is_seance
from pdp.policy.permissions import Permission
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from pdp.web import guards
from tests.support.axe import violations as axe_violations
from tests.support.client import check_page
from tests.support.databases import as_owner
from tests.support.server import serving

PEOPLE = (
    "Claire Mounier",
    "Sophie Lemaire",
    "Karim Benali",
    "Antoine Vasseur",
    "Martine Delaunay",
    "Émilie Carpentier",
    "Laurent Meyer",
    "Fatou Diallo",
    "Nadia Roussel",
    "Anne Verdier",
    "Bruno Castel",
    "Lucie Marchand",
)
WIDTHS = (1280, 360)
# Files that a form asks for, by its fields; what a provider of identities leads to; the factors of a person, and
# the people of the demo have none; the one restricted case of the demo, among more cases than the walk opens.
BY_FORM = {"cases.print_form", "federation.confirm", "factors.show_factor", "factors.remove_factor", "privacy.lift"}
# Read by a script while a text is typed.
BY_FORM.add("minutes.intimate_words")
# Asked again by the console, for a line of it.
BY_FORM.add("meetings.pace")
# Of a consultation that nobody was told of yet: those of the demo are open or closed.
BY_FORM.add("consultations.call_off")
# A partner's minutes are shut with the sharing that the demo ends: the page says so.
SHUT = {("Émilie Carpentier", "minutes.show"): "procès-verbal"}
# The first page of each kind is inspected; a few more of it are opened, for the links that only they hold.
INSTANCES = 8


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The demo world, built once and served."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PDP_INSTANCE", str(folder))
        for name in ("PDP_DATABASE_URL", "PDP_SECRET_KEY", "PDP_KEYS", "PDP_ENV"):
            patch.delenv(name, raising=False)
        settings = instance.prepare(reset=True)
        schema.upgrade(open_database(settings).engine)
        build_world()
        _open_next_seance()
        app = create_app(settings)
        with serving(app) as address:
            yield app, address


def _open_next_seance() -> None:
    """Open the séance to come and a ballot in it, so that its live pages are there to be reached."""
    with as_owner() as session:
        claire = session.scalars(select(User).where(User.given_name == "Claire")).one()
        secretary = accounts.build_actor(list_memberships(claire.id, clock.today())[0])
        planned_ones = select(Meeting).where(is_seance(), Meeting.status == MeetingStatus.PLANNED)
        meeting = session.scalars(planned_ones.order_by(Meeting.starts_at).limit(1)).one()
        items = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
        item = session.scalars(items).first()
        assert item is not None
    meetings.open_meeting(secretary, meeting.public_id, version=meeting.version)
    meetings.seat_titulaires(secretary, meeting.public_id, version=meeting.version + 1)
    meetings.select_item(secretary, item.public_id)
    with as_owner() as session:
        version = session.get_one(AgendaItem, item.id).version
    meetings.open_ballot(secretary, item.public_id, version=version)
    later = clock.today() + timedelta(days=45)
    planned = meetings.plan_meeting(secretary, day=later, start=time(14), end=time(16), place="Salle du conseil")
    with as_owner() as session:
        ready = select(DispositifRequest).where(DispositifRequest.status == RequestStatus.READY)
        request = session.scalars(ready).first()
        assert request is not None
    meetings.add_to_agenda(secretary, planned, request=request.public_id)
    convocations.send_convocations(secretary, planned)


def _sign_in(page: Page, name: str) -> None:
    page.goto("/connexion")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/")


def _links(page: Page) -> list[str]:
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [_page_of(href) for href in hrefs if href.startswith("/") and not href.startswith("/static")]


def _page_of(href: str) -> str:
    # The tabs of a list differ by a state; other parameters filter or sort the same rows.
    path, query = urlsplit(href).path, urlsplit(href).query
    return f"{path}?{query}" if query.startswith("etat=") else path


def _endpoint(app: Flask, path: str) -> str:
    return str(app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0])


def _open(page: Page, path: str) -> Response | None:
    """Follow a link; None for one that leads to a file."""
    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise


def _inspect(page: Page, width: int) -> list[str]:
    """Return what is wrong with a page at a width: what axe finds, and anything wider than the screen."""
    page.set_viewport_size({"width": width, "height": 900})
    found = [f"{v['id']} {v['nodes'][0]['html'][:120]}" for v in axe_violations(page)]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{overflow} px wider than the screen"] if overflow > 0 else found


def test_every_page_is_accessible_valid_and_reached_by_a_link(
    demo: tuple[Flask, str], browser: Browser, figure: Callable[[str, object], None]
) -> None:
    app, address = demo
    reached, checked, violations = set[str](), 0, list[str]()
    for name in PEOPLE:
        context = browser.new_context(base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        _sign_in(page, name)
        seen, todo = Counter[str](), ["/"]
        known = set(todo)
        while todo:
            path = todo.pop(0)
            endpoint = _endpoint(app, path)
            seen[endpoint] += 1
            reached.add(endpoint)
            if seen[endpoint] > INSTANCES:
                continue
            answer = _open(page, path)
            if answer is None:
                continue
            if (name, endpoint) in SHUT:
                assert answer.status == 404
                assert SHUT[name, endpoint] in answer.text()
                continue
            assert answer.status == 200, f"{name} followed a link to {path}: {answer.status}"
            fresh = [link for link in dict.fromkeys(_links(page)) if link not in known]
            known.update(fresh)
            todo += fresh
            if seen[endpoint] > 1:
                continue
            check_page(answer.text())
            for width in WIDTHS:
                checked += 1
                violations += [f"{name} {path} at {width}: {found}" for found in _inspect(page, width)]
        context.close()
    assert not violations, "\n".join(violations)
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and guards.access_of(app, rule.endpoint) in set(Permission)
    }
    unreached = pages - reached - BY_FORM
    assert not unreached, f"no link reaches {sorted(unreached)}"
    figure("pages.axe", f"{checked} pages checked, {len(reached)} endpoints reached, 0 violation")
