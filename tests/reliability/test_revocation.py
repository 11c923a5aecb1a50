"""What one process takes away, the three others refuse from their next request on."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pdp.core import clock
from pdp.core.db import Database
from tests.reliability.processes import Visitor, processes
from tests.support.databases import as_owner
from tests.support.world import World

Act = Callable[["Scene"], None]


class Scene:
    """Four processes, a case shared with a partner, and someone of that partner reading it in the last three."""

    def __init__(self, world: World, ports: tuple[int, ...], reader: str) -> None:
        self.world, (self.first, *self.others), self.reader = world, ports, reader
        self.key, self.kind = reader.split(".")
        self.case = f"/dossiers/{world.case[f'{self.key}.shared']}"
        self.partner = self.signed_in(reader, self.first)

    def signed_in(self, name: str, port: int) -> Visitor:
        visitor = Visitor(port)
        status, _ = visitor.post("/connexion", "/connexion/demonstration", membership=self.world.membership[name])
        assert status in {302, 303}
        return visitor


def withdraw_the_agreement(scene: Scene) -> None:
    with as_owner() as session:
        agreement = session.execute(
            text("SELECT public_id FROM sharing_agreement WHERE case_id = :case AND organisation_id = :organisation"),
            {
                "case": scene.world.case_id[f"{scene.key}.shared"],
                "organisation": scene.world.organisation[scene.reader],
            },
        ).scalar_one()
    page = f"{scene.case}/partage/{agreement}/retrait"
    status, _ = scene.signed_in(f"{scene.key}.service_social", scene.first).post(
        page,
        page,
        version="1",
        withdrawn_on=clock.today().isoformat(),
        means="oral",
        reason="",
    )
    assert status in {302, 303}


def end_the_membership(scene: Scene) -> None:
    close(scene, "coordinateur", "retrait")


def close_the_account(scene: Scene) -> None:
    close(scene, "admin", "fermeture")


def close(scene: Scene, role: str, act: str) -> None:
    """Have somebody of the cellule close the reader's access, through the page that does it."""
    page = f"/personnes/{scene.world.membership[scene.reader]}/{act}"
    status, _ = scene.signed_in(f"{scene.key}.{role}", scene.first).post(page, page, reason="departure")
    assert status in {302, 303}


def sign_out_elsewhere(scene: Scene) -> None:
    # The same sign-in carried to the first process: its cookies are forgotten there, not here.
    copy = Visitor(scene.first, dict(scene.partner.cookies))
    status, _ = copy.post("/", "/deconnexion")
    assert status in {302, 303}


# What happens → who was reading.
ACTS: dict[str, tuple[Act, str]] = {
    "agreement withdrawn": (withdraw_the_agreement, "a.cap_emploi"),
    "membership ended": (end_the_membership, "a.spst"),
    "account closed": (close_the_account, "b.cap_emploi"),
    "session revoked": (sign_out_elsewhere, "b.spst"),
}


@pytest.fixture
def ports(database: Database, tmp_path: Path) -> Iterator[tuple[int, ...]]:
    with processes(4, database.url, tmp_path) as four:
        yield four


class Reader(threading.Thread):
    """Someone who opens the case again and again in one of the processes."""

    def __init__(self, scene: Scene, port: int) -> None:
        super().__init__(daemon=True)
        self.visitor = Visitor(port, dict(scene.partner.cookies))
        self.case = scene.case
        self.answers: list[tuple[float, int]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            asked = time.monotonic()
            self.answers.append((asked, self.visitor.get(self.case)[0]))

    def wait_for(self, count: int) -> None:
        limit, wanted = time.monotonic() + 60, len(self.answers) + count
        while len(self.answers) < wanted and time.monotonic() < limit:
            time.sleep(0.02)
        assert len(self.answers) >= wanted


def test_what_one_process_takes_away_another_refuses(
    world: World, ports: tuple[int, ...], engine_name: str, figure: Callable[[str, object], None]
) -> None:
    refused = {act: asked_after(Scene(world, ports, reader), deed) for act, (deed, reader) in ACTS.items()}
    said = f"0 accesses in {sum(refused.values())} requests to 3 other processes"
    figure("revocation.processes", f"{engine_name}: {said}, after {len(refused)} kinds of revocation")


def asked_after(scene: Scene, deed: Act) -> int:
    """Take the access away while three windows read; return how many pages they asked after, all refused."""
    readers = [Reader(scene, port) for port in scene.others]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.wait_for(3)
    deed(scene)
    done = time.monotonic()
    for reader in readers:
        reader.wait_for(6)
        reader.enough.set()
        reader.join(60)
    answers = [answer for reader in readers for answer in reader.answers]
    before = [status for asked, status in answers if asked < done]
    after = [status for asked, status in answers if asked >= done]
    assert 200 in before, scene.reader
    assert 200 not in after, scene.reader
    assert len(after) >= 8
    return len(after)
