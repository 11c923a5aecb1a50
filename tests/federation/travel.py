"""What a browser does between our site and a provider: pages of ours in the test client, the rest over real HTTP."""

import html
import re
from urllib.parse import urlsplit

import requests
from werkzeug.test import TestResponse

from tests.support.client import StrictClient

_ADDRESS = re.compile(r'<meta http-equiv="refresh" content="0;url=([^"]+)">')
_LINK = re.compile(r'<a class="button[^"]*" href="([^"]+)"')


class Travel:
    """A trip of one browser to one provider."""

    def __init__(self, client: StrictClient, provider: str) -> None:
        self.client, self.provider = client, provider

    def leave(self, path: str = "/connexion/fournisseur/", **data: str) -> str:
        """Press the provider's button and return the address that the page leaves for."""
        page = self.client.post(path + self.provider, data=data)
        assert page.status_code == 200, page.get_data(as_text=True)
        return leaves_for(page)

    def answer(self, address: str) -> str:
        """Let the provider answer at once and return the path that it sends the browser back to."""
        sent = requests.get(address, allow_redirects=False, timeout=5)
        assert sent.status_code == 302, sent.text
        parts = urlsplit(sent.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self, **data: str) -> TestResponse:
        """Go, and come back."""
        return self.come_back(self.answer(self.leave(**data)))

    def come_back(self, path: str) -> TestResponse:
        """Open the page that the provider sends back to. A sign-in starts from an empty cookie: so does its token."""
        self.client.csrf = None
        return self.client.get(path)

    def link(self) -> TestResponse:
        """Go to prove an identity, and come back."""
        return self.come_back(self.answer(self.leave("/mon-compte/fournisseurs/")))


def leaves_for(page: TestResponse) -> str:
    """Return where a page leaves for: by itself, and by the link of whoever it does not."""
    text = page.get_data(as_text=True)
    found, link = _ADDRESS.search(text), _LINK.search(text)
    assert found, text
    assert link, text
    assert found[1] == link[1]
    return html.unescape(found[1])


def is_signed_in(client: StrictClient) -> bool:
    """Tell whether a browser opens the home page."""
    return client.get("/").status_code == 200
