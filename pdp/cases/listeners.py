"""Who is told, in the same transaction, that a case is over or restricted. Wired in `pdp.wiring`."""

from collections.abc import Callable, Collection

from pdp.consent.service import CaseKey
from pdp.policy.actor import Actor

CaseEnded = Callable[[Actor, CaseKey], None]
case_ended: list[CaseEnded] = []

# Called with the people who will still open the case; one that raises refuses the restriction.
CaseRestricted = Callable[[CaseKey, Collection[int]], None]
case_restricted: list[CaseRestricted] = []


def tell(actor: Actor, case: CaseKey) -> None:
    """Call every listener, in the transaction under way: if one fails, the case does not end."""
    for listener in case_ended:
        listener(actor, case)
