"""What the forms of the partner's space accept."""

from marshmallow import fields, validate

from pdp.web.forms import Email, Input, Line


class InvitationInput(Input):
    """A person of the organisation."""

    given_name = Line(required=True, max_length=100)
    family_name = Line(required=True, max_length=100)
    email = Email(required=True, max_length=254)
    job_title = Line(max_length=100, load_default="")


class AcceptanceInput(Input):
    """A password chosen, twice; or the one that the person already has."""

    password = fields.String(required=True, validate=validate.Length(max=1000, error="Ce mot de passe est trop long."))
    repeated = fields.String(load_default="", validate=validate.Length(max=1000, error="Ce texte est trop long."))
