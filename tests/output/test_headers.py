"""Every answer carries the headers that keep it out of caches, frames and other sites: errors and files too."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pdp.policy.roles import Role
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def answers(app: Flask, world: World, client: StrictClient) -> Iterator[tuple[str, str, TestResponse]]:
    known, adapter = parameters(world), app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "accounts.sign_out":
            continue
        path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        for method in sorted({"GET", "POST", "OPTIONS"} & (rule.methods or set())):
            yield f"{method} {rule.rule}", rule.endpoint, client.open(path, method=method)


def check(where: str, endpoint: str, answer: TestResponse) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value, where
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox", where
    else:
        assert "script-src 'self';" in policy, where
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    kept = endpoint == "static" and answer.status_code < 400
    assert kept or answer.headers["Cache-Control"] == "no-store", where


@pytest.mark.parametrize("role", [Role.COORDINATEUR, Role.CAP_EMPLOI])
def test_every_answer_of_every_route_carries_them(
    role: Role, app: Flask, world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    seen: dict[int, int] = {}
    for where, endpoint, answer in answers(app, world, sign_in_as(f"a.{role}")):
        check(where, endpoint, answer)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
    assert {200, 404} <= seen.keys()
    figure("headers.answers", f"{role} {sum(seen.values())} answers, 0 without")


def test_a_file_an_export_and_a_refusal_carry_them(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.coordinateur")
    file = client.get(f"/seances/{world.meeting['a.open']}/calendrier")
    export = client.post("/dossiers/export", data={"reason": "Revue.", "file_format": "xlsx"})
    assert [answer.headers["Content-Disposition"].split(";")[0] for answer in (file, export)] == ["attachment"] * 2
    for where, answer in (
        ("file", file),
        ("export", export),
        ("missing page", client.get("/rien/du/tout")),
        ("missing file", client.get("/static/rien.css")),
        ("wrong method", client.post("/dossiers/nouveau/rien")),
        ("no token", client.post("/notifications", headers={"X-CSRFToken": ""})),
    ):
        check(where, "static" if where == "missing file" else "-", answer)


def test_signing_out_clears_what_the_browser_kept(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.cpam").post("/deconnexion")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
