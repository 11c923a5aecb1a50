"""What recording an agreement accepts."""

from marshmallow import fields

from pdp.consent.enums import AgreementForm
from pdp.policy.labels import Label
from pdp.web.forms import FrenchDate, Input, Line


class AgreementInput(Input):
    """A sharing agreement as the insured gave it."""

    organisation = Line(required=True)
    labels = fields.List(fields.Enum(Label, by_value=True), load_default=list)
    purpose = Line(required=True, max_length=200)
    form = fields.Enum(AgreementForm, by_value=True, required=True)
    witness = Line(load_default="")
    starts_on = FrenchDate(required=True)
    ends_on = FrenchDate(load_default=None, allow_none=True)


class WithdrawalInput(Input):
    """The version of the agreement that the reader saw."""

    version = fields.Integer(required=True)
