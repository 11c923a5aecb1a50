"""Which label each fact of the rules carries, and who may read what a rule answered."""

from collections.abc import Iterable

from pdp.dispositifs.enums import StatusGroup, Verdict
from pdp.dispositifs.rules.model import worst
from pdp.policy.labels import Label
from pdp.requests.rules.findings import Finding, GroupFindings

_BY_PREFIX: dict[str, Label] = {
    "status": Label.EMPLOYMENT,
    "scheme": Label.EMPLOYMENT,
    "is_micro": Label.EMPLOYMENT,
    "affiliation": Label.EMPLOYMENT,
    "contract": Label.EMPLOYMENT,
    "stoppage": Label.STOPPAGE,
    "tpt": Label.STOPPAGE,
    "boeth": Label.BOETH,
    "unfitness": Label.RESTRICTIONS,
    "agreement": Label.AGREEMENTS,
    "document": Label.AGREEMENTS,
    "sharing_agreement": Label.AGREEMENTS,
    "pension": Label.ALLOWANCE,
    "ald": Label.ALLOWANCE,
    "fund": Label.ALLOWANCE,
    # How the service social sorts a case (its axis) is no partner's.
    "case": Label.SIGNAL,
    "pay": Label.ALLOWANCE,
}


def labels_of(facts: Iterable[str]) -> frozenset[Label]:
    """Return the labels of facts named by their path; what is asked itself is of the label `request`."""
    return frozenset(_BY_PREFIX.get(path.partition(".")[0], Label.REQUEST) for path in facts)


def is_readable(finding: Finding, readable: frozenset[Label], *, is_core: bool) -> bool:
    """Tell whether a reader of these labels may read a finding.

    What a rule answered carries the label `request`: the core, which votes on it, reads every one. An external
    partner gets only the rules that speak of what it may read.
    """
    return Label.REQUEST in readable if is_core else labels_of(finding.facts) <= readable


def shown_verdict(result: GroupFindings, readable: frozenset[Label], *, is_core: bool) -> Verdict | None:
    """Return the verdict as a reader may know it; None for a partner who may not know the statuses of the person."""
    if is_core or result.group is StatusGroup.AUTRE:
        return result.verdict
    if Label.EMPLOYMENT not in readable:
        return None
    return worst(found.verdict for found in result.findings if is_readable(found, readable, is_core=False))
