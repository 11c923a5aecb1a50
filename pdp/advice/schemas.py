"""What the forms of opinions asked accept."""

from marshmallow import fields

from pdp.advice.enums import AdviceValue
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class AskInput(Input):
    """A question put to organisations."""

    question = Paragraphs(required=True, max_length=1000)
    organisations = fields.List(Line(max_length=32), load_default=list)
    due_on = FrenchDate(required=True)
    pieces = fields.List(Line(max_length=32), load_default=list)


class ExtensionInput(Input):
    """More time for a round."""

    version = fields.Integer(required=True)
    due_on = FrenchDate(required=True)


class ReplyInput(Input):
    """The answer of an organisation."""

    version = fields.Integer(required=True)
    value = fields.Enum(AdviceValue, by_value=True, required=True)
    text = Paragraphs(max_length=2000, load_default="")


class DeclineInput(Input):
    """Why an organisation will not answer."""

    version = fields.Integer(required=True)
    reason = Line(required=True, max_length=300)


class RevocationInput(Input):
    """The version of the question that the reader saw."""

    version = fields.Integer(required=True)
