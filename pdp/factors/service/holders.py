"""What a person holds besides a password, whatever its kind. Each kind of factor is one module that answers here.

Every function joins the transaction under way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pdp.core import db
from pdp.core.errors import NotFound
from pdp.factors.enums import FactorKind
from pdp.factors.service import passkeys, totp


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One factor of a person, as its page shows it."""

    public_id: str
    kind: FactorKind
    name: str
    added_at: datetime
    last_used_at: datetime | None


class Holder(Protocol):
    """A kind of factor: what a person holds of it."""

    KIND: FactorKind

    def list_rows(self, user_id: int) -> Sequence[totp.Held]:
        """Return the rows of a person, oldest first."""


HOLDERS: tuple[Holder, ...] = (totp, passkeys)


def list_factors(user_id: int) -> list[FactorLine]:
    """Return every factor of a person, oldest first."""
    lines = [
        FactorLine(row.public_id, holder.KIND, row.name, row.added_at, row.last_used_at)
        for holder in HOLDERS
        for row in holder.list_rows(user_id)
    ]
    return sorted(lines, key=lambda line: line.added_at)


def find_row(user_id: int, public_id: str) -> tuple[FactorKind, totp.Held]:
    """Return a factor of a person, with its kind. Raises `NotFound`."""
    for holder in HOLDERS:
        for row in holder.list_rows(user_id):
            if row.public_id == public_id:
                return holder.KIND, row
    raise NotFound


def kinds_of(user_id: int) -> frozenset[FactorKind]:
    """Return the kinds of factors that a person holds."""
    return frozenset(holder.KIND for holder in HOLDERS if holder.list_rows(user_id))


def kinds_held(user_id: int) -> frozenset[FactorKind]:
    """Return the kinds of factors that a person holds, in a reading of its own."""
    with db.reading():
        return kinds_of(user_id)


def has_factor(user_id: int) -> bool:
    """Tell whether a person holds any factor: a password alone then never adds another."""
    return bool(kinds_of(user_id))


def remove_all(user_id: int) -> int:
    """Remove every factor of a person and return how many there were: a new one is registered in their place."""
    rows = [row for holder in HOLDERS for row in holder.list_rows(user_id)]
    for row in rows:
        db.session().delete(row)
    db.session().flush()
    return len(rows)
