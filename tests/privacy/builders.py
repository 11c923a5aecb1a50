"""What the canary world asks of this feature: a row of each of its tables."""

from tests.privacy.notice_builders import add_notices
from tests.privacy.rights_builders import add_rights
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add a row of each table to the case `shared` of a cellule. Inside a session of the caller."""
    add_rights(world, key)
    add_notices(world, key)
