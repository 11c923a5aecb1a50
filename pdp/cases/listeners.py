"""Who is told, in the same transaction, that a case is over, restricted, or loses somebody. Wired in `pdp.wiring`."""

from collections.abc import Callable, Collection

from pdp.consent.service import CaseKey
from pdp.policy.actor import Actor

CaseEnded = Callable[[Actor, CaseKey], None]
case_ended: list[CaseEnded] = []

# Called with the people who will still open the case; one that raises refuses the restriction.
CaseRestricted = Callable[[CaseKey, Collection[int]], None]
case_restricted: list[CaseRestricted] = []


# Called with the person who would take no more part in the case; a sentence refuses the déport.
CaseRecused = Callable[[CaseKey, int], str | None]
case_recused: list[CaseRecused] = []


def tell(actor: Actor, case: CaseKey) -> None:
    """Call every listener, in the transaction under way: if one fails, the case does not end."""
    for listener in case_ended:
        listener(actor, case)
