"""Every route of the URL map, as every role: new routes enter by themselves."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import Role
from pdp.web import guards
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]


def _path(app: Flask, rule: Rule, world: World) -> str:
    known = parameters(world)
    missing = rule.arguments - set(known)
    assert not missing, f"{rule.rule}: say in tests/access/places.py where {sorted(missing)} leads"
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def _rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]


def test_every_route_is_stamped(app: Flask, world: World, figure: Callable[[str, object], None]) -> None:
    stamps = {rule.endpoint: guards.access_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert all(stamp is not None for stamp in stamps.values())
    assert all(stamp == guards.PUBLIC or stamp in GRANTS for stamp in stamps.values())
    figure("routes.stamped", f"{len(stamps)} endpoints")


def test_an_unstamped_view_keeps_the_app_from_booting(app: Flask, world: World) -> None:
    app.view_functions["nobody.asked"] = lambda: "bonjour"
    with pytest.raises(guards.UnstampedView, match=r"nobody\.asked"):
        guards.install(app, lambda: None)


def test_a_visitor_opens_only_public_routes(app: Flask, client: StrictClient, world: World) -> None:
    for method in ("GET", "POST"):
        for rule in _rules(app, method):
            answer = client.open(_path(app, rule, world), method=method)
            if guards.access_of(app, rule.endpoint) == guards.PUBLIC:
                assert answer.status_code != 500
            else:
                assert answer.status_code == 302, f"{method} {rule.rule}: {answer.status_code}"
                assert answer.location.startswith("/connexion"), rule.rule


@pytest.mark.visit
@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_it_is_granted_and_nothing_else(
    app: Flask, world: World, sign_in_as: SignIn, role: Role, figure: Figure
) -> None:
    client, opened, refused = sign_in_as(f"a.{role}"), 0, 0
    for method in ("GET", "POST"):
        for rule in _rules(app, method):
            stamp = guards.access_of(app, rule.endpoint)
            if stamp == guards.PUBLIC or rule.endpoint == "accounts.sign_out":
                continue
            answer = client.open(_path(app, rule, world), method=method)
            assert answer.status_code < 500, f"{method} {rule.rule}: {answer.status_code}"
            if role in GRANTS[Permission(str(stamp))]:
                opened += 1
            else:
                refused += 1
                assert answer.status_code == 404, f"{role} got {answer.status_code} from {method} {rule.rule}"
    figure("routes.tried", f"{role} {opened} granted, {refused} refused")


def test_every_unsafe_route_refuses_a_request_without_its_token(
    app: Flask, world: World, sign_in_as: SignIn, figure: Figure
) -> None:
    client, refused = sign_in_as("a.coordinateur"), 0
    for rule in _rules(app, "POST"):
        answer = client.open(_path(app, rule, world), method="POST", headers={"X-CSRFToken": ""})
        assert answer.status_code == 400, f"{rule.rule} accepted a request without its token"
        refused += 1
    figure("routes.csrf", f"{refused} of {refused} refused")


FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://exemple.fr"},
    "another port": {"Origin": "http://localhost:8080"},
    "an unnamed origin": {"Origin": "null"},
    "a page of another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour of the site": {"Sec-Fetch-Site": "same-site"},
}


def test_every_unsafe_route_refuses_what_another_site_sends_with_a_right_token(
    app: Flask, world: World, sign_in_as: SignIn, figure: Figure
) -> None:
    client, refused = sign_in_as("a.coordinateur"), 0
    for rule in _rules(app, "POST"):
        for what, headers in FOREIGN.items():
            answer = client.open(_path(app, rule, world), method="POST", headers=headers)
            assert answer.status_code == 400, f"{rule.rule} accepted a request of {what}"
            refused += 1
    figure("routes.origin", f"{refused} of {refused} refused")


def test_a_request_of_our_own_pages_is_accepted(world: World, sign_in_as: SignIn) -> None:
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = sign_in_as("a.service_social").post("/dossiers/nouveau", headers=ours)
    assert answer.status_code == 422


def test_every_unsafe_route_refuses_the_token_of_somebody_else(app: Flask, world: World, sign_in_as: SignIn) -> None:
    mine, theirs = sign_in_as("a.coordinateur"), sign_in_as("a.cpam")
    for rule in _rules(app, "POST"):
        answer = mine.open(_path(app, rule, world), method="POST", headers={"X-CSRFToken": theirs._token()})
        assert answer.status_code == 400, f"{rule.rule} accepted the token of somebody else"
