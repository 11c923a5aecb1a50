"""Rows of the register of minutes, written as rows: not through the services under test."""

from sqlalchemy import select

from pdp.core import clock, db
from pdp.minutes.models import Minutes, MinutesObjection
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add an objection to the minutes of a cellule, if it has any. Inside a session of the caller."""
    minutes = db.session().scalars(select(Minutes).where(Minutes.cellule_id == world.cellule[key])).first()
    if minutes is None:
        return
    db.session().add(
        MinutesObjection(
            cellule_id=minutes.cellule_id,
            minutes_id=minutes.id,
            organisation_id=world.organisation[f"{key}.cpam"],
            user_id=world.user[f"{key}.cpam"],
            at=clock.now(),
            text="Le point deux cite un vote qui n’a pas eu lieu.",
        )
    )
