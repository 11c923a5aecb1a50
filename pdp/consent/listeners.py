"""Who is told, in the same transaction, that a sharing has ended. Wired in `pdp.wiring`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pdp.consent.enums import AgreementEnd
from pdp.policy.actor import Actor
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class EndedSharing:
    """The end of an agreement: of which case, with which organisation, and what is still shared with it.

    `lost` holds the labels that the organisation may no longer read; `remaining` those that other
    agreements in force still open to it, none when the case itself ended.
    """

    cellule_id: int
    case_id: int
    organisation_id: int
    agreement_id: int
    kind: AgreementEnd
    ended_on: date
    lost: frozenset[Label]
    remaining: frozenset[Label] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Tell whether the organisation may no longer know that the case exists."""
        return not self.remaining


# The actor is None when the term came by itself.
SharingEnded = Callable[[Actor | None, EndedSharing], None]
sharing_ended: list[SharingEnded] = []


def tell(actor: Actor | None, ended: EndedSharing) -> None:
    """Call every listener, in the transaction under way: if one fails, the end is not recorded."""
    for listener in sharing_ended:
        listener(actor, ended)
