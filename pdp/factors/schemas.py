"""What the pages of second factors accept."""

from marshmallow import fields, validate

from pdp.factors.enums import Recognition
from pdp.web.forms import Input, Line


class CodeInput(Input):
    """A code as typed, spaces or not."""

    code = Line(required=True, max_length=20)


class EnrolInput(CodeInput):
    """The code, and the secret that the page offered, sealed."""

    offer = Line(required=True, max_length=400)


class AddTotpInput(EnrolInput):
    """The same, with a name to know the telephone by."""

    name = Line(load_default="", max_length=60)


class NameInput(Input):
    """The name of a factor."""

    name = Line(required=True, max_length=60)


class PasskeyInput(Input):
    """The answer of a browser, judged by the service alone."""

    credential = fields.String(required=True, validate=validate.Length(max=40_000))


class AddPasskeyInput(PasskeyInput):
    """The same, with a name to know the device by."""

    name = Line(load_default="", max_length=60)


class VouchInput(Input):
    """The word of a person: the number heard, how the one who asks was recognised."""

    number = Line(required=True, max_length=20)
    how = fields.Enum(Recognition, by_value=True, required=True)


class NumberInput(Input):
    """The number of one's own request."""

    number = Line(required=True, max_length=20)
