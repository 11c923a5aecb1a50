"""What the forms of retention accept."""

from marshmallow import fields, validate

from pdp.retention.enums import ContactMeans
from pdp.retention.rules import SHORTEST_HIDING
from pdp.web.forms import FrenchDate, Input, Paragraphs

MEANS = tuple(means for means in ContactMeans if means is not ContactMeans.BROUGHT_BACK)


def _number(least: int, most: int) -> fields.Integer:
    message = f"Écrivez un nombre de {least} à {most}."
    return fields.Integer(
        required=True,
        validate=validate.Range(least, most, error=message),
        error_messages={"required": message, "invalid": message},
    )


class ContactInput(Input):
    """A contact with the person since the end of the case."""

    contacted_on = FrenchDate(required=True)
    means = fields.Enum(ContactMeans, by_value=True, required=True, validate=validate.OneOf(MEANS))
    reason = Paragraphs(required=True, max_length=500)


class ReasonInput(Input):
    """Why a case is brought back."""

    reason = Paragraphs(required=True, max_length=500)


class DisputeInput(Input):
    """Why a case is kept."""

    dispute = Paragraphs(required=True, max_length=500)


class HoldInput(Input):
    """The version of a hold that was shown."""

    version = fields.Integer(required=True)


class LiftInput(HoldInput):
    """Why a hold may be lifted."""

    lift_reason = Paragraphs(required=True, max_length=500)


class RulesInput(Input):
    """How long cases are kept, from a date on."""

    valid_from = FrenchDate(required=True)
    months = _number(6, 120)
    notice_days = _number(15, 180)
    hidden_days = _number(SHORTEST_HIDING, 180)
    cap_percent = _number(1, 20)
    cap_cases = _number(1, 500)
