"""What is said of a thing to do: that it is done, or that a condition will not be met."""

from marshmallow import fields

from pdp.web.forms import Input, Paragraphs


class CloseActionInput(Input):
    """A thing done, with a word about it."""

    version = fields.Integer(required=True)
    note = Paragraphs(load_default="", max_length=1000)


class UnmetInput(Input):
    """A condition that will not be met, and why."""

    version = fields.Integer(required=True)
    why = Paragraphs(required=True, max_length=1000)
