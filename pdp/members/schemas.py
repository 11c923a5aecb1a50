"""What the pages of accesses accept."""

from marshmallow import fields, validate

from pdp.accounts.enums import ClosingReason
from pdp.web.forms import Input

# What a person may choose: the others are said by the act itself.
REASONS = (ClosingReason.DEPARTURE, ClosingReason.CHANGE, ClosingReason.INCIDENT)


class ClosingInput(Input):
    """Why an access or an account is closed."""

    reason = fields.Enum(
        ClosingReason,
        by_value=True,
        required=True,
        validate=validate.OneOf(REASONS, error="Choisissez une raison de la liste."),
    )
