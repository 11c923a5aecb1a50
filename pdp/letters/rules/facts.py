"""What the facts of a case give to the fields of a letter, and what of it a recipient may read: pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pdp.core import french
from pdp.letters.enums import LetterKind
from pdp.letters.rules import template
from pdp.letters.rules.tags import BY_NAME, REQUIRED, allowed_in
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class Todo:
    """A thing that an organisation has to do."""

    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter may be made from, in the words of the case; a part that does not exist is empty."""

    cellule: str
    caisse: str
    reference: str
    person: str
    dispositif: str
    referent: str = ""
    partner: str = ""
    employer: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    held_on: date | None = None
    opinion: str = ""
    conditions: str = ""
    reasons: str = ""
    decision: str = ""
    decided_on: date | None = None
    deciding_body: str = ""
    refusal_reasons: str = ""
    appeal_routes: str = ""
    todo: tuple[Todo, ...] = ()


def values_of(facts: Facts, kind: LetterKind, readable: Collection[Label]) -> dict[str, str]:
    """Return the value of each field that a letter of this kind may hold; empty for what is not to be read."""
    everything = {
        "cellule": facts.cellule,
        "caisse": facts.caisse,
        "reference": facts.reference,
        "referent": facts.referent,
        "personne": facts.person,
        "partenaire": facts.partner,
        "employeur": facts.employer,
        "dispositif": facts.dispositif,
        "periode": french.period(facts.starts_on, facts.ends_on),
        "date_seance": _day(facts.held_on),
        "avis": facts.opinion.lower(),
        "reserves": facts.conditions,
        "motifs_avis": facts.reasons,
        # An adjournment says what it waits for where the other opinions say their reasons.
        "manque": facts.reasons,
        "decision": facts.decision.lower(),
        "date_decision": _day(facts.decided_on),
        "decideur": facts.deciding_body,
        "motifs_refus": facts.refusal_reasons,
        "voies_recours": facts.appeal_routes,
        "actions": "\n".join(
            f"{_without_stop(todo.text)}, avant le {french.day(todo.due_on)}." for todo in facts.todo
        ),
    }
    return {
        tag.name: everything[tag.name] if tag.label is None or tag.label in readable else ""
        for tag in allowed_in(kind)
    }


def missing(kind: LetterKind, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return, in words, what the letter cannot do without and does not have."""
    return tuple(BY_NAME[name].title for name in REQUIRED[kind] if not values[name])


def says_something(values: Mapping[str, str]) -> bool:
    """Tell whether a letter to a partner would tell it anything."""
    return any(values.get(name) for name in ("avis", "decision", "actions"))


def labels_of(title: str, body: str, values: Mapping[str, str]) -> frozenset[Label]:
    """Return the labels of all that a template says of these values."""
    named = template.names_in(title) | template.names_in(body)
    return frozenset(label for name in named if values[name] and (label := BY_NAME[name].label) is not None)


def _day(day: date | None) -> str:
    return french.day(day) if day else ""


def _without_stop(text: str) -> str:
    return text.strip().rstrip(".")
