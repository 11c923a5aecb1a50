"""The facts of a person and of a request: checked, typed, immutable."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.dispositifs.rules.errors import FactError
from pdp.dispositifs.rules.values import read_value
from pdp.dispositifs.rules.vocabulary import (
    EMPTY_WHEN_ABSENT,
    GROUPS,
    SHARING,
    UNKNOWN_WORD,
    VOCABULARY,
    type_of,
)


class Unknown(Enum):
    """The value of a fact that nobody stated."""

    UNKNOWN = UNKNOWN_WORD


UNKNOWN: Final = Unknown.UNKNOWN
Value = bool | int | float | date | str | tuple[str, ...] | None | Unknown


@dataclass(frozen=True, slots=True)
class Facts:
    """Values by dotted path. None is a known absence, `UNKNOWN` or no entry at all is unknown."""

    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, path: str) -> Value:
        """Return the value of a fact, by default unknown, or empty for the lists that the contract names."""
        if path in self.values:
            return self.values[path]
        return () if path in EMPTY_WHEN_ABSENT else UNKNOWN

    def sharing_with(self, organisation: str) -> Value:
        """Return the state of the sharing agreement with one organisation."""
        return self.values.get(f"{SHARING}.{organisation}", self.get(SHARING))

    def overlaid(self, upper: "Facts") -> "Facts":
        """Return these facts with those of `upper` over them, leaf by leaf."""
        lower = dict(self.values)
        if SHARING in upper.values:
            lower = {path: value for path, value in lower.items() if not path.startswith(f"{SHARING}.")}
        return Facts(MappingProxyType(lower | dict(upper.values)))

    @property
    def groups(self) -> tuple[StatusGroup, ...]:
        """The status groups to evaluate, each apart; `autre` when the status is absent, null or unknown."""
        status = self.get("status")
        if not isinstance(status, tuple) or not status:
            return (StatusGroup.AUTRE,)
        found = {_group_of(word) for word in status}
        return tuple(group for group in StatusGroup if group in found)

    def for_group(self, group: StatusGroup) -> "Facts":
        """Return these facts with only the statuses of one group."""
        status = self.get("status")
        if not isinstance(status, tuple):
            return self
        kept = tuple(word for word in status if _group_of(word) is group)
        return Facts(MappingProxyType({**self.values, "status": kept}))

    def to_json(self) -> dict[str, Any]:
        """Return the facts flat, with plain JSON values; `parse_facts` reads them back to equal facts."""
        return {path: _plain(value) for path, value in self.values.items()}


def parse_facts(raw: object) -> Facts:
    """Read facts written nested, flat or both. Raises FactError on any name or value outside the vocabulary.

    A whole group may be null (all of it is known to be absent) or UNKNOWN.
    """
    if not isinstance(raw, Mapping):
        raise FactError("Les faits doivent être un objet dont chaque nom est un fait.")
    values: dict[str, Value] = {}
    for path, value in _leaves(raw, ""):
        if path in values and values[path] != value:
            raise FactError(f"Le fait « {path} » est donné deux fois, avec des valeurs différentes.")
        values[path] = value
    return Facts(MappingProxyType(values))


def _leaves(raw: Mapping[Any, object], prefix: str) -> Iterator[tuple[str, Value]]:
    for name, value in raw.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and (path in GROUPS or path == SHARING):
            yield from _leaves(value, f"{path}.")
        elif path in GROUPS and (value is None or value == UNKNOWN_WORD):
            yield from ((leaf, None if value is None else UNKNOWN) for leaf in GROUPS[path])
        else:
            yield path, _typed(path, value)


def _typed(path: str, value: object) -> Value:
    fact = type_of(path)
    if fact is None:
        raise FactError(f"Fait inconnu : « {path} ».{_suggestion(path)}")
    if value is None:
        return None
    if value == UNKNOWN_WORD or value is UNKNOWN:
        return UNKNOWN
    typed = read_value(path, fact, value)
    return UNKNOWN if typed == (UNKNOWN_WORD,) else typed


def _suggestion(path: str) -> str:
    if path in GROUPS:
        return f" Un objet est attendu : {', '.join(GROUPS[path])}."
    close = get_close_matches(path, VOCABULARY, n=1)
    return f" Vouliez-vous dire « {close[0]} » ?" if close else ""


def _group_of(word: str) -> StatusGroup:
    return StatusGroup.AUTRE if word == UNKNOWN_WORD else PersonStatus(word).group


def _plain(value: Value) -> Any:
    match value:
        case Unknown():
            return UNKNOWN_WORD
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
