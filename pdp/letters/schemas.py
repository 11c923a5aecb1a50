"""What the forms of texts and letters accept."""

from marshmallow import fields

from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import SendingMeans, TextKind
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class TemplateInput(Input):
    """The template of a letter, and the edition that its writer started from."""

    edition = fields.Integer(load_default=0)
    title = Line(required=True, error_messages={"required": "Écrivez l’objet du courrier."})
    body = Paragraphs(required=True, max_length=8000, error_messages={"required": "Écrivez le texte du courrier."})


class TextInput(Input):
    """A standard sentence, and the edition that its writer started from."""

    edition = fields.Integer(load_default=0)
    kind = fields.Enum(TextKind, required=True, by_value=True)
    dispositif = fields.Enum(Dispositif, load_default=None, by_value=True)
    title = Line(required=True, max_length=80, error_messages={"required": "Donnez un titre court, pour la liste."})
    body = Paragraphs(required=True, max_length=1500, error_messages={"required": "Écrivez le texte."})
    source = Line(load_default="", max_length=200)
    active = fields.Boolean(load_default=False)


class LetterInput(Input):
    """To whom a letter goes, at which address, and the day when the insured agreed."""

    organisation = fields.String(load_default="")
    address = Paragraphs(load_default="", max_length=250)
    agreed_on = FrenchDate(load_default=None)


class SentInput(Input):
    """When and how a letter left."""

    sent_on = FrenchDate(required=True, error_messages={"required": "Écrivez le jour où le courrier est parti."})
    means = fields.Enum(
        SendingMeans, required=True, by_value=True, error_messages={"required": "Dites comment il est parti."}
    )
