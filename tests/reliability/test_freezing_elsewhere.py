"""A restriction recorded in one process shuts partners out of the other on their next request."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pdp.core import clock
from pdp.core.db import Database
from tests.reliability.processes import Visitor, processes
from tests.support.world import World


@pytest.fixture
def ports(database: Database, tmp_path: Path) -> Iterator[tuple[int, ...]]:
    with processes(2, database.url, tmp_path) as both:
        yield both


def test_a_freeze_in_one_process_acts_in_the_other_and_so_does_the_lifting(
    world: World, ports: tuple[int, ...], engine_name: str, figure: Callable[[str, object], None]
) -> None:
    case, today = f"/dossiers/{world.case['a.shared']}", clock.today().isoformat()
    social = _signed_in(world, "a.service_social", ports[0])
    partners = [_signed_in(world, name, ports[1]) for name in ("a.cap_emploi", "a.spst")]
    rights = f"{case}/droits/limitation"

    def answers() -> list[int]:
        return [partner.get(path)[0] for partner in partners for path in (case, f"{case}/partage") for _ in range(5)]

    before = answers()
    status, _ = social.post(rights, rights, ground="claims", asked_on=today, detail="")
    assert status in {302, 303}
    during = answers()
    told = {"version": "1", "informed_on": today, "means": "post", "reason": "Fin du litige"}
    for path, values in ((f"{rights}/information", told), (f"{rights}/levee", {"version": "2"})):
        status, _ = social.post(f"{rights}/levee", path, **values)
        assert status in {302, 303}
    after = answers()
    assert (set(before), set(during), set(after)) == ({200}, {404}, {200})
    figure("freeze.processes", f"{engine_name}: 0 of {len(during)} requests of the other process served while frozen")


def _signed_in(world: World, name: str, port: int) -> Visitor:
    visitor = Visitor(port)
    status, _ = visitor.post("/connexion", "/connexion/demonstration", membership=world.membership[name])
    assert status in {302, 303}
    return visitor
