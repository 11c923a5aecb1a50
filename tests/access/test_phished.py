"""A Cap emploi account in the wrong hands: how far it gets before it is told of, then stopped."""

import re
import string
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from sqlalchemy import func, select

from pdp.accounts.enums import OrganisationKind
from pdp.cases.models import Case
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from tests.oversight import builders
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
# What the installation allows a partner's account in a day (`pdp/oversight/rules.py`, written again by hand).
TOLD_AT, STOPPED_AT = 10, 20
_LINK = re.compile(r'href="(/[^"#]*)')
_MOST_REQUESTS = 400


class _Thief:
    """Asks for everything it can think of, and notes whose case it got."""

    def __init__(self, client: StrictClient, ids: set[str]) -> None:
        self.client, self.ids = client, ids
        self.got: set[str] = set()
        self.requests = 0
        self.told_after: int | None = None
        self.links: deque[str] = deque(["/"])
        self.seen: set[str] = set()

    def ask(self, path: str) -> None:
        """Follow a link that was not followed yet, and keep those that it leads to."""
        if path in self.seen or self.requests >= _MOST_REQUESTS:
            return
        self.seen.add(path)
        answer = self.client.get(path)
        self._count()
        assert answer.status_code < 500, path
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return
        named = urlsplit(path).path.split("/")
        self.got |= {part for part in named if part in self.ids}
        self.links.extend(link.replace("&amp;", "&") for link in _LINK.findall(answer.get_data(as_text=True)))

    def search(self, letter: str) -> None:
        """Search by a letter, and keep what it finds."""
        answer = self.client.post("/dossiers", data={"q": letter})
        self._count()
        if answer.status_code == 303:
            self.ask(answer.location)

    def follow(self) -> None:
        """Follow every link known, the newest last."""
        while self.links:
            link = self.links.popleft()
            if not link.startswith("/static"):
                self.ask(link)

    def _count(self) -> None:
        self.requests += 1
        if self.told_after is None and _alerts(AlertKind.MASS):
            self.told_after = self.requests


def _alerts(kind: AlertKind) -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).where(AccessAlert.kind == kind)) or 0


def test_a_phished_cap_emploi_account_is_told_of_then_stopped(
    world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    shared = set(builders.add_cases(world, 60, shared_with=OrganisationKind.CAP_EMPLOI))
    with as_owner() as session:
        ids = set(session.scalars(select(Case.public_id)))
    thief = _Thief(sign_in_as("a.cap_emploi"), ids)
    for letter in string.ascii_lowercase:
        thief.search(letter)
    thief.follow()
    for known in sorted(ids):
        thief.ask(f"/dossiers/{known}")
    for number in range(1, 60):
        thief.ask(f"/dossiers/2026-{number:04}")
    assert len(shared) > STOPPED_AT
    assert len(thief.got) <= STOPPED_AT
    assert thief.got <= shared | {world.case["a.shared"], world.case["a.partial"]}
    assert thief.told_after is not None
    assert _alerts(AlertKind.BLOCK) == 1
    reached = f"{len(thief.got)} cases of {len(shared)} obtained in {thief.requests} requests"
    figure("phished.walk", f"{reached}, alert after {thief.told_after}")
