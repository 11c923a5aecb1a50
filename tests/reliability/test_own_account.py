"""Four processes count the same tries and know the same sign-ins."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pdp.audit.models import AuditEntry
from pdp.core.db import Database
from tests.accounts.test_own_account import ends
from tests.reliability.processes import Visitor, processes
from tests.support.databases import as_owner
from tests.support.world import World

Figure = Callable[[str, object], None]
EMAIL = "mdph.a@example.org"
TRIES_EACH = 6


@pytest.fixture
def ports(database: Database, tmp_path: Path) -> Iterator[list[int]]:
    """The product in four processes over one database."""
    with processes(4, database.url, tmp_path) as four:
        yield list(four)


def test_four_processes_share_limits_and_sign_ins(
    world: World, ports: list[int], figure: Figure, engine_name: str
) -> None:
    looked_at, made = guess_everywhere(ports)
    assert looked_at == 8
    figure(
        "accounts.shared_limits", f"{engine_name}: {looked_at} of {made} tries looked at, made in 4 processes at once"
    )
    served, asked = end_everywhere(world, ports)
    assert served == 0
    figure("accounts.ended", f"{engine_name}: {served} of {asked} requests served after, in 4 processes")


def guess_everywhere(ports: list[int]) -> tuple[int, int]:
    """Try wrong passwords on one account in every process at once; return how many were looked at, of how many."""
    barrier = threading.Barrier(len(ports))

    def guess(port: int) -> None:
        barrier.wait()
        for number in range(TRIES_EACH):
            status, _ = Visitor(port).post("/connexion", "/connexion", email=EMAIL, password=f"faux {number}")
            assert status == 422

    threads = [threading.Thread(target=guess, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with as_owner() as session:
        refused = select(func.count()).where(AuditEntry.action == "account.sign_in", AuditEntry.refused)
        return session.scalar(refused) or 0, TRIES_EACH * len(ports)


def signed_in(world: World, port: int) -> Visitor:
    visitor = Visitor(port)
    membership = world.membership["a.cap_emploi"]
    assert visitor.post("/connexion", "/connexion/demonstration", membership=membership)[0] in {302, 303}
    return visitor


def end_everywhere(world: World, ports: list[int]) -> tuple[int, int]:
    """End one sign-in, then all the others, from one process while they are used in the others."""
    mine, others = signed_in(world, ports[0]), [signed_in(world, port) for port in ports]
    for other in others:
        assert {other.at(port).get("/mon-compte")[0] for port in ports} == {200}
    links = ends(mine.get("/mon-compte")[1])
    assert len(links) == len(others)
    answers: list[tuple[float, int]] = []
    enough = threading.Event()

    def read(visitor: Visitor) -> None:
        while not enough.is_set():
            for port in ports:
                asked = time.monotonic()
                answers.append((asked, visitor.at(port).get("/mon-compte")[0]))

    readers = [threading.Thread(target=read, args=(other,), daemon=True) for other in others]
    for reader in readers:
        reader.start()
    assert mine.post("/mon-compte", links[0])[0] == 303
    assert mine.post("/mon-compte", "/mon-compte/connexions/fin")[0] == 303
    done = time.monotonic()
    limit = done + 30
    while sum(asked >= done for asked, _ in answers) < 40 and time.monotonic() < limit:
        time.sleep(0.05)
    enough.set()
    for reader in readers:
        reader.join(30)
    after = [status for asked, status in answers if asked >= done]
    assert len(after) >= 40
    assert mine.get("/mon-compte")[0] == 200
    return after.count(200), len(after)
