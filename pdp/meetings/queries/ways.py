"""How an item of a loaded agenda may be put to the members; no statement of its own."""

from collections.abc import Sequence

from pdp.accounts.models import GovernanceRules
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.enums import OpinionCode
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries.linked import alternative
from pdp.meetings.queries.rows.ways import LinkedItem, Ways
from pdp.meetings.rules.alternatives import why_not_yet, without_object
from pdp.requests.rules.standing import Standing


def ways_of(rules: GovernanceRules, item: AgendaItem, items: Sequence[AgendaItem], standing: Standing | None) -> Ways:
    """Return the ways of voting on an item, with the items of its case among those of the agenda."""
    same = [other for other in items if other.id != item.id and other.request.case_id == item.request.case_id]
    linked = _linked(item, items)
    allowed = standing.allowed_opinions if standing else frozenset()
    return Ways(
        default=rules.ballot_mode,
        proposable=tuple(code for code in OpinionCode if code in allowed and code is not OpinionCode.ADJOURNED),
        linked=tuple(_row(other) for other in linked),
        siblings=tuple(_row(other) for other in same if other not in linked and other.opinion is None),
        not_yet=why_not_yet(alternative(other) for other in linked),
    )


def sans_objet(item: AgendaItem, items: Sequence[AgendaItem]) -> str:
    """Say why an item has no object any more, from its alternatives; empty otherwise."""
    return without_object(alternative(other) for other in _linked(item, items))


def _linked(item: AgendaItem, items: Sequence[AgendaItem]) -> Sequence[AgendaItem]:
    if item.alternative_group is None:
        return ()
    return [other for other in items if other.id != item.id and other.alternative_group == item.alternative_group]


def _row(item: AgendaItem) -> LinkedItem:
    opinion = item.opinion.code if item.opinion else None
    return LinkedItem(item.public_id, item.position, sheet(item.request.dispositif).short_label, opinion)
