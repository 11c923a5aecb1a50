"""What the pages of second factors accept."""

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
