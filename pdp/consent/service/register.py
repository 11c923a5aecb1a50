"""Write the register of what left the system towards a partner."""

from collections.abc import Collection

from pdp.consent.enums import DepartureKind
from pdp.consent.models import Departure
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.labels import Label


def record_departure(
    actor: Actor,
    *,
    cellule_id: int,
    case_id: int,
    organisation_id: int,
    what: DepartureKind,
    object_kind: str,
    object_id: int,
    version: str,
    labels: Collection[Label],
) -> None:
    """Add to the register a file of a case that leaves towards an organisation, in the transaction under way.

    `object_kind` and `object_id` are the table and key of what left; `version` is its number and the start of
    its hash (at most 80 characters, no name, no title). The caller journals the reading.
    """
    db.session().add(
        Departure(
            cellule_id=cellule_id,
            case_id=case_id,
            organisation_id=organisation_id,
            user_id=actor.user_id,
            what=what,
            object_kind=object_kind,
            object_id=object_id,
            object_version=version,
            labels=frozenset(labels),
            left_at=clock.now(),
        )
    )
