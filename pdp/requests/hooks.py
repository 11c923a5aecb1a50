"""What features above tell this one: where the opinions asked on a request stand."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pdp.policy.actor import Actor

if TYPE_CHECKING:
    from pdp.requests.models import DispositifRequest

Summary = Callable[[Actor, "DispositifRequest"], str]
# Each gets a request that the actor may read, inside a transaction, and says only what the actor may know.
advice_summaries: list[Summary] = []


def summarise_advice(actor: Actor, request: "DispositifRequest") -> str:
    """Return in a sentence where the opinions asked stand; empty when none was."""
    return " ".join(said for summary in advice_summaries if (said := summary(actor, request)))
