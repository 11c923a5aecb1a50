"""Reading one value of a fact: nothing is converted by guess, what does not fit is refused."""

import math
import re
from datetime import date, datetime

from pdp.dispositifs.rules.errors import FactError
from pdp.dispositifs.rules.vocabulary import UNKNOWN_WORD, FactType, Kind

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Known = bool | int | float | date | str | tuple[str, ...] | None


def read_value(path: str, fact: FactType, value: object) -> Known:
    """Return the typed value of a fact that is neither null nor UNKNOWN. Raises FactError if it does not fit."""
    match fact.kind:
        case Kind.BOOLEAN:
            return _boolean(path, value)
        case Kind.NUMBER:
            return _number(path, value)
        case Kind.DATE:
            return read_date(f"« {path} »", value)
        case Kind.TEXT:
            return _text(path, value)
        case Kind.ENUMERATED:
            return _enumerated(path, fact, value)
        case Kind.ENUMERATED_LIST:
            return _enumerated_list(path, fact, value)
        case Kind.ORGANISATION_LIST:
            return _organisations(path, value)
        case Kind.BY_ORGANISATION:
            raise FactError(f"« {path} » : un objet est attendu, avec un état par organisation.")


def read_date(name: str, value: object) -> date:
    """Return a date given as such or as AAAA-MM-JJ. Raises FactError, which begins with `name`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise FactError(f"{name} : la date « {value} » n’existe pas.") from None
    raise FactError(f"{name} : une date est attendue, sous la forme AAAA-MM-JJ, et non {_shown(value)}.")


def _boolean(path: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise FactError(f"« {path} » : true, false, null ou UNKNOWN est attendu, et non {_shown(value)}.")
    return value


def _number(path: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactError(f"« {path} » : un nombre est attendu, et non {_shown(value)}.")
    if (isinstance(value, float) and not math.isfinite(value)) or value < 0:
        raise FactError(f"« {path} » : un nombre positif ou nul est attendu, et non {_shown(value)}.")
    return value


def _text(path: str, value: object) -> str | None:
    if not isinstance(value, str):
        raise FactError(f"« {path} » : un texte est attendu, et non {_shown(value)}.")
    # A blank text names nobody and nothing: it is a known absence.
    return value.strip() or None


def _enumerated(path: str, fact: FactType, value: object) -> str:
    if not isinstance(value, str) or value not in fact.values:
        accepted = ", ".join([*fact.values, UNKNOWN_WORD])
        raise FactError(f"« {path} » : valeur inconnue {_shown(value)}. Valeurs admises : {accepted}.")
    return str(value)


def _enumerated_list(path: str, fact: FactType, value: object) -> tuple[str, ...]:
    items = [value] if path == "status" and isinstance(value, str) else _items(path, value)
    words = [UNKNOWN_WORD if item == UNKNOWN_WORD else _enumerated(path, fact, item) for item in items]
    if UNKNOWN_WORD in words and path != "status":
        return (UNKNOWN_WORD,)
    return tuple(dict.fromkeys(words))


def _organisations(path: str, value: object) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(_organisation(path, item) for item in _items(path, value)))
    return (UNKNOWN_WORD,) if UNKNOWN_WORD in codes else codes


def _organisation(path: str, item: object) -> str:
    if not isinstance(item, str) or not item.strip():
        raise FactError(f"« {path} » : un code d’organisation est attendu, et non {_shown(item)}.")
    return str(item)


def _items(path: str, value: object) -> list[object]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise FactError(f"« {path} » : une liste est attendue, et non {_shown(value)}.")
    return list(value)


def _shown(value: object) -> str:
    text = str(value) if not isinstance(value, str) else f"« {value} »"
    return text if len(text) <= 60 else f"{text[:60]}…"
