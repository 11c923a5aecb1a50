"""Every page of the URL map, reached by its links in the demo world: accessible, valid, and no dead end.

A new page enters by itself; a page that no link reaches fails the test.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from pdp.app import create_app, open_database
from pdp.core import schema
from pdp.demo import instance
from pdp.demo.world import build_world
from pdp.policy.permissions import Permission
from pdp.web import guards
from tests.support.client import check_page
from tests.support.server import serving

PEOPLE = (
    "Claire Mounier",
    "Sophie Lemaire",
    "Antoine Vasseur",
    "Martine Delaunay",
    "Émilie Carpentier",
    "Laurent Meyer",
    "Nadia Roussel",
    "Anne Verdier",
)
WIDTHS = (1280, 360)
# Reached by a form or a live part, never by a link: what each one answers is tested by its feature.
NOT_PAGES = {"static"}


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
        app = create_app(settings)
        with serving(app) as address:
            yield app, address


def _sign_in(page: Page, name: str) -> None:
    page.goto("/connexion")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/")


def _links(page: Page) -> list[str]:
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [urldefrag(href)[0] for href in hrefs if href.startswith("/") and not href.startswith("/static")]


def _endpoint(app: Flask, path: str) -> str:
    return str(app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0])


def _is_download(app: Flask, path: str) -> bool:
    return _endpoint(app, path).endswith("download")


def test_every_page_is_accessible_valid_and_reached_by_a_link(
    demo: tuple[Flask, str], browser: Browser, figure: Callable[[str, object], None]
) -> None:
    app, address = demo
    axe, reached, checked, violations = Axe(), set[str](), 0, list[str]()
    for name in PEOPLE:
        context = browser.new_context(base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        _sign_in(page, name)
        seen, todo = set[str](), ["/"]
        while todo:
            path = todo.pop(0)
            endpoint = _endpoint(app, path)
            if endpoint in seen:
                continue
            seen.add(endpoint)
            reached.add(endpoint)
            if _is_download(app, path):
                continue
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, f"{name} followed a link to {path}: {answer.status}"
            check_page(answer.text())
            todo += [link for link in _links(page) if _endpoint(app, link) not in seen]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found = axe.run(page)
                checked += 1
                violations += [
                    f"{name} {path} at {width}: {v['id']} {v['nodes'][0]['html'][:120]}"
                    for v in found.response["violations"]
                ]
                overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    violations.append(f"{name} {path} at {width}: {overflow} px wider than the screen")
        context.close()
    assert not violations, "\n".join(violations)
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and guards.access_of(app, rule.endpoint) in set(Permission)
    }
    unreached = pages - reached - NOT_PAGES
    assert not unreached, f"no link reaches {sorted(unreached)}"
    figure("pages.axe", f"{checked} pages checked, {len(reached)} endpoints reached, 0 violation")
