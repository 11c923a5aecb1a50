"""« Qui voit quoi »: each reader of a case, what they read of it, and until when; from the policy alone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pdp.core.enums import Labelled
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.reading import Cell, cell
from pdp.policy.roles import role_beside
from pdp.policy.visibility import (
    AgreementFacts,
    CaseFacts,
    can_see_case,
    hidden_zones,
    readable_labels,
    writable_labels,
)

# Published figures are about no case.
SHOWN = tuple(label for label in Label if label is not Label.AGGREGATE)
_OWN = frozenset({Cell.OWN})


class Access(Labelled):
    """What a reader may do with an information of the case."""

    WRITE = "write", "lit et écrit"
    READ = "read", "lit"
    OWN = "own", "le sien seulement"
    HIDDEN = "hidden", "masqué"
    NONE = "none", "ne voit pas"


@dataclass(frozen=True, slots=True)
class Reader:
    """People who read the same things of a case, for the same reason. `until` is None without a known end."""

    organisation: str
    role: str
    people: tuple[str, ...]
    is_referent: bool
    is_partner: bool
    until: date | None
    cells: Mapping[Label, Access]


@dataclass(frozen=True, slots=True)
class WhoSees:
    """The readers of a case, and the organisations that do not know that it exists."""

    readers: tuple[Reader, ...]
    unaware: tuple[str, ...]
    restricted: bool


def who_sees(people: Iterable[Actor], case: CaseFacts, today: date) -> WhoSees:
    """Return who reads what of a case, people with the same rights together, in the order given."""
    groups: dict[tuple[object, ...], Reader] = {}
    aware: set[str] = set()
    known: dict[str, None] = {}
    for person in people:
        known[person.organisation_name] = None
        if not can_see_case(person, case, today):
            continue
        aware.add(person.organisation_name)
        reader = _reader(person, case, today)
        key = (reader.organisation, reader.role, reader.is_referent, tuple(reader.cells.items()))
        former = groups.get(key)
        groups[key] = _with(former, reader) if former else reader
    unaware = tuple(name for name in known if name not in aware)
    return WhoSees(tuple(groups.values()), unaware, case.restricted)


def access(person: Actor, case: CaseFacts, label: Label, today: date) -> Access:
    """Return what a person who knows of the case may do with one of its labels."""
    if label in writable_labels(person, case, today):
        return Access.WRITE
    if label in readable_labels(person, case, today):
        return Access.READ
    if cell(person.role, label) in _OWN:
        return Access.OWN
    return Access.HIDDEN if label in hidden_zones(person, case, today) else Access.NONE


def _reader(person: Actor, case: CaseFacts, today: date) -> Reader:
    return Reader(
        organisation=person.organisation_name,
        role=_function(person),
        people=(person.name,),
        is_referent=person.user_id == case.referent_user_id,
        is_partner=person.is_partner,
        until=_until(case.agreements, person.organisation_id, today) if person.is_partner else None,
        cells={label: access(person, case, label, today) for label in SHOWN},
    )


def _function(person: Actor) -> str:
    """Return what the person is there, when the name of the organisation does not say it."""
    if person.is_physician:
        return "médecin"
    return "" if person.is_partner else role_beside(person.role_name, person.organisation_name)


def _until(agreements: Iterable[AgreementFacts], organisation_id: int, today: date) -> date | None:
    ends = [
        agreement.ends_on
        for agreement in agreements
        if agreement.organisation_id == organisation_id and agreement.in_force(today)
    ]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _with(former: Reader, reader: Reader) -> Reader:
    return Reader(
        former.organisation,
        former.role,
        (*former.people, *reader.people),
        former.is_referent,
        former.is_partner,
        former.until,
        former.cells,
    )
