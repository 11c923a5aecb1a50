"""What convocations accept."""

from marshmallow import fields

from pdp.convocations.enums import Answer
from pdp.convocations.rules import WISH_LENGTH
from pdp.web.forms import Input, Line


class AnswerInput(Input):
    """An answer; the other time is asked for in a few words."""

    answer = fields.Enum(Answer, required=True, by_value=True, error_messages={"required": "Choisissez une réponse."})
    wish = Line(load_default="", max_length=WISH_LENGTH)
    substitute = Line(load_default=None, max_length=40)


class AnswerForInput(AnswerInput):
    """The answer that a person gave by telephone."""

    convocation = Line(required=True, max_length=40)


class RemindInput(Input):
    """Whom to remind: one person, or all those awaited; again soon when it is said so."""

    convocation = Line(load_default=None, max_length=40)
    confirmed = fields.Boolean(load_default=False)
