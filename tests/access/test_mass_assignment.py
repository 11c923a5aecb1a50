"""Every column of every table is posted to every form: none is taken but those that the form declares."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, select
from werkzeug.routing import Rule

from pdp.core import clock
from pdp.core.db import Base
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import Role
from pdp.web import guards
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
Rows = dict[str, dict[int, dict[str, Any]]]

ROLES = (Role.SERVICE_SOCIAL, Role.COORDINATEUR, Role.CPAM, Role.CAP_EMPLOI)
# What no form of ours asks for, recognised in any column.
_TEXT, _NUMBER, _DAY = "affectation-de-masse", 987_651, "1931-07-14"
# Written by every request, or by nobody's form.
_PRIVILEGES = {"is_physician", "is_org_manager", "sensitive"}
_TECHNICAL = {"user_session", "sign_in_attempt", "audit_entry", "audit_segment"}


def _tomorrow() -> str:
    return (clock.today() + timedelta(days=1)).isoformat()


def _typed(world: World) -> dict[str, dict[str, str]]:
    """Return what a person types in the forms that are easily filled, so that these acts do succeed."""
    return {
        "cases.open_case": {
            "family_name": "Bernard",
            "given_name": "Lise",
            "birth_date": "1980-02-03",
            "source": "SELF",
        },
        "cases.add_note": {"label": "plan", "text": "Prendre rendez-vous."},
        "cases.add_row_post": {"status": "EMPLOYEE_CDI", "post": "Vendeuse"},
        "meetings.plan_meeting_post": {"day": _tomorrow(), "start": "09:00", "end": "11:00", "place": "Salle"},
        "meetings.add_action": {
            "organisation": "",
            "text": "Appeler l’employeur.",
            "due_on": _tomorrow(),
        },
        "meetings.save_discussion": {"discussion": "Échanges."},
        "meetings.cast_vote": {"value": "FOR"},
        "requests.create": {"dispositif": "bilan_competences", "author": "INSURED", "purpose": "Se reconvertir."},
        "accounts.use_membership": {"membership": world.membership["a.service_social"]},
    }


def _columns() -> dict[str, "Column[Any]"]:
    return {column.name: column for table in Base.metadata.sorted_tables for column in table.columns}


def _marker(column: "Column[Any]") -> str:
    if isinstance(column.type, Boolean):
        return "1"
    if isinstance(column.type, Integer) or column.foreign_keys:
        return str(_NUMBER)
    if isinstance(column.type, Date):
        return _DAY
    if isinstance(column.type, DateTime):
        return f"{_DAY}T12:00"
    return _TEXT


def _is_marked(value: Any) -> bool:
    return str(value).startswith(_DAY) or value == _NUMBER or _TEXT in str(value)


@contextmanager
def _declared() -> Iterator[set[str]]:
    """Collect the names that the forms read during the block declare: marshmallow's own `load` is listened to."""
    names: set[str] = set()
    load = Schema.load

    def listening(self: Schema, *args: Any, **options: Any) -> Any:
        names.update(field.data_key or name for name, field in self.fields.items())
        return load(self, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Schema, "load", listening)
        yield names


def _rows() -> Rows:
    with as_owner() as session:
        return {
            table.name: {row.id: dict(row._mapping) for row in session.execute(select(table))}
            for table in Base.metadata.sorted_tables
            if table.name not in _TECHNICAL
        }


def _changed(before: Rows, after: Rows) -> Iterator[tuple[str, str, Any]]:
    for table, rows in after.items():
        for row_id, row in rows.items():
            old = before[table].get(row_id, {})
            for column, value in row.items():
                if old.get(column) != value:
                    yield table, column, value


def _posts(app: Flask, role: Role) -> Iterator[Rule]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        stamp = guards.access_of(app, rule.endpoint)
        if "POST" not in (rule.methods or ()) or rule.endpoint == "accounts.sign_out":
            continue
        if stamp == guards.PUBLIC or role in GRANTS[Permission(str(stamp))]:
            yield rule


def _path(app: Flask, rule: Rule, world: World) -> str:
    known = parameters(world)
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})


@pytest.mark.parametrize("role", ROLES)
def test_no_form_takes_a_column_that_it_does_not_declare(
    app: Flask, world: World, sign_in_as: SignIn, role: Role, figure: Figure
) -> None:
    client, columns, typed = sign_in_as(f"a.{role}"), _columns(), _typed(world)
    tried, acted, before = 0, 0, _rows()
    for rule in _posts(app, role):
        body = {name: _marker(column) for name, column in columns.items()} | typed.get(rule.endpoint, {})
        with _declared() as declared:
            answer = client.post(_path(app, rule, world), data=body)
        assert answer.status_code < 500, f"{rule.rule}: {answer.status_code}"
        after = _rows()
        for table, column, value in _changed(before, after):
            assert not _is_marked(value) or column in declared, f"{rule.rule} took {table}.{column}"
            assert column not in _PRIVILEGES or column in declared, f"{rule.rule} granted {table}.{column}"
        acted += answer.status_code in {302, 303}
        tried, before = tried + len(columns.keys() - declared), after
    figure("mass_assignment.fields", f"{role} {tried} fields posted beside the forms, none taken")
    print(f"{role}: {acted} acts done")
