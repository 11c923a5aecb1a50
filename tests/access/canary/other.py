"""Another world that differs from the first one only in what one person may not know."""

from copy import deepcopy
from datetime import date, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from pdp.core import db
from pdp.core.db import Base
from tests.access.canary.content import add_case, add_request
from tests.access.canary.fill import filling
from tests.access.canary.labels import LINES, Fill
from tests.access.canary.oracle import Oracle
from tests.access.canary.people import Person
from tests.access.canary.seances import add_seance
from tests.access.canary.situations import Situation
from tests.access.canary.tokens import Canary, Mint
from tests.access.canary.world import CanaryWorld
from tests.support.databases import as_owner
from tests.support.world import World

# Changing these would change what a person may know, or only serves the machine.
_KEPT = {
    ("case_file", "stage"),
    ("case_note", "label"),
    ("rectification", "label"),
    ("rectification_decision", "label"),
    ("dispositif_request", "status"),
    ("dispositif_request", "dispositif"),
    ("required_piece", "kind"),
    ("required_piece", "state"),
    ("required_piece", "nature"),
    ("meeting", "status"),
    ("ballot", "status"),
    ("action", "state"),
}
# What decides who reads a piece, or which notice leaves, is left as it is.
_KEPT_TABLES = {
    "recall",
    "departure",
    "document",
    "notice",
    "outbox_mail",
    "membership",
    "organisation",
    "seat",
    "emergency_access",
}
_A_YEAR = timedelta(days=365)


def differ(canaries: CanaryWorld, person: Person) -> tuple[int, list[str]]:
    """Change in the bound database all that `person` may not know; return how much, and the new public ids."""
    oracle = Oracle(canaries, person)
    with as_owner() as session:
        _disarm(session)
        changed = _change_values(session, canaries, oracle) + _change_words(session, canaries, oracle)
    return changed, _add_cases(canaries.world, person)


def _disarm(session: Session) -> None:
    """Take away what keeps rows from being changed: here that is the point."""
    if db.bound().is_sqlite:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        session.execute(text("SET session_replication_role = replica"))


def _change_values(session: Session, canaries: CanaryWorld, oracle: Oracle) -> int:
    changed = 0
    for canary in canaries.canaries.values():
        fill = LINES[canary.table, canary.column].fill
        if fill in {Fill.JSON, Fill.NIR} or not _is_hidden(oracle, canary):
            continue
        row = session.get_one(_entity(canary.table), canary.row["id"])
        value = getattr(row, canary.column)
        # Where a name is hidden its initials are shown: they stay.
        kept = value[:1] if canary.column in {"family_name", "given_name"} else ""
        setattr(row, canary.column, kept + _otherwise(value, changed) if kept else _otherwise(value, changed))
        changed += 1
    session.flush()
    return changed


def _is_hidden(oracle: Oracle, canary: Canary) -> bool:
    if canary.label == "secret":
        # What serves the search follows the name that it stands for.
        return canary.column == "search_key" and not oracle.reads_of(canary, "identity")
    if canary.table == "case_file" and canary.label == "allowance" and oracle.person.is_core:
        # The verdicts of the rules are told whole to the core, which votes on them: they speak of pensions.
        return False
    if (canary.table, canary.column) == ("action", "kind"):
        # Whether the reserve of an opinion still stands is told with the opinion: that it holds one is no secret then.
        return not oracle.may_read(canary) and not oracle.reads_of(canary, "opinion")
    return not oracle.may_read(canary)


def _otherwise(value: Any, number: int) -> Any:
    if isinstance(value, date):
        return value + _A_YEAR
    if isinstance(value, int):
        return value + 1
    return f"autrement {number} " + "z" * (number % 40) if len(str(value)) > 20 else f"z{number}"


def _change_words(session: Session, canaries: CanaryWorld, oracle: Oracle) -> int:
    """Turn every word of a list that is hidden into the next one of its list."""
    changed = 0
    for (table, column), line in LINES.items():
        if line.fill is not Fill.WORD or (table, column) in _KEPT or table in _KEPT_TABLES:
            continue
        for row in canaries.rows[table]:
            value = row.get(column)
            if not isinstance(value, Enum) or row["_case_id"] is None:
                continue
            if not _is_hidden(oracle, _canary_of(canaries, line.table, line.column, line.label, row)):
                continue
            words = list(type(value))
            stored = session.get_one(_entity(table), row["id"])
            setattr(stored, column, words[(words.index(value) + 1) % len(words)])
            changed += 1
    session.flush()
    return changed


def _canary_of(canaries: CanaryWorld, table: str, column: str, label: str, row: dict[str, Any]) -> Canary:
    said = str(row[label[1:]]) if label.startswith("@") else label
    names = {case_id: name for name, case_id in canaries.world.case_id.items()}
    case = names[row["_case_id"]]
    return Canary("", table, column, said, row, case, case.partition(".")[0])


def _entity(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)


def _add_cases(known_world: World, person: Person) -> list[str]:
    """Add cases that the person may not know of, with a séance of their own where the person is not of the core."""
    mint, world = Mint(start=90_000), deepcopy(known_world)
    referent = "service_social_2" if person.name == "service_social" else "service_social"
    whole = person.is_core or person.role == "csam"
    hidden = Situation(restricted=True, referent=referent) if whole else Situation()
    names = {"b": ["new_1", "new_2"], "a": ["new_3", "new_4"]}
    with filling(mint), as_owner() as session:
        for key, added in names.items():
            for name in added:
                add_case(world, key, name, hidden)
                add_request(world, key, name, mint, held=False)
            if key == "b" or not person.is_core:
                add_seance(world, key, added, mint, held=False)
        session.flush()
    return [found for name, found in world.case.items() if name not in known_world.case]
