"""Encrypted columns of the models: each value is bound to its row, which the column type alone cannot know.

The mapper binds a text to its row just before it is written, and opens it just after it was loaded;
the model reads and writes a plain text. A statement that goes around the mapper gets no text.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, LargeBinary, TypeDecorator, event
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value

from pdp.core.crypto import KeyUnavailable, Place, decrypt, encrypt
from pdp.core.ids import new_public_id


class Bound(str):
    """A text that knows the cell it is written to."""

    place: Place

    @classmethod
    def to(cls, place: Place, text: str) -> "Bound":
        """Bind a text to a cell."""
        bound = cls(text)
        bound.place = place
        return bound


class Unopened(bytes):
    """A stored value as it is, before its row opens it."""


class EncryptedText(TypeDecorator[str]):
    """A text column stored encrypted (`name` is `table.column`); it can be neither searched nor sorted."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Bound):
            raise KeyUnavailable(f"{self.name} is written through its row only")
        return encrypt(value, value.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else Unopened(value)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """An encrypted column: its table and its name there.

    `owner` names the column of what the value belongs to: the cellule, or the account for a table that
    has none. A row handed over to another owner does not open.
    """

    table: str
    column: str
    owner: str = "cellule_id"

    def place(self, owner_id: int, public_id: str) -> Place:
        """Return the cell of a row."""
        return Place(f"{self.table}.{self.column}", owner_id, public_id)


# Every encrypted column of the models loaded, for the rotation of keys.
COLUMNS: dict[tuple[str, str], SealedColumn] = {}


@event.listens_for(Mapper, "mapper_configured")
def _attend(mapper: Mapper[Any], owner: type[Any]) -> None:
    keys: dict[str, SealedColumn] = {}
    owned_by = "cellule_id" if "cellule_id" in mapper.columns else "user_id"
    for attribute in mapper.column_attrs:
        stored = attribute.columns[0]
        if isinstance(stored.type, EncryptedText):
            table, _, column = stored.type.name.partition(".")
            keys[attribute.key] = COLUMNS[table, column] = SealedColumn(table, column, owned_by)
    if not keys:
        return
    event.listen(owner, "load", lambda row, _context: _open(row, keys))
    event.listen(owner, "refresh", lambda row, _context, _names: _open(row, keys))
    event.listen(owner, "before_insert", lambda _mapper, _connection, row: _bind(row, keys))
    event.listen(owner, "before_update", lambda _mapper, _connection, row: _bind(row, keys))


def _open(row: Any, keys: dict[str, SealedColumn]) -> None:
    for key, sealed in keys.items():
        stored = row.__dict__.get(key)
        if isinstance(stored, Unopened):
            place = sealed.place(getattr(row, sealed.owner), row.public_id)
            set_committed_value(row, key, Bound.to(place, decrypt(stored, place)))


def _bind(row: Any, keys: dict[str, SealedColumn]) -> None:
    # The public id is part of what seals the value, so it cannot wait for the column's default.
    if row.public_id is None:
        row.public_id = new_public_id()
    for key, sealed in keys.items():
        text = row.__dict__.get(key)
        if isinstance(text, str):
            place = sealed.place(getattr(row, sealed.owner), row.public_id)
            if not isinstance(text, Bound) or text.place != place:
                setattr(row, key, Bound.to(place, text))
