"""The list of cases and its search: one entry, with the facets used and the number of rows."""

from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.enums import Stage
from pdp.cases.queries.listing import CaseFilters, CaseRow
from pdp.core import db
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the list, the key of the next one, and the number of cases of each stage."""

    rows: list[CaseRow]
    next: str | None
    counts: dict[Stage, int]

    @property
    def total(self) -> int:
        """Return the number of cases under the facets, all stages together."""
        return sum(self.counts.values())


def list_cases(actor: Actor, filters: CaseFilters, after: str | None = None) -> CasePage:
    """List the cases that the actor may see, newest first, 50 a page."""
    ensure(actor, Permission.CASE_LIST)
    with db.transaction(actor):
        rows, following = queries.list_cases(actor, filters, after)
        counts = queries.count_by_stage(actor, filters)
        audit.record(
            actor,
            "case.list",
            stage=filters.stage.value if filters.stage else None,
            axis=filters.axis.value if filters.axis else None,
            group=filters.group.value if filters.group else None,
            mine=filters.mine,
            search=filters.search.kind.value if filters.search else None,
            count=len(rows),
        )
    return CasePage(rows, following, counts)
