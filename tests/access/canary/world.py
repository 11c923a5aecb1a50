"""Build the canary world in an empty migrated database, and say what each value given belongs to."""

import importlib
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pdp.accounts import queries as accounts
from pdp.accounts import service as account_service
from pdp.accounts.models import Membership, User
from pdp.core import clock
from pdp.core.db import Base
from pdp.meetings.enums import BallotStatus
from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from tests.access.canary.content import add_case, add_uses
from tests.access.canary.fill import filling
from tests.access.canary.seances import add_seance
from tests.access.canary.situations import ADDED, SITUATIONS
from tests.access.canary.tokens import Canary, Mint
from tests.minutes.seance import deliver
from tests.support import world as base
from tests.support.databases import as_owner
from tests.support.world import World

_TESTS = Path(__file__).parents[2]
_LONG_AGO = date(2024, 1, 1)
# A row belongs to a case through these references, in this order; people and organisations are no way to a case.
_NO_WAY = frozenset({"user_account", "organisation", "membership", "seat", "cellule"})


@dataclass
class CanaryWorld:
    """The ids of the world, and every value given in it."""

    world: World
    canaries: dict[str, Canary]
    # The rows of each table, as plain values, with the case that each belongs to.
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def build() -> CanaryWorld:
    """Fill an empty migrated database."""
    mint = Mint()
    with filling(mint):
        world = base.build()
        with as_owner() as session:
            _add_people(world, session)
            for key in ("a", "b"):
                for name, situation in ADDED.items():
                    add_case(world, key, name, situation)
                add_uses(world, key)
        for key in ("a", "b"):
            with as_owner():
                held = add_seance(world, key, list(ADDED), mint, held=True)
            minutes.compose_minutes(_actor(world, f"{key}.coordinateur"), held)
            deliver()
            with as_owner():
                world.meeting[f"{key}.running"] = add_seance(world, key, list(ADDED), mint, held=False)
        for builder in _builders():
            for key in ("a", "b"):
                _add_to_cases(builder, world, key)
    with as_owner() as session:
        rows = _dump(session)
    return CanaryWorld(world, _resolve(mint, world, rows), rows)


def _add_people(world: World, session: Session) -> None:
    """Add to the SPST of each cellule a person who is not its médecin du travail."""
    for key in ("a", "b"):
        user = User(email="", given_name="", family_name="", created_at=clock.now())
        session.add(user)
        session.flush()
        membership = Membership(
            user_id=user.id,
            organisation_id=world.organisation[f"{key}.spst"],
            cellule_id=world.cellule[key],
            role=Role.SPST,
            starts_on=_LONG_AGO,
        )
        session.add_all((membership, base.accepted_by(user)))
        session.flush()
        world.user[f"{key}.spst_2"] = user.id
        world.membership[f"{key}.spst_2"] = membership.public_id


def _actor(world: World, name: str) -> Actor:
    with as_owner():
        membership = accounts.find_membership(world.user[name], world.membership[name], clock.today())
        assert membership is not None
        return account_service.build_actor(membership)


def _builders() -> list[ModuleType]:
    """Return what each feature offers to fill its own tables: `tests/<feature>/builders.py` with an `add`."""
    found = [
        importlib.import_module(f"tests.{path.parent.name}.builders") for path in sorted(_TESTS.glob("*/builders.py"))
    ]
    return [module for module in found if hasattr(module, "add")]


def _add_to_cases(builder: ModuleType, world: World, key: str) -> None:
    """Call a builder for every case; what hangs on no case is there after the first one, and cannot be twice."""
    for number, name in enumerate(ADDED):
        try:
            _add(builder, _as_if_shared(world, key, name), key)
        except IntegrityError:
            if number == 0:
                raise


def _add(builder: ModuleType, world: World, key: str) -> None:
    """Call a builder with the name of the case, or of the cellule alone: both are in use."""
    try:
        with as_owner():
            builder.add(world, f"{key}.shared")
    except KeyError:
        with as_owner():
            builder.add(world, key)


def _as_if_shared(world: World, key: str, name: str) -> World:
    """Return the world in which a case goes by the name `shared`, the one that builders add to."""
    ids = {one.name: dict(found) for one in fields(world) if isinstance(found := getattr(world, one.name), dict)}
    for found in ids.values():
        if f"{key}.{name}" in found:
            found[f"{key}.shared"] = found[f"{key}.{name}"]
    return replace(world, **ids)


def _dump(session: Session) -> dict[str, list[dict[str, Any]]]:
    dumped = {}
    for table in Base.metadata.sorted_tables:
        dumped[table.name] = [dict(row._mapping) for row in session.execute(select(table).order_by(table.c.id))]
    _open_sealed(session, dumped)
    _give_cases(dumped)
    return dumped


def _open_sealed(session: Session, dumped: dict[str, list[dict[str, Any]]]) -> None:
    """Write in the rows the plain text of their encrypted columns, which their mapper alone opens."""
    for mapper in Base.registry.mappers:
        sealed = [column.name for column in mapper.columns if type(column.type).__name__ == "EncryptedText"]
        if sealed:
            plain = {row.id: row for row in session.scalars(select(mapper.class_))}
            for row in dumped[mapper.local_table.name]:
                row.update({name: getattr(plain[row["id"]], name) for name in sealed})


def _give_cases(dumped: dict[str, list[dict[str, Any]]]) -> None:
    """Write in each row its case under `_case_id`, and under `_up` every row above it, found by its references."""
    by_id = {name: {row["id"]: row for row in rows} for name, rows in dumped.items()}
    # Tables come sorted: what a row refers to has been dealt with before; what outlives its case comes last.
    for table in sorted(Base.metadata.sorted_tables, key=_outlives_its_case):
        ways = _ways(table)
        for row in dumped[table.name]:
            above = [by_id[target][row[column]] for column, target in ways if row[column] is not None]
            row["_up"] = {name: found for one in reversed(above) for name, found in one["_up"].items()}
            row["_up"][table.name] = row["id"]
    for case in dumped["case_file"]:
        by_id["insured_person"][case["person_id"]]["_up"]["case_file"] = case["id"]
    for alias in dumped["person_alias"]:
        alias["_up"]["case_file"] = by_id["insured_person"][alias["person_id"]]["_up"]["case_file"]
    closed = {row["id"] for row in dumped["ballot"] if row["status"] is BallotStatus.CLOSED}
    organisations = {row["id"]: row["organisation_id"] for row in dumped["seat"]}
    for name, rows in dumped.items():
        for row in rows:
            row["_case_id"] = row["_up"].get("case_file")
            if name == "vote":
                row["_closed"] = row["ballot_id"] in closed
                row["_organisation_id"] = organisations[row["seat_id"]]
            if name == "advice_reply":
                row["_replier_id"] = by_id["advice_ask"][row["ask_id"]]["organisation_id"]


def _outlives_its_case(table: Table) -> bool:
    return "case_id" in table.columns and not table.columns["case_id"].foreign_keys


def _ways(table: Table) -> list[tuple[str, str]]:
    ways = [
        (column.name, key.column.table.name)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.name == "id" and key.column.table.name not in _NO_WAY
    ]
    if _outlives_its_case(table):
        ways.append(("case_id", "case_file"))
    return sorted(ways, key=lambda way: way[1] != "case_file")


def _resolve(mint: Mint, world: World, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Canary]:
    cases = {case_id: name for name, case_id in world.case_id.items()}
    cellules = {cellule_id: key for key, cellule_id in world.cellule.items()}
    by_id = {name: {row["id"]: row for row in found} for name, found in rows.items()}
    # What a builder was refused was given too, and is nowhere.
    for canary in [found for found in mint.given.values() if not _is_stored(found, by_id)]:
        del mint.given[canary.value]
    for canary in mint.given.values():
        row = by_id[canary.table][canary.row.id]
        canary.row = row
        canary.case = cases.get(row["_case_id"])
        if row["_case_id"] is not None:
            canary.cellule = cellules[by_id["case_file"][row["_case_id"]]["cellule_id"]]
        elif "cellule_id" in row:
            canary.cellule = cellules.get(row["cellule_id"])
    _give_cellules(mint, rows, cellules)
    return mint.given


def _is_stored(canary: Canary, by_id: dict[str, dict[int, dict[str, Any]]]) -> bool:
    row = by_id[canary.table].get(canary.row.id)
    return row is not None and canary.value in str(row[canary.column])


def _give_cellules(mint: Mint, rows: dict[str, list[dict[str, Any]]], cellules: dict[int, str]) -> None:
    """People, organisations and cellules belong to the cellules that they take part in: here one each."""
    of_user = {row["user_id"]: cellules[row["cellule_id"]] for row in rows["membership"]}
    of_organisation = {row["organisation_id"]: cellules[row["cellule_id"]] for row in rows["cellule_organisation"]}
    for canary in mint.given.values():
        if canary.table == "user_account":
            canary.cellule = of_user[canary.row["id"]]
        elif canary.table == "organisation":
            canary.cellule = of_organisation[canary.row["id"]]
        elif canary.table == "cellule":
            canary.cellule = cellules[canary.row["id"]]


__all__ = ["SITUATIONS", "CanaryWorld", "build"]
