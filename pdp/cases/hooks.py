"""What features above a case tell its pages."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pdp.policy.actor import Actor

if TYPE_CHECKING:
    from pdp.cases.models import Case

ProofFinder = Callable[[Actor, "Case"], Mapping[str, str]]
# Each answers, inside a transaction, the pieces that prove agreements of a case, as far as the actor may
# read them: public id of the agreement → public id of the piece.
proof_finders: list[ProofFinder] = []


def find_proofs(actor: Actor, case: "Case") -> Mapping[str, str]:
    """Return the piece that proves each agreement of a case, for those that have one."""
    found: dict[str, str] = {}
    for finder in proof_finders:
        found.update(finder(actor, case))
    return found
