"""Where each parameter of a route leads in the canary world: real objects, taken from the tables by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.access.canary.world import CanaryWorld

# The table whose public id a parameter holds. A route with a new parameter says here, or below, where it leads.
TABLES = {
    "case_id": "case_file",
    "request_id": "dispositif_request",
    "piece_id": "required_piece",
    "agreement_id": "sharing_agreement",
    "meeting_id": "meeting",
    "consultation_id": "meeting",
    "item_id": "agenda_item",
    "point_id": "agenda_point",
    "ballot_id": "ballot",
    "action_id": "action",
    "seat_id": "seat",
    "version_id": "minutes_version",
    "letter_id": "letter",
    "document_id": "document",
    "notice_id": "notice",
    "recall_id": "recall",
    "rectification_id": "rectification",
    "rights_id": "rights_request",
    "part_id": "pack_part",
    "access_id": "emergency_access",
    "ask_id": "advice_ask",
    "round_id": "advice_round",
    "alert_id": "access_alert",
    "hold_id": "retention_hold",
    "run_id": "retention_run",
    "merge_id": "merge_proposal",
    "correction_id": "opinion_correction",
    "recovery_id": "factor_recovery",
    "factor_id": "totp_factor",
    "identity_id": "linked_identity",
    "sign_in_id": "user_session",
    "person_id": "user_account",
    "invitation_id": "invitation",
    "member_id": "membership",
    "membership_id": "membership",
}
# The words that a parameter may be; those of one route with a row are paired with the table of the row.
WORDS = {
    "block": ("identite", "signalement", "emploi", "situation", "boeth", "aptitude", "conclusion", "droits"),
    "kind": ("activite", "arret", "rencontre"),
    "move": ("prise-en-charge", "reorientation", "cloture", "reouverture"),
    "group": ("salarie",),
    "act": ("preuve-demandee", "prolongation", "reponse", "refus"),
    # A column and a public id, which the page of the part gives.
    "field_key": ("inconnu",),
    "notice_code": ("2026-01",),
    # Two cases at once: tests/merging/test_leakage.py compares what is said of them.
    "other_id": ("inconnu",),
    "rule_id": ("EE-E-09",),
    "letter_kind": ("avis-favorable", "partenaire"),
    "text_code": ("courrier-partenaire", "phrase-essai"),
    "provider": ("inconnu",),
    "file_format": ("pdf", "docx", "odt"),
    "filename": ("icons.svg",),
    # Only its fingerprint is stored: nobody but the person invited holds one.
    "token": ("inconnu",),
}
ROWS = {"activite": "activity", "arret": "stoppage", "rencontre": "encounter"}
# Pages with words or several objects in their address have many addresses per case: these cases stand for the others.
FEW_CASES = ("a.all", "a.few", "a.over", "a.discreet", "b.all")
# Pages that typeset a PDF at each visit cost as much as thirty others.
TYPESET = {
    "minutes.excerpt",
    "cases.print_who_sees",
    "cases.print_form",
    "privacy.print_notice",
    "packs.sheet_file",
    "packs.pack_file",
}
# The cases walked through: each situation of the cellule `a`, a few of the other one and of the base world.
CASES_ABROAD = ("b.all",)
BASE_CASES = ("a.shared",)
_MOST_OF_A_KIND = 1
_MOST_ELSEWHERE = 6
_EACH = {"dispositif_request", "agenda_item", "ballot", "document"}


@dataclass(frozen=True)
class Place:
    """An address, with the objects and the words that it names."""

    path: str
    case: str | None
    objects: dict[str, int]
    words: frozenset[tuple[str, str]]


def places(app: Flask, canaries: CanaryWorld, rule: Rule, cases: tuple[str, ...]) -> Iterator[Place]:
    """Yield every address of a route: once per case and object when it names one."""
    unknown = rule.arguments - set(TABLES) - set(WORDS) - {"row_id"}
    assert not unknown, f"{rule.rule}: say in tests/access/canary/places.py where {sorted(unknown)} leads"
    bound = [name for name in sorted(rule.arguments) if _is_case_bound(canaries, name)]
    names = {case_id: name for name, case_id in canaries.world.case_id.items()}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for chosen in _choices(canaries, rule, bound, cases):
            words = {name: value for name, value in chosen.items() if isinstance(value, str)}
            rows = {name: value for name, value in chosen.items() if not isinstance(value, str)}
            ids = {name: row["public_id"] for name, row in rows.items()}
            case = next(
                (names.get(row["_case_id"]) for name, row in rows.items() if name in bound or name == "row_id"), None
            )
            objects = {table: found for row in rows.values() for table, found in row["_up"].items()}
            yield Place(adapter.build(rule.endpoint, ids | words), case, objects, frozenset(words.items()))


def _is_case_bound(canaries: CanaryWorld, name: str) -> bool:
    rows = canaries.rows.get(TABLES.get(name, ""), [])
    return any(row["_case_id"] for row in rows)


def _choices(canaries: CanaryWorld, rule: Rule, bound: list[str], cases: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    names = sorted(rule.arguments - {"row_id"})
    if len(rule.arguments) > 1 or rule.endpoint in TYPESET:
        cases = tuple(case for case in cases if case in FEW_CASES)
    for case in cases if bound else (None,):
        options = [_options(canaries, name, case if name in bound else None) for name in names]
        for values in product(*options):
            chosen = dict(zip(names, values, strict=True))
            if not _consistent(list(chosen.values())):
                continue
            if "row_id" not in rule.arguments:
                yield chosen
                continue
            for row in _of_case(canaries, ROWS[chosen["kind"]], case):
                yield chosen | {"row_id": row}


def _options(canaries: CanaryWorld, name: str, case: str | None) -> list[Any]:
    if name in WORDS:
        return list(WORDS[name])
    return _of_case(canaries, TABLES[name], case)


def _of_case(canaries: CanaryWorld, table: str, case: str | None) -> list[dict[str, Any]]:
    rows = canaries.rows[table]
    if case is None:
        return rows[:: len(rows) // _MOST_ELSEWHERE + 1]
    case_id = canaries.world.case_id[case]
    found = [row for row in rows if row["_case_id"] == case_id]
    # Two requests of a case are two situations: one held and one under way.
    return found if table in _EACH else found[:_MOST_OF_A_KIND]


def _consistent(values: list[Any]) -> bool:
    """Tell whether the objects of an address belong together: the ballot is of the item, the item of the séance."""
    above: dict[str, int] = {}
    for row in values:
        if isinstance(row, str):
            continue
        for table, found in row["_up"].items():
            if above.setdefault(table, found) != found:
                return False
    return True
