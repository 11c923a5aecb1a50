"""The rows of compartments for the case `shared` of a cellule: an emergency access of another member, not reviewed."""

from datetime import timedelta

from pdp.cases.models import EmergencyAccess
from pdp.core import clock
from tests.support.databases import as_owner
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add an emergency access that is over, on the shared case of the cellule."""
    opened = clock.now() - timedelta(days=1)
    with as_owner() as session:
        session.add(
            EmergencyAccess(
                cellule_id=world.cellule[key],
                case_id=world.case_id[f"{key}.shared"],
                user_id=world.user[f"{key}.cpam_2"],
                organisation_id=world.organisation[f"{key}.cpam"],
                role="cpam",
                restricted=False,
                reason="QXEMERGENCYREASON",
                opened_at=opened,
                expires_at=opened + timedelta(minutes=60),
                review_comment="QXEMERGENCYREVIEW",
            )
        )
