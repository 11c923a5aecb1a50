"""How a stored value is said to the person, and how a machine reads it."""

import json
import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pdp.cases.enums import Axis, BoethKind, BoethState, Scheme, StoppageOrigin, TriState, UnfitnessState
from pdp.core import clock, french
from pdp.core.enums import Labelled
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import (
    AgreementState,
    Dispositif,
    Doctrine,
    DocumentState,
    PersonStatus,
    StatusGroup,
    Verdict,
)
from pdp.dispositifs.rules.vocabulary import type_of
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.roles import ROLE_NAMES, Role
from pdp.requests.enums import RequestAuthor
from pdp.requests.rules.findings import piece_phrase

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FACT_WORDS: tuple[type[Labelled], ...] = (
    *(PersonStatus, Scheme, Axis, StoppageOrigin, BoethKind, BoethState, UnfitnessState),
    *(RequestAuthor, AgreementState, DocumentState),
)
# The codes of the rules' facts, as the pages say them.
_CODES = {word.value: word.label.lower() for words in _FACT_WORDS for word in words}
_DOCTRINES = {word.value: word.label for word in Doctrine}
_VERDICTS = {word.value: word.label for word in Verdict}
_GROUPS = {word.value: word.label for word in StatusGroup}


def said(table: str, column: str, value: Any) -> str:
    """Return a stored value as the copy prints it; empty when there is nothing to say."""
    if value is None or value == "":
        return ""
    if (table, column) == ("required_piece", "kind"):
        return french.capital(piece_phrase(str(value)))
    if column == "doctrine":
        return _DOCTRINES.get(str(value), str(value))
    if (table, column) == ("eligibility_snapshot", "results"):
        return "\n".join(_assessment(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(_facts(value))
    if isinstance(value, frozenset | list | tuple):
        return ", ".join(said(table, column, one) for one in sorted(value, key=str))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, Label):
        return LABEL_NAMES[value]
    if isinstance(value, Role):
        return ROLE_NAMES[value]
    if isinstance(value, Dispositif):
        return sheet(value).label
    if value is TriState.UNKNOWN:
        return "Non connu"
    if isinstance(value, Labelled):
        return french.capital(value.label)
    if isinstance(value, datetime):
        at = clock.local(value)
        return f"{french.day(at.date())} à {french.hour(at)}"
    if isinstance(value, date):
        return french.day(value)
    return str(value)


def read_by_machines(value: Any) -> Any:
    """Return a stored value as JSON holds it: ISO dates, codes, numbers."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return sorted(read_by_machines(one) for one in value)
    if isinstance(value, str):
        return str(value)
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


def _facts(values: dict[str, Any], above: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in values.items():
        path = f"{above}{name}"
        known = type_of(path)
        if isinstance(value, dict):
            inner = "" if name in _GROUPS else f"{path}."
            lines += [*([f"{_GROUPS[name]} :"] if name in _GROUPS else []), *_facts(value, inner)]
        else:
            lines.append(f"{known.label if known else path} : {_word(value)}")
    return lines


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "aucun"
    if value is None:
        return "néant"
    text = str(value)
    return french.day(date.fromisoformat(text)) if _ISO.fullmatch(text) else _CODES.get(text, text)


def _why(rule: dict[str, Any]) -> str:
    holds = rule.get("verdict") == Verdict.PASS.value
    return "" if holds or not rule.get("reason") else f" : {rule['reason']}"


def _assessment(found: dict[str, Any]) -> str:
    verdict = _VERDICTS.get(found.get("verdict", ""), "")
    group = _GROUPS.get(found.get("status_group", ""), found.get("status_group", ""))
    lines = [f"{french.capital(str(group))} : {verdict.lower()}. {found.get('explanation') or ''}".strip()]
    # The reason of a rule says why it fails: one that holds is named with its source alone.
    lines += [
        f"– {rule.get('id')}, {_VERDICTS.get(rule.get('verdict', ''), '').lower()}"
        f"{_why(rule)} ({rule.get('source') or 'sans source'})"
        for rule in found.get("rules", ())
    ]
    divergence = found.get("divergence")
    if divergence:
        lines.append(f"– Lectures différentes : {divergence.get('explanation') or ''}")
    return "\n".join(lines)
