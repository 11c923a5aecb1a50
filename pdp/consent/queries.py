"""Reads of sharing agreements."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pdp.consent.models import SharingAgreement
from pdp.core import db
from pdp.core.errors import NotFound


def get_agreement(cellule_id: int, case_id: int, public_id: str, *, lock: bool = False) -> SharingAgreement:
    """Return an agreement of a case with its organisation. Raises `NotFound`."""
    wanted = (
        select(SharingAgreement)
        .options(joinedload(SharingAgreement.organisation, innerjoin=True))
        .where(
            SharingAgreement.cellule_id == cellule_id,
            SharingAgreement.case_id == case_id,
            SharingAgreement.public_id == public_id,
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=SharingAgreement).execution_options(populate_existing=True)
    found = db.session().scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found
