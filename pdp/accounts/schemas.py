"""What sign-in pages accept."""

from marshmallow import fields, validate

from pdp.notifications.enums import Pace
from pdp.web.forms import Email, FrenchDate, Input, Line

_NOT_ENDLESS = validate.Length(max=1000, error="Ce mot de passe est trop long.")


class SignInInput(Input):
    """An address and a password; neither is judged before the account is looked up."""

    email = Line(required=True, max_length=254)
    # The one bound on it: putting an endless text in its Unicode form would hold the process.
    password = fields.String(required=True, validate=_NOT_ENDLESS)


class MembershipInput(Input):
    """The membership chosen."""

    membership = Line(required=True, max_length=40)


class UndertakingInput(Input):
    """The version read, and the box ticked."""

    undertaking = Line(load_default="", max_length=20)
    accepted = fields.Boolean(load_default=False)


class ResetRequestInput(Input):
    """The address of the account whose password is forgotten."""

    email = Email(required=True, max_length=254)


class NewPasswordInput(Input):
    """A password chosen, twice."""

    password = fields.String(required=True, validate=_NOT_ENDLESS)
    repeated = fields.String(load_default="", validate=_NOT_ENDLESS)


class ChangePasswordInput(NewPasswordInput):
    """The password in use, then the one chosen."""

    current = fields.String(required=True, validate=_NOT_ENDLESS)


class MailsInput(Input):
    """How mails reach the person, and the days of an absence."""

    mails_about_cases = fields.Enum(Pace, by_value=True, required=True)
    mails_about_meetings = fields.Enum(Pace, by_value=True, required=True)
    mails_about_duties = fields.Enum(Pace, by_value=True, required=True)
    absent_from = FrenchDate(load_default=None, allow_none=True)
    absent_until = FrenchDate(load_default=None, allow_none=True)
