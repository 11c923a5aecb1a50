"""What the forms of the register accept."""

from marshmallow import fields

from pdp.privacy.enums.register import (
    AnswerMeans,
    Channel,
    ExtensionReason,
    IdentityProof,
    RefusalReason,
    RightKind,
)
from pdp.web.forms import FrenchDate, Input, Line


class RequestInput(Input):
    """A request as it arrived."""

    kind = fields.Enum(RightKind, by_value=True, required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    received_on = FrenchDate(required=True)
    identity_proof = fields.Enum(IdentityProof, by_value=True, required=True)


class RegisterInput(RequestInput):
    """The same, from the register: the case is named by its reference, or left out."""

    case_reference = Line(load_default="", max_length=20)


class AskIdentityInput(Input):
    """When a proof of identity was asked."""

    version = fields.Integer(required=True)
    asked_on = FrenchDate(required=True)


class IdentityGivenInput(Input):
    """When and how the person proved who they are."""

    version = fields.Integer(required=True)
    given_on = FrenchDate(required=True)
    identity_proof = fields.Enum(IdentityProof, by_value=True, required=True)


class ExtendInput(Input):
    """Why two more months are taken, and when the person was told."""

    version = fields.Integer(required=True)
    told_on = FrenchDate(required=True)
    reason = fields.Enum(ExtensionReason, by_value=True, required=True)


class AnswerInput(Input):
    """When and how the answer reached the person."""

    version = fields.Integer(required=True)
    answered_on = FrenchDate(required=True)
    means = fields.Enum(AnswerMeans, by_value=True, required=True)


class RefuseInput(Input):
    """Why the request is refused, and that the remedies were told."""

    version = fields.Integer(required=True)
    refused_on = FrenchDate(required=True)
    reason = fields.Enum(RefusalReason, by_value=True, required=True)
    remedies_told = fields.Boolean(load_default=False)
