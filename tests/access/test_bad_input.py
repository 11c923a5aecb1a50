"""Hostile bodies and addresses over the whole URL map: never a crash, and nothing half written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.db import Base, Database
from pdp.meetings.models import AgendaItem, CelluleOpinion, Vote
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import Role
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from pdp.web import guards
from pdp.web.forms import Input
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

# What is typed in every field at once.
HOSTILE = {
    "nothing": "",
    "a null character": "a\x00b",
    "a text too long for any field": "e" * 9_000,
    "a day that does not exist": "31/02/2026",
    "a negative number": "-1",
    "a number beyond any column": "9" * 30,
    "a number beyond any computer": "9" * 5_000,
    "not a number": "nan",
    "an unknown word": "inconnu",
    "markup": "<script>alert(1)</script>'\"--%s &amp;",
    "invisible characters": "a\u200b\u202eb",
    "one": "1",
    "today": clock.today().isoformat(),
    "an hour": "14:00",
}
ROLES = (Role.COORDINATEUR, Role.SERVICE_SOCIAL, Role.CPAM)


def _schemas(parent: type[Input] = Input) -> Iterator[type[Input]]:
    for schema in parent.__subclasses__():
        yield schema
        yield from _schemas(schema)


def _field_names() -> frozenset[str]:
    """Every name that a form may send."""
    declared = (field.data_key or name for schema in _schemas() for name, field in schema().fields.items())
    return frozenset(declared) | {"dispositif", "act", "suite"}


def _path(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def _rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or set()) and rule.endpoint not in {"accounts.sign_out", "static"}
    ]


def _may_open(app: Flask, rule: Rule, role: Role) -> bool:
    stamp = guards.access_of(app, rule.endpoint)
    return stamp == guards.PUBLIC or role in GRANTS[Permission(str(stamp))]


def _reaching(clients: dict[Role, StrictClient], app: Flask, rule: Rule, path: str, method: str) -> Role | None:
    """Return the first role that a route answers otherwise than by a 404; else the last that may open it."""
    role = None
    for role in (role for role in clients if _may_open(app, rule, role)):
        if clients[role].open(path, method=method).status_code != 404:
            return role
    return role


def _send_hostile(client: StrictClient, rule: Rule, path: str) -> int:
    names = _field_names()
    for what, typed in HOSTILE.items():
        body: Any = MultiDict(dict.fromkeys(names, typed) if typed else {})
        answer = client.post(path, data=body)
        assert answer.status_code < 500, f"{what} in {rule.rule}: {answer.status_code}"
    return len(HOSTILE)


def _ask_hostile(app: Flask, client: StrictClient, rule: Rule, world: World) -> None:
    for hostile in ("a\x00b", "9" * 30, "x" * 3_000, "é’\u202e"):
        names = dict.fromkeys(rule.arguments, hostile)
        asked = dict.fromkeys(("apres", "q", "page", "point", "siege", "destinataire", "suite"), hostile)
        asked |= dict.fromkeys(("etape", "axe", "statut", "organisme", "dispositif", "parcours"), hostile)
        for path in {_path(app, rule, names), _path(app, rule, parameters(world))}:
            answer = client.get(path, query_string=asked)
            assert answer.status_code < 500, f"{hostile!r} in {rule.rule}: {answer.status_code}"


def test_no_form_crashes_whatever_is_typed(
    app: Flask, world: World, database: Database, sign_in_as: SignIn, figure: Figure
) -> None:
    clients, sent = {role: sign_in_as(f"a.{role}") for role in ROLES}, 0
    for rule in _rules(app, "POST"):
        path = _path(app, rule, parameters(world))
        if role := _reaching(clients, app, rule, path, "POST"):
            sent += _send_hostile(clients[role], rule, path)
    _check_what_is_stored(database)
    figure("bad_input.forms", f"{sent} sent, none crashed")


def test_no_address_crashes_whatever_it_names(app: Flask, world: World, sign_in_as: SignIn) -> None:
    clients = {role: sign_in_as(f"a.{role}") for role in ROLES}
    for rule in _rules(app, "GET"):
        if role := _reaching(clients, app, rule, _path(app, rule, parameters(world)), "GET"):
            _ask_hostile(app, clients[role], rule, world)


@pytest.mark.drill
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_a_role_types_or_names_crashes(
    app: Flask, world: World, database: Database, sign_in_as: SignIn, role: Role
) -> None:
    client = sign_in_as(f"a.{role}")
    for rule in _rules(app, "POST"):
        if _may_open(app, rule, role):
            _send_hostile(client, rule, _path(app, rule, parameters(world)))
    _check_what_is_stored(database)
    for rule in _rules(app, "GET"):
        if _may_open(app, rule, role):
            _ask_hostile(app, client, rule, world)


def _check_what_is_stored(database: Database) -> None:
    """Every row can be read, keys point somewhere, votes follow one another, an opinion stands behind its status."""
    with as_owner() as session:
        for mapper in Base.registry.mappers:
            session.scalars(select(mapper.class_)).all()
        if database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        votes = select(func.count(Vote.id), func.max(Vote.sequence)).group_by(Vote.ballot_id, Vote.seat_id)
        assert all(count == last for count, last in session.execute(votes))
        given = select(AgendaItem.request_id).join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        alone = select(DispositifRequest.id).where(
            DispositifRequest.status.in_((RequestStatus.OPINION_GIVEN, RequestStatus.DECIDED)),
            DispositifRequest.id.not_in(given),
        )
        assert session.scalars(alone).all() == []


def test_a_body_beyond_the_limit_is_refused_in_french(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.service_social").post("/dossiers/nouveau", data={"family_name": "é" * 2_000_000})
    assert answer.status_code == 413
    assert "trop volumineux" in answer.get_data(as_text=True)


def test_what_cannot_be_shown_again_is_marked_and_the_rest_is_kept(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.service_social").post(
        "/dossiers/nouveau", data={"family_name": "Ma\x01rtin", "town": "Brest"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Ma\ufffdrtin"' in page
    assert 'value="Brest"' in page
    assert "caractère invisible" in page


@pytest.mark.parametrize(("given", "kept"), [("Jean-Dupont", False), ("3f2a9c1e-77d0-4a51-9d0b-1c2d3e4f5a6b", True)])
def test_the_journal_takes_over_the_id_of_a_proxy_and_never_a_text(
    world: World, sign_in_as: SignIn, given: str, kept: bool
) -> None:
    sign_in_as("a.cpam").get("/dossiers", headers={"X-Request-Id": given})
    with as_owner() as session:
        found = session.scalars(select(AuditEntry.request_id).where(AuditEntry.action == "case.list")).one()
    assert (found == given) is kept
