"""What is hidden in a copy: other people by themselves, passages by those who prepare it."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pdp.cases.models import InsuredPerson
from pdp.core import crypto
from pdp.privacy.models import PackMask
from pdp.privacy.queries import copy as queries
from pdp.privacy.queries.copy import Holdings
from pdp.privacy.rules.copy import (
    CaseCopy,
    Field,
    Name,
    Span,
    apply,
    change,
    fold,
    hidden_words,
    named,
    referred,
    said_exactly,
)
from pdp.privacy.service.gathering import function_of

_CHANGED = "[texte masqué : il a changé depuis qu’un passage en a été masqué]"


@dataclass(frozen=True, slots=True)
class Others:
    """The other people that a text of the cellule may name, and the references of their cases."""

    names: tuple[Name, ...]
    references: frozenset[str]
    # A seat is one or two people: its service is said instead.
    seats: tuple[tuple[str, str], ...] = ()


def others_of(person: InsuredPerson, held: Holdings) -> Others:
    """Return who else may be named: other insured persons are hidden, professionals get their function."""
    known_as = [person, *held.rows["person_alias"]]
    own = {fold(f"{name.given_name} {name.family_name}") for name in known_as}
    families = {fold(name.family_name) for name in known_as}
    insured = [
        Name(given, family, "[autre personne suivie]", alone=fold(family) in families)
        for given, family in queries.list_other_people(person)
        if fold(f"{given} {family}") not in own
    ]
    professionals = [
        Name(given, family, f"[{function_of(held, user_id)}]", alone=fold(family) in families)
        for user_id, given, family in queries.list_professionals(person.cellule_id)
        if fold(f"{given} {family}") not in own
    ]
    references = frozenset(queries.list_other_references(person))
    return Others((*insured, *professionals), references, tuple(sorted(_seats(held).items())))


def _seats(held: Holdings) -> dict[str, str]:
    seats = {row.seat_label: "[un siège]" for row in held.rows["human_answer"] if row.seat_label}
    return seats | {row.seat_label: f"[{row.organisation_kind.label}]" for row in held.rows["ballot_voter"]}


def mask(copy: CaseCopy, others: Others, masks: Iterable[PackMask]) -> CaseCopy:
    """Return the copy as the person will read it."""
    placed: defaultdict[str, list[PackMask]] = defaultdict(list)
    for found in masks:
        placed[found.field_key].append(found)
    everything = "\n".join(field.text for section in copy.sections for one in section.records for field in one.fields)
    folded = fold(everything)
    met = Others(
        tuple(name for name in others.names if fold(name.family) in folded),
        frozenset(reference for reference in others.references if reference in everything),
        others.seats,
    )
    return change(copy, lambda field: _masked(field, met, placed.get(field.key, ())))


def _masked(field: Field, others: Others, masks: Sequence[PackMask]) -> Field:
    spans = list(_chosen(field, masks))
    if field.free:
        spans += [*named(field.text, others.names), *referred(field.text, others.references)]
        spans += said_exactly(field.text, others.seats)
    if not spans:
        return field
    text = apply(field.text, spans)
    return replace(field, text=text, value=text)


def _chosen(field: Field, masks: Sequence[PackMask]) -> Iterable[Span]:
    for found in masks:
        start, length = found.start, found.length or len(field.text)
        if not hmac.compare_digest(digest_of(found.cellule_id, field.text[start : start + length]), found.digest):
            yield Span(0, len(field.text), _CHANGED)
            return
        yield Span(start, start + length, hidden_words(found.reason))


def digest_of(cellule_id: int, text: str) -> str:
    """Return a keyed hash of a text, which tells nothing of it."""
    key = crypto.ring().derive(crypto.ring().index_id, f"pack-text:{cellule_id}")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
