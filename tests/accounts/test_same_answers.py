"""Nobody learns whether an address has an account: same status, same page, same number of hash operations."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from pdp.accounts.models import PasswordReset, User
from pdp.core import clock
from pdp.notifications.models import LinkMail
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
CountQueries = Callable[[], object]

# Who is tried: an account, none, an account that was disabled.
ADDRESSES = {
    "known": "cpam.a@example.org",
    "unknown": "personne.a@example.org",
    "disabled": "mdph.a@example.org",
    "without a password": "dpo.a@example.org",
}
GOOD = "quatre chevaux sous la pluie"
WRONG = "pas le bon mot de passe"


@dataclass
class Work:
    """Hash operations made since the last look."""

    done: list[str] = field(default_factory=list)

    def take(self) -> tuple[str, ...]:
        """Return them, and count from zero again."""
        taken = tuple(self.done)
        self.done.clear()
        return taken


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    counted = Work()
    for name in ("hash", "verify"):
        monkeypatch.setattr(PasswordHasher, name, _counting(name, getattr(PasswordHasher, name), counted))
    return counted


def _counting(name: str, operation: Callable[..., object], counted: Work) -> Callable[..., object]:
    def count(*arguments: object, **options: object) -> object:
        counted.done.append(name)
        return operation(*arguments, **options)

    return count


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    with as_owner() as session:
        session.execute(update(User).where(User.id == world.user["a.mdph"]).values(disabled_at=clock.now()))
        session.execute(update(User).where(User.id == world.user["a.dpo"]).values(password_hash=None))


def neutral(page: str) -> str:
    """Return a page without the token of its form and the address typed."""
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
    for address in ADDRESSES.values():
        page = page.replace(address, "ADRESSE")
    return re.sub(r"/invitation/[\w-]+", "", page)


def test_a_sign_in_tells_nothing(
    client: StrictClient, work: Work, count_queries: CountQueries, figure: Figure
) -> None:
    seen: dict[str, object] = {}
    client.get("/connexion")
    for kind, address in ADDRESSES.items():
        with count_queries() as statements:  # type: ignore[attr-defined]
            answer = client.post("/connexion", data={"email": address, "password": WRONG})
        seen[kind] = (answer.status_code, neutral(answer.get_data(as_text=True)), work.take(), len(statements))
    assert len({repr(each) for each in seen.values()}) == 1, {kind: (s[0], s[2], s[3]) for kind, s in seen.items()}  # type: ignore[index]
    assert answer.status_code == 422
    refused = client.post("/connexion", data={"email": ADDRESSES["disabled"], "password": PASSWORD})
    assert (refused.status_code, work.take()) == (422, ("verify",))
    assert neutral(refused.get_data(as_text=True)) == neutral(answer.get_data(as_text=True))
    figure(
        "accounts.same_answers", f"{len(ADDRESSES)} kinds of address: same status, page, statements, 1 hash operation"
    )


def test_a_forgotten_password_tells_nothing(client: StrictClient, work: Work, count_queries: CountQueries) -> None:
    seen: dict[str, object] = {}
    client.get("/connexion")
    client.post("/mot-de-passe-oublie", data={"email": "premiere@example.org"})
    for kind, address in ADDRESSES.items():
        with count_queries() as statements:  # type: ignore[attr-defined]
            answer = client.post("/mot-de-passe-oublie", data={"email": address})
        seen[kind] = (answer.status_code, neutral(answer.get_data(as_text=True)), work.take(), len(statements))
    assert len({repr(each) for each in seen.values()}) == 1, {kind: (s[0], s[2], s[3]) for kind, s in seen.items()}  # type: ignore[index]
    assert answer.status_code == 200
    with as_owner() as session:
        assert session.query(PasswordReset).count() == session.query(LinkMail).count() == len(ADDRESSES) + 1


def test_an_invitation_tells_nothing_to_who_does_not_have_the_password(
    sign_in_as: SignIn, client: StrictClient, world: World, work: Work
) -> None:
    manager, links = sign_in_as("a.cap_emploi"), {}
    for kind, address in ADDRESSES.items():
        links[kind] = _link(manager, address)
    shown = {kind: neutral(client.get(link).get_data(as_text=True)) for kind, link in links.items()}
    assert len(set(shown.values())) == 1
    work.take()
    weak = [client.post(link, data={"password": "court", "repeated": "court"}) for link in links.values()]
    assert {answer.status_code for answer in weak} == {422}
    assert len({neutral(answer.get_data(as_text=True)) for answer in weak}) == 1
    assert work.take() == ()
    done = {}
    for kind, link in links.items():
        answer = client.post(link, data={"password": GOOD, "repeated": GOOD})
        done[kind] = (answer.status_code, work.take())
    same = ("verify", "hash")
    assert done == {
        "known": (422, same),
        "unknown": (303, same),
        "disabled": (422, same),
        "without a password": (422, same),
    }


def _link(manager: StrictClient, address: str) -> str:
    values = {"email": address, "given_name": "Nadia", "family_name": "Nouvelle", "job_title": "Conseillère"}
    page = unescape(manager.post("/mon-organisme/personnes", data=values).get_data(as_text=True))
    found = re.search(r"http://[^<\s]+(/invitation/[\w-]+)", page)
    assert found
    return found[1]


def test_times_are_printed_not_judged(client: StrictClient, figure: Figure) -> None:
    """A busy machine makes time a poor witness: the count of operations is the proof, this is for the eye."""
    client.get("/connexion")
    medians = {}
    for kind in ("known", "unknown"):
        taken = []
        for number in range(7):
            started = time.perf_counter()
            answer = client.post("/connexion", data={"email": ADDRESSES[kind], "password": f"{WRONG} {number}"})
            taken.append(time.perf_counter() - started)
            assert answer.status_code == 422
        medians[kind] = statistics.median(taken) * 1000
    figure("accounts.times", ", ".join(f"{kind} {median:.0f} ms" for kind, median in medians.items()))


def test_an_endless_password_is_refused_before_any_work_on_it(client: StrictClient, world: World, work: Work) -> None:
    # Put in one Unicode form, this one would hold the process for half a minute.
    endless = "a" + "\u0301\u0316" * 60_000
    pages = set()
    for address in ("cpam.a@example.org", "personne.a@example.org"):
        answer = client.post("/connexion", data={"email": address, "password": endless})
        assert (answer.status_code, work.take()) == (422, ())
        pages.add(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True)).replace(address, ""))
    assert len(pages) == 1
    assert "Ce mot de passe est trop long." in pages.pop()
