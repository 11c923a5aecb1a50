"""« Mon organisme »: what an organisation shares, is asked, proposes and must do; one journal entry."""

from dataclasses import dataclass

from pdp.advice import service as advice
from pdp.advice.service import Expected
from pdp.audit import service as audit
from pdp.consent import queries as consent
from pdp.consent.enums import RecallState
from pdp.core import clock, db
from pdp.partners import queries
from pdp.partners.queries import Proposal, SharedCase
from pdp.partners.service.people import manages
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class Space:
    """What the page of an organisation shows."""

    expected: tuple[Expected, ...]
    proposals: tuple[Proposal, ...]
    shared: tuple[SharedCase, ...]
    pieces: int
    recalls: int
    may_manage: bool


def read_space(actor: Actor) -> Space:
    """Return what concerns the actor's organisation; the list is journaled once."""
    ensure(actor, Permission.PARTNER_SPACE)
    today = clock.today()
    with db.transaction(actor):
        recalls = consent.list_own_recalls(actor.cellule_id, actor.organisation_id)
        space = Space(
            expected=advice.list_expected(actor),
            proposals=tuple(queries.list_proposals(actor, today)),
            shared=tuple(queries.list_shared(actor, today)),
            pieces=queries.count_pieces_proposed(actor, today),
            recalls=sum(recall.state is RecallState.ASKED for recall in recalls),
            may_manage=manages(actor),
        )
        audit.record(actor, "partner.read", count=len(space.shared))
    return space
