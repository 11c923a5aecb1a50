"""The great séance: two consoles, the room's screen and the phones of the members, at once, in Chromium."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pdp.core import seal as seals
from pdp.core.seal import Seal
from pdp.demo.seals import make
from pdp.policy.actor import Actor
from tests.journeys.great_seance.agenda import FORTY, TWELVE, Point, set_out
from tests.journeys.great_seance.cast import EIGHT_DEVICES, FOUR_DEVICES
from tests.journeys.great_seance.papers import check_minutes
from tests.journeys.great_seance.play import Held, play
from tests.journeys.great_seance.recount import compare
from tests.journeys.great_seance.stage import OpenAs, Stage, take_places
from tests.support.client import StrictClient
from tests.support.world import World

pytestmark = pytest.mark.journey
Figure = Callable[[str, object], None]


@pytest.fixture
def open_as(open_page: Callable[..., Page], sign_in_as: Callable[[str], StrictClient], address: str) -> OpenAs:
    """Open an empty page signed in as a person of the world, in a browser of its own."""

    def opened(person: str, width: int, height: int) -> Page:
        page = open_page(width, height)
        cookie = sign_in_as(person).get_cookie("pdp")
        assert cookie is not None
        page.context.add_cookies([{"name": "pdp", "value": cookie.value, "url": address}])
        return page

    return opened


@pytest.fixture
def seal(tmp_path: Path) -> Iterator[Seal]:
    """The seal of the cellule, with which the minutes of the test are sealed."""
    file = tmp_path / "seal.p12"
    file.write_bytes(make("Cellule d’essai", "sésame"))
    found = Seal.read(file, "sésame")
    seals.install(found)
    yield found
    seals.install(None)


def hold(world: World, open_as: OpenAs, points: tuple[Point, ...], devices: tuple[str, ...]) -> tuple[Stage, Held]:
    """Play a séance and check that all agree: the pages in time, their figures with the rows, nobody by the mouse."""
    stage = take_places(set_out(world, points), devices, open_as, "/static/favicon.svg")
    held = play(stage)
    assert not stage.console.was_pointed_at()
    assert not stage.second.was_pointed_at()
    return stage, held


def say(stage: Stage, held: Held, seconds: float) -> str:
    """Check the figures of a séance, and say them."""
    compared, differing = compare(stage)
    assert not differing
    stage.delays.check()
    return (
        f"{held.opinions} requests, 12 members, 2 consoles, the room and {len(stage.phones)} phones "
        f"in {seconds:.0f} s; "
        f"{stage.delays.words()}; {stage.votes} votes cast, {compared} figures of pages equal to the SQL recount"
    )


@pytest.mark.postgresql
def test_a_seance_of_twelve_requests_is_seen_alike_by_all(world: World, open_as: OpenAs, figure: Figure) -> None:
    begun = time.monotonic()
    stage, held = hold(world, open_as, TWELVE, FOUR_DEVICES)
    figure("seance.twelve", say(stage, held, time.monotonic() - begun))


@pytest.mark.drill
def test_a_seance_of_forty_requests_is_seen_alike_by_all(
    world: World, open_as: OpenAs, seal: Seal, actor_of: Callable[[str], Actor], tmp_path: Path, figure: Figure
) -> None:
    begun = time.monotonic()
    stage, held = hold(world, open_as, FORTY, EIGHT_DEVICES)
    figure("seance.forty", say(stage, held, time.monotonic() - begun))
    figure("seance.papers", check_minutes(held.agenda, actor_of, seal, tmp_path))
