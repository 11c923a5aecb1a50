"""The confidentiality undertaking that a person accepts before a sign-in opens."""

from collections.abc import Sequence

from pdp.accounts import queries, undertakings
from pdp.accounts.models import UndertakingAcceptance
from pdp.core import db


def has_undertaken(user_id: int) -> bool:
    """Tell whether the person accepted the undertaking in force. Joins the transaction under way."""
    return queries.has_accepted(user_id, undertakings.in_force().code)


def list_accepted(user_id: int) -> Sequence[UndertakingAcceptance]:
    """Return what a person accepted, newest first."""
    with db.reading():
        return queries.list_accepted(user_id)
