"""Reads of one-time codes."""

from collections.abc import Sequence

from sqlalchemy import select

from pdp.core import db
from pdp.factors.models.totp import TotpFactor


def list_totp(user_id: int, *, lock: bool = False) -> Sequence[TotpFactor]:
    """Return the code applications of a person, oldest first; locked, nobody else accepts a code meanwhile."""
    wanted = select(TotpFactor).where(TotpFactor.user_id == user_id).order_by(TotpFactor.id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(wanted).all()
