"""A real Chromium and a real server for each journey."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.server import serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all the journeys of this process."""
    path = chromium.find()
    assert path, "the journeys need a real Chromium: run `python -m tests.support.chromium` as root first"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield found
        found.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the application served for this test."""
    with serving(app) as found:
        yield found


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own, as another person would on another machine.

    Any script error or blocked resource fails the journey.
    """
    contexts = []
    errors: list[str] = []

    def open_one(width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="fr-FR", timezone_id="Europe/Paris"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    unexpected = [text for text in errors if "status of 4" not in text]
    assert not unexpected, f"errors in the browser: {unexpected}"
