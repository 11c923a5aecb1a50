"""Two worlds that differ only in what a person may not know give that person the same bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from pdp.accounts import service as accounts
from pdp.accounts.login import limits_of
from pdp.core import clock, db
from pdp.settings import Settings
from tests.access.canary.asked import asked, typed
from tests.access.canary.conftest import hurry
from tests.access.canary.other import differ
from tests.access.canary.people import WALKERS, Person
from tests.access.canary.places import places
from tests.access.canary.walk import CASES
from tests.access.canary.world import CanaryWorld
from tests.conftest import KEYS, application
from tests.support.normalise import normalised

Figure = Callable[[str, object], None]

_STEPS = 160
# The last one offers a secret that is drawn for each sign-in.
_LEFT_OUT = {"static", "accounts.sign_out", "accounts.sign_in", "factors.add_totp"}


@dataclass(frozen=True)
class Step:
    """One thing asked: a page, or a search when there is a body."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: tuple[tuple[str, str], ...] = ()


@contextmanager
def _world(engine: Any, folder: Path, name: str, canaries: CanaryWorld) -> Iterator[tuple[Flask, FlaskClient]]:
    with engine.copy() as own:
        if own.is_sqlite:
            event.listen(own.engine, "connect", hurry)
        db.bind(own)
        settings = Settings(
            database_url=own.url, secret_key="s" * 40, encryption_keys=KEYS, instance=folder, demo=False
        )
        app = application(settings)
        client = FlaskClient(app, app.response_class)
        token = accounts.sign_in_as(canaries.world.membership[f"a.{name}"], limits_of(settings))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        yield app, client


def _all_steps(app: Flask, canaries: CanaryWorld, hidden: list[str]) -> list[Step]:
    steps = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint in _LEFT_OUT:
            continue
        if "GET" in (rule.methods or ()):
            for place in places(app, canaries, rule, CASES):
                steps += [Step(place.path, tuple(query.items())) for query in asked(rule.endpoint, place.case)]
        else:
            steps += [Step(rule.rule, body=tuple(body.items())) for body in typed(canaries, rule.endpoint) if body]
    # What exists in one of the two worlds only must not be told from what exists in none.
    return steps + [Step(f"/dossiers/{found}") for found in hidden]


def _answer(client: FlaskClient, step: Step) -> bytes:
    if not step.body:
        return normalised(client.get(step.path, query_string=dict(step.query)))
    token = client.get("/mon-role").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]
    found = client.post(step.path, data=dict(step.body), headers={"X-CSRFToken": token})
    return normalised(found) + (normalised(client.get(found.location)) if found.location else b"")


def _walk(client: FlaskClient, steps: list[Step]) -> list[bytes]:
    return [_answer(client, step) for step in steps]


@pytest.mark.parametrize("name", WALKERS)
def test_what_a_person_may_not_know_changes_no_byte_of_an_answer(
    name: str, canary: CanaryWorld, engine_name: str, engines: dict[str, Any], tmp_path: Path, figure: Figure
) -> None:
    engine, instant = engines[f"{engine_name}.canary"], clock.now()
    with clock.acting_at(instant), _world(engine, tmp_path, name, canary) as (app, client):
        changed, hidden = differ(canary, Person(name))
        every = _all_steps(app, canary, hidden)
        steps = Random(name).sample(every, min(_STEPS, len(every))) + every[-len(hidden) :]
        there = _walk(client, steps)
    with clock.acting_at(instant), _world(engine, tmp_path, name, canary) as (_, client):
        here = _walk(client, steps)
    told = [(step, a, b) for step, a, b in zip(steps, here, there, strict=True) if a != b]
    assert not told, "\n".join(f"{step}: {_first_difference(a, b)}" for step, a, b in told)
    assert changed > 100
    figure("two_worlds.answers", f"{name} {len(steps)} answers equal, {changed} hidden values apart")


def _first_difference(one: bytes, other: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, at - 80) : at + 60]!r} ≠ …{other[max(0, at - 20) : at + 60]!r}"
