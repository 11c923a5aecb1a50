"""A thing to do that may not be settled now: no form that would be refused is offered, and what was typed stays."""

from collections.abc import Callable

from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock
from tests.meetings.pages import read
from tests.meetings.test_conditions import _hold
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def _freeze(world: World) -> None:
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.shared"])
        session.get_one(InsuredPerson, case.person_id).frozen_on = clock.today()


def test_what_was_typed_about_a_thing_settled_meanwhile_stays_on_the_page(world: World, sign_in_as: SignIn) -> None:
    _, (first, second) = _hold(world)
    path, client = f"/actions/{first}", sign_in_as("a.cpam")
    assert client.post(f"{path}/clore", data={"version": "1"}).status_code == 302
    for act, name in (("clore", "note"), ("non-remplie", "why")):
        answer = client.post(f"{path}/{act}", data={"version": "1", name: "Le tuteur a renoncé."})
        assert answer.status_code == 409
        text = answer.get_data(as_text=True)
        assert "entre-temps" in text
        assert "Le tuteur a renoncé." in text
    # Still open, but another page was faster: the form comes back filled, with the version of now.
    answer = client.post(f"/actions/{second}/clore", data={"version": "0", "note": "Fait lundi."})
    assert answer.status_code == 409
    assert "Fait lundi.</textarea>" in answer.get_data(as_text=True)


def test_a_frozen_case_offers_no_form_that_would_be_refused(world: World, sign_in_as: SignIn) -> None:
    _, (first, _) = _hold(world)
    path, client = f"/actions/{first}", sign_in_as("a.cpam")
    assert "Lever la réserve" in read(client, path)
    _freeze(world)
    page = read(client, path)
    assert "Lever la réserve" not in page
    assert "Dire qu’elle n’est pas remplie" not in page
    assert "avant la levée de cette limitation" in page
    answer = client.post(f"{path}/clore", data={"version": "1", "note": "Fait lundi."})
    assert (answer.status_code, "Fait lundi." in answer.get_data(as_text=True)) == (422, True)
