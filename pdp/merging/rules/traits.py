"""Two records side by side: five traits, what they warn of, and whether the pair deserves a look."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.merging.enums import Likeness, Side, Trait
from pdp.merging.rules.likeness import Comparison, compare_dates, compare_names, compare_numbers, compare_towns

# What a person's record holds of the identity; each value of it is retained from one record or the other.
FIELDS = ("family_name", "given_name", "birth_date", "town", "phone", "email", "nir")
FIELD_NAMES = {trait.value: trait.label for trait in Trait} | {
    "phone": "Téléphone",
    "email": "Adresse électronique",
}
_ALIKE = frozenset({Likeness.IDENTICAL, Likeness.CLOSE})


@dataclass(frozen=True, slots=True)
class Identity:
    """The traits and the contacts of one record."""

    family_name: str
    given_name: str
    birth_date: date
    town: str = ""
    phone: str = ""
    email: str = ""
    nir: str | None = None


@dataclass(frozen=True, slots=True)
class TraitLine:
    """One trait of two records. A number is never written here: `left` and `right` say known or unknown."""

    trait: Trait
    left: str
    right: str
    likeness: Likeness
    why: str
    # A difference on a strong trait is said in red words.
    alarm: str = ""


_ALARMS = {
    Trait.FAMILY_NAME: "Deux noms différents : vérifiez un changement de nom sur une pièce d’identité.",
    Trait.GIVEN_NAME: "Deux prénoms différents : pensez à des jumeaux, à un frère ou à une sœur.",
    Trait.BIRTH_DATE: "Deux dates de naissance différentes : ce sont sans doute deux personnes.",
    Trait.NIR: "Deux numéros de sécurité sociale différents : ce sont sans doute deux personnes.",
}


def compare(left: Identity, right: Identity) -> tuple[TraitLine, ...]:
    """Compare two records, trait by trait."""
    return (
        _line(Trait.FAMILY_NAME, left.family_name, right.family_name, compare_names),
        _line(Trait.GIVEN_NAME, left.given_name, right.given_name, compare_names),
        _said(Trait.BIRTH_DATE, _day(left), _day(right), compare_dates(left.birth_date, right.birth_date)),
        _line(Trait.TOWN, left.town, right.town, compare_towns),
        _said(Trait.NIR, _known(left), _known(right), compare_numbers(left.nir, right.nir)),
    )


def alarms(lines: tuple[TraitLine, ...]) -> tuple[str, ...]:
    """Return the red sentences of a pair."""
    return tuple(line.alarm for line in lines if line.alarm)


def deserves_a_look(left: Identity, right: Identity) -> bool:
    """Tell whether two records may be one person: a hint for people, never a decision."""
    found = {line.trait: line.likeness for line in compare(left, right)}
    if found[Trait.NIR] is Likeness.IDENTICAL:
        return True
    family, given, birth = (found[key] in _ALIKE for key in (Trait.FAMILY_NAME, Trait.GIVEN_NAME, Trait.BIRTH_DATE))
    if family and given:
        same_name = compare_names(f"{left.family_name} {left.given_name}", f"{right.family_name} {right.given_name}")
        return birth or same_name.likeness is Likeness.IDENTICAL
    crossed = compare_names(f"{left.family_name} {left.given_name}", f"{right.family_name} {right.given_name}")
    if birth and crossed.likeness in _ALIKE:
        return True
    return found[Trait.BIRTH_DATE] is Likeness.IDENTICAL and given and found[Trait.TOWN] in _ALIKE


def disputed(kept: Identity, absorbed: Identity) -> tuple[str, ...]:
    """Return the fields that both records hold, with two values: each asks for a choice."""
    pairs = ((name, getattr(kept, name), getattr(absorbed, name)) for name in FIELDS)
    return tuple(name for name, one, other in pairs if one and other and one != other)


def retained(kept: Identity, absorbed: Identity, choices: Mapping[str, Any]) -> Identity:
    """Return the identity after the merge: what was chosen, and what only one record holds."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        own, other = getattr(kept, name), getattr(absorbed, name)
        taken = choices.get(name) == Side.ABSORBED.value if own and other and own != other else not own
        values[name] = other if taken else own
    return Identity(**values)


def as_text(kept: Identity, absorbed: Identity) -> str:
    """Write two identities in one text, always the same for the same values."""
    return json.dumps(
        [[str(getattr(each, name) or "") for name in FIELDS] for each in (kept, absorbed)], ensure_ascii=False
    )


def snapshot(lines: tuple[TraitLine, ...]) -> str:
    """Write compared traits as they stand, for a proposal."""
    return json.dumps(
        [[line.trait.value, line.left, line.right, line.likeness.value, line.why, line.alarm] for line in lines],
        ensure_ascii=False,
    )


def from_snapshot(text: str) -> tuple[TraitLine, ...]:
    """Read the traits that a proposal kept."""
    return tuple(
        TraitLine(Trait(trait), left, right, Likeness(likeness), why, alarm)
        for trait, left, right, likeness, why, alarm in json.loads(text)
    )


def _day(identity: Identity) -> str:
    return f"{identity.birth_date:%d/%m/%Y}"


def _known(identity: Identity) -> str:
    return "Connu" if identity.nir else "Inconnu"


def _line(trait: Trait, left: str, right: str, comparing: Any) -> TraitLine:
    return _said(trait, left, right, comparing(left, right))


def _said(trait: Trait, left: str, right: str, found: Comparison) -> TraitLine:
    alarm = _ALARMS.get(trait, "") if found.likeness is Likeness.DIFFERENT else ""
    return TraitLine(trait, left, right, found.likeness, found.why, alarm)
