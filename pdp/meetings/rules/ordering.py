"""Orders of an agenda that one act puts in place: urgent first, by référent, by partner present. Pure.

Nothing is lost: what was begun or voted keeps its place, the rest is sorted in the places left.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pdp.core.enums import Labelled


class OrderRule(Labelled):
    """How to put an agenda in order."""

    URGENT = "urgence", "Les plus urgentes d’abord"
    REFERENT = "referent", "Par référent"
    PARTNER = "partenaire", "Par partenaire présent"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an item decides its place. `urgent_on` is the first end ahead: arrêt, contract, measure's start."""

    key: int
    urgent_on: date | None = None
    referent: str = ""
    partners: frozenset[int] = frozenset()
    fixed: bool = False


def ordered(rule: OrderRule, items: Sequence[Candidate]) -> tuple[int, ...]:
    """Return the keys in the order of the rule; items alike keep their present order."""
    free = iter(_SORTS[rule]([item for item in items if not item.fixed]))
    return tuple((item if item.fixed else next(free)).key for item in items)


def first_end(ends: Sequence[date | None], day: date) -> date | None:
    """Return the first of these dates from `day` on; what is over presses no more."""
    return min((end for end in ends if end is not None and end >= day), default=None)


def ranks_of(before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    """Return the order `before`, said by the ranks that its keys have in `after`, from 1."""
    rank = {key: position for position, key in enumerate(after, start=1)}
    return tuple(rank[key] for key in before)


def restored(now: Sequence[int], ranks: Sequence[int]) -> tuple[int, ...] | None:
    """Return the order said by ranks in the present one; None when they are not those of each item once."""
    if sorted(ranks) != list(range(1, len(now) + 1)):
        return None
    return tuple(now[rank - 1] for rank in ranks)


def _by_urgency(items: list[Candidate]) -> list[Candidate]:
    return sorted(items, key=lambda item: (item.urgent_on is None, item.urgent_on or date.max))


def _by_referent(items: list[Candidate]) -> list[Candidate]:
    return sorted(items, key=lambda item: (not item.referent, item.referent.casefold()))


def _by_partner(items: list[Candidate]) -> list[Candidate]:
    """Bring together what each partner attends, the one with most items first; those of nobody come last."""
    left, found = list(items), list[Candidate]()
    while any(item.partners for item in left):
        attended = Counter(partner for item in left for partner in item.partners)
        most = min(attended, key=lambda partner: (-attended[partner], partner))
        own = [item for item in left if most in item.partners]
        # Those attended by nobody else come first: the partner of the next group joins near the end.
        found += sorted(own, key=lambda item: (len(item.partners), sorted(item.partners)))
        left = [item for item in left if most not in item.partners]
    return [*found, *left]


_SORTS: dict[OrderRule, Callable[[list[Candidate]], list[Candidate]]] = {
    OrderRule.URGENT: _by_urgency,
    OrderRule.REFERENT: _by_referent,
    OrderRule.PARTNER: _by_partner,
}
