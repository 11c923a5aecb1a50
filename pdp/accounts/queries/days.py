"""What holds on a day."""

from datetime import date

from sqlalchemy import ColumnElement, exists, or_

from pdp.accounts.models import CelluleOrganisation, Membership, Seat, SeatHolder


def associated(day: date) -> ColumnElement[bool]:
    """Return the filter over `Membership` of those whose organisation is of the cellule on the day."""
    return (
        exists()
        .where(
            CelluleOrganisation.cellule_id == Membership.cellule_id,
            CelluleOrganisation.organisation_id == Membership.organisation_id,
            CelluleOrganisation.joined_on <= day,
            or_(CelluleOrganisation.left_on.is_(None), CelluleOrganisation.left_on >= day),
        )
        .correlate(Membership)
    )


def holds(table: type[Membership | Seat | SeatHolder], day: date) -> tuple[ColumnElement[bool], ...]:
    """Say that a row of the table holds on the day."""
    return (table.starts_on <= day, or_(table.ends_on.is_(None), table.ends_on >= day))
