"""The parts of a case that are edited on their own, each under one label, and their fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class Block:
    """Fields edited together. `key` is its name in addresses; `core_only` keeps partners from writing it."""

    key: str
    thing: str
    label: Label
    fields: tuple[str, ...]
    of_person: bool = False
    core_only: bool = False

    @property
    def title(self) -> str:
        """Return the title of the page that edits it."""
        return f"Modifier {self.thing}"


@dataclass(frozen=True, slots=True)
class RowKind:
    """Rows that hang on a case: `adding` and `removing` are the titles of those pages."""

    key: str
    title: str
    adding: str
    removing: str
    label: Label
    fields: tuple[str, ...]


BLOCKS: dict[str, Block] = {
    block.key: block
    for block in (
        Block(
            "identite",
            "l’identité et les coordonnées",
            Label.IDENTITY,
            ("family_name", "given_name", "birth_date", "town", "phone", "email"),
            of_person=True,
        ),
        Block("signalement", "le signalement", Label.SIGNAL, ("source", "axis", "signal_reason")),
        Block("emploi", "le régime et l’affiliation", Label.EMPLOYMENT, ("scheme", "affiliation_months")),
        Block(
            "situation",
            "la situation",
            Label.REQUEST,
            ("presentation", "work_exclusion_risk", "social_evaluation_on", "insured_request_on"),
            core_only=True,
        ),
        Block("boeth", "le titre BOETH", Label.BOETH, ("boeth_state", "boeth_kind", "boeth_valid_until")),
        Block("aptitude", "l’aptitude", Label.RESTRICTIONS, ("unfitness_state", "unfitness_on")),
        Block(
            "conclusion",
            "la conclusion du médecin-conseil",
            Label.CONCLUSION,
            ("conclusion_code", "conclusion_on", "conclusion_limits"),
        ),
        Block(
            "droits",
            "les droits et indemnités",
            Label.ALLOWANCE,
            ("old_age_pension", "invalidity_pension", "long_term_condition", "fund_participates"),
        ),
    )
}

ROW_KINDS: dict[str, RowKind] = {
    kind.key: kind
    for kind in (
        RowKind(
            "activite",
            "Modifier l’activité",
            "Ajouter une activité",
            "Retirer l’activité",
            Label.EMPLOYMENT,
            ("status", "post", "employer", "working_time", "is_micro", "starts_on", "ends_on"),
        ),
        RowKind(
            "arret",
            "Modifier l’arrêt",
            "Ajouter un arrêt ou une prolongation",
            "Retirer l’arrêt",
            Label.STOPPAGE,
            ("starts_on", "prescribed_end", "ended_on", "origin", "indemnified", "full_time", "status_group"),
        ),
        RowKind(
            "rencontre",
            "Modifier la rencontre",
            "Ajouter une rencontre",
            "Retirer la rencontre",
            Label.STOPPAGE,
            ("kind", "happens_on"),
        ),
    )
}


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return what a form carries to prove which values it was opened on.

    It covers the block alone: two people editing different blocks of a case do not hinder each other.
    """
    text = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
