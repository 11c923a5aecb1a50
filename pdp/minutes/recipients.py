"""Who receives a version of the minutes, and what each may read of it. Deny by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pdp.minutes.document import FORBIDDEN_LABELS, Mark
from pdp.minutes.facts import MeetingFacts
from pdp.policy.labels import Label
from pdp.policy.reading import Cell, cell
from pdp.policy.roles import PARTNER_ROLES

# What a partner reads only where it is its own, whatever its agreements say (access matrix).
OWN_LABELS = frozenset(label for label in Label if all(cell(role, label) is Cell.OWN for role in PARTNER_ROLES))

Article = Literal["", "le", "la", "l’", "les"]

# The article that a partner's name takes in a sentence, by the kind of its organisation.
ARTICLES: Mapping[str, Article] = {"spst": "le", "mdph": "la", "oeth": "l’"}


@dataclass(frozen=True, slots=True)
class Core:
    """The core of the Assurance Maladie: it receives the complete version."""


CORE = Core()


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner organisation and, item by item, the labels that its agreements open.

    `article` makes the name fit into a sentence: « la » gives « destinée à la MDPH », « le » gives
    « destinée au SPST ».
    """

    organisation_id: int
    name: str
    items: Mapping[int, frozenset[Label]]
    article: Article = ""


Recipient = Core | Partner


def partner(
    facts: MeetingFacts,
    organisation_id: int,
    name: str,
    article: Article = "",
) -> Partner:
    """Return the recipient that the sharing agreements listed in the facts make of a partner."""
    items = {item.position: item.readers[organisation_id] for item in facts.items if organisation_id in item.readers}
    items |= {
        reference.number: reference.readers[organisation_id]
        for point in facts.points
        for reference in point.references
        if organisation_id in reference.readers
    }
    return Partner(organisation_id, name, items, article)


def may_read(mark: Mark, recipient: Partner) -> bool:
    """Tell whether a partner reads what carries this mark."""
    if mark.item is not None and not recipient.items.get(mark.item):
        return False
    if not all(_agreed(label, mark, recipient) for label in mark.also):
        return False
    if mark.label is None:
        return True
    if mark.label in OWN_LABELS:
        return mark.owner is not None and mark.owner == recipient.organisation_id
    return _agreed(mark.label, mark, recipient)


def _agreed(label: Label, mark: Mark, recipient: Partner) -> bool:
    if mark.item is None or label in FORBIDDEN_LABELS or label in OWN_LABELS:
        return False
    return label in recipient.items[mark.item]
