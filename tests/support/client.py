"""A strict test client: every HTML answer must be valid, and a GET must not write."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.markup import parse_strictly

_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_INLINE = re.compile(r"<[^>]+\s(?:style|on\w+)=", re.IGNORECASE)


def check_page(html: str) -> None:
    """Fail unless the page parses strictly, has one h1, a title that starts with it, nothing inline.

    The title of a case starts with its reference instead: the h1 is a name, which no title may hold.
    """
    parse_strictly(html)
    headings = [_text(found) for found in _HEADING.findall(html)]
    assert len(headings) == 1, f"expected one h1, found {headings}"
    title = _text(_TITLE.findall(html)[0])
    named = re.match(r"Dossier (\d{4}-\d+) ", title)
    fits = named[1] in html.split("</head>")[1] if named else title.startswith(headings[0])
    assert fits, f"title {title!r} does not start with h1 {headings[0]!r}"
    assert not _INLINE.search(html), f"inline style or handler: {_INLINE.search(html)}"
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), f"duplicate ids: {sorted(i for i in ids if ids.count(i) > 1)}"
    assert "{{" not in html
    assert "{%" not in html


def _text(html: str) -> str:
    return " ".join(_TAGS.sub("", html).split())


class StrictClient(FlaskClient):
    """Checks every page it receives, and sends the CSRF token of the pages it has seen."""

    csrf: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        method = str(kwargs.get("method", "GET")).upper()
        if method not in {"GET", "HEAD"}:
            kwargs["headers"] = {"X-CSRFToken": self._token(), **dict(kwargs.get("headers") or {})}
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 304}:
            html = response.get_data(as_text=True)
            if "<html" in html:
                check_page(html)
        return response

    def _token(self) -> str:
        if self.csrf is None:
            page = super().open("/mon-role", method="GET")
            if page.status_code != 200:
                page = super().open("/connexion", method="GET")
            found = _CSRF.search(page.get_data(as_text=True))
            assert found, "no CSRF token on the page"
            self.csrf = found[1]
        return self.csrf
