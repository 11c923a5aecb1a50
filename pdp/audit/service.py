"""Write the journal. Each entry joins the transaction of the act it tells."""

from typing import Any, Protocol

from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from pdp.core.trace import request_id
from pdp.policy.actor import Actor


class Identified(Protocol):
    """A stored row: what an entry may speak of."""

    id: int
    __tablename__: str


def record(
    actor: Actor | None,
    action: str,
    *,
    case_id: int | None = None,
    subject: Any = None,
    refused: bool = False,
    **detail: Any,
) -> None:
    """Add one entry in the transaction under way: who, what, on which object, in which request.

    `subject` is the row acted upon (its table and id are kept). `detail` holds codes, counts and ids
    only: never a name, a text or a search term.
    """
    session = db.session()
    # Row-level security shows an entry to those of its cellule only: the act says for whom it runs.
    db.adopt(actor or db.INSTALLATION)
    if subject is not None and subject.id is None:
        session.flush()
    session.add(
        AuditEntry(
            at=clock.now(),
            cellule_id=actor.cellule_id if actor else None,
            user_id=actor.user_id if actor else None,
            organisation_id=actor.organisation_id if actor else None,
            role=actor.role if actor else None,
            action=action,
            case_id=case_id,
            object_kind=subject.__tablename__ if subject is not None else None,
            object_id=subject.id if subject is not None else None,
            request_id=request_id.get(),
            refused=refused,
            detail=detail or None,
        )
    )


def record_refusal(actor: Actor | None, endpoint: str) -> None:
    """Journal a refused access, in a transaction of its own: the refused act has none left."""
    with db.transaction(actor):
        record(actor, "access.refused", refused=True, endpoint=endpoint)
