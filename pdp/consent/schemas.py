"""What recording or withdrawing an agreement, and answering a recall, accept."""

from marshmallow import fields

from pdp.consent.enums import AgreementForm, AgreementPeriod, PurposeCode, WithdrawalMeans
from pdp.policy.labels import Label
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class AgreementInput(Input):
    """A sharing agreement as the insured gave it; `replaces` is the agreement that the page showed."""

    organisation = Line(required=True)
    replaces = Line(load_default="")
    labels = fields.List(fields.Enum(Label, by_value=True), load_default=list)
    purpose_code = fields.Enum(PurposeCode, by_value=True, required=True)
    purpose = Line(load_default="", max_length=200)
    period = fields.Enum(AgreementPeriod, by_value=True, required=True)
    starts_on = FrenchDate(required=True)
    ends_on = FrenchDate(load_default=None, allow_none=True)
    notice = Line(required=True, max_length=20)
    informed_on = FrenchDate(required=True)
    form = fields.Enum(AgreementForm, by_value=True, required=True)
    witness = Line(load_default="")
    agreed_on = FrenchDate(required=True)
    place = Line(required=True, max_length=100)
    collected_by = Line(required=True)


class WithdrawalInput(Input):
    """When and how the insured withdrew the agreement, and the version of it that the reader saw."""

    version = fields.Integer(required=True)
    withdrawn_on = FrenchDate(required=True)
    means = fields.Enum(WithdrawalMeans, by_value=True, required=True)
    reason = Paragraphs(load_default="", max_length=500)


class RecallAnswerInput(Input):
    """What became of the files, and the version of the recall that the reader saw."""

    version = fields.Integer(required=True)
    answer = fields.String(required=True)
    reason = Paragraphs(load_default="", max_length=500)
