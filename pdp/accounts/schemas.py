"""What sign-in pages accept."""

from marshmallow import fields

from pdp.web.forms import Input, Line


class SignInInput(Input):
    """An address and a password; neither is judged before the account is looked up."""

    email = Line(required=True, max_length=254)
    password = fields.String(required=True)


class MembershipInput(Input):
    """The membership chosen."""

    membership = Line(required=True, max_length=40)


class UndertakingInput(Input):
    """The version read, and the box ticked."""

    undertaking = Line(load_default="", max_length=20)
    accepted = fields.Boolean(load_default=False)
