"""What the tests of the séance's pages share: its paths, and what its forms send."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.meetings.builders import Seance
from tests.meetings.pages import plain
from tests.support.client import StrictClient


@dataclass(frozen=True)
class Paths:
    """The addresses of a séance built for a test, on its first item."""

    seance: Seance

    @property
    def meeting(self) -> str:
        return f"/seances/{self.seance.meeting}"

    @property
    def console(self) -> str:
        return f"{self.meeting}/console"

    @property
    def item(self) -> str:
        return f"{self.meeting}/points/{self.seance.items[0]}"

    @property
    def ballot(self) -> str:
        return f"{self.item}/scrutin/{self.seance.ballots[0]}"

    @property
    def vote(self) -> str:
        return f"{self.meeting}/vote/{self.seance.ballots[0]}"


def hidden(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of the form that posts to `form`, as a browser would send them."""
    found = re.search(rf'<form[^>]*action="{re.escape(form)}"[^>]*>(.*?)</form>', html, re.DOTALL)
    assert found, f"no form posts to {form}"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1]))


def send(client: StrictClient, page: str, form: str, **typed: Any) -> TestResponse:
    """Open a page, fill one of its forms and send it as a browser without scripts does."""
    answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return client.post(form, data=hidden(answer.get_data(as_text=True), form) | typed)


def done(client: StrictClient, answer: TestResponse) -> str:
    """Check that a form was accepted, and return the text of the page that it leads to."""
    assert answer.status_code == 303, plain(answer.get_data(as_text=True))[:600]
    return plain(client.get(answer.location).get_data(as_text=True))


def refused(answer: TestResponse, status: int = 422) -> str:
    """Check that a form was refused, and return the text of the page that says why."""
    assert answer.status_code == status, answer.status_code
    return plain(answer.get_data(as_text=True))
