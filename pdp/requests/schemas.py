"""What the forms of requests accept."""

from typing import Any

from marshmallow import fields, validate

from pdp.dispositifs.enums import Dispositif
from pdp.requests.enums import PieceState, RequestAction, RequestAuthor
from pdp.requests.rules.details import DETAILS, Detail, FieldKind
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs

_PREFIX = "detail__"


class RequestInput(Input):
    """What is asked, whatever the dispositif."""

    author = fields.Enum(RequestAuthor, required=True)
    purpose = Paragraphs(max_length=1000, load_default="")
    measure_start = FrenchDate(load_default=None)
    measure_end = FrenchDate(load_default=None)


class DispositifInput(Input):
    """The dispositif chosen at the first step."""

    dispositif = fields.Enum(Dispositif, by_value=True, required=True)


class VersionInput(Input):
    """The version that a page was drawn from."""

    version = fields.Integer(required=True)


class MoveInput(VersionInput):
    """A move of the life cycle."""

    action = fields.Enum(RequestAction, by_value=True, required=True)


class DeclineInput(VersionInput):
    """Why a partner's proposal is not taken over."""

    reason = Paragraphs(required=True, max_length=500)


class PieceInput(VersionInput):
    """The state of an agreement or a document."""

    state = fields.Enum(PieceState, required=True)
    dated = FrenchDate(load_default=None)
    comment = Line(max_length=300, load_default="")


class AnswerInput(Input):
    """A member's answer to a rule."""

    accepted = fields.Boolean(required=True)
    reason = Paragraphs(max_length=1000, load_default="")


class OverrideInput(Input):
    """Why a rule is set aside."""

    reason = Paragraphs(
        max_length=1000,
        required=True,
        error_messages={"required": "Écrivez le motif : il est imprimé au procès-verbal."},
    )


def request_input(dispositif: Dispositif, *, versioned: bool = False) -> Input:
    """Return the schema of a request for one dispositif: the common fields and its own details."""
    own = {f"{_PREFIX}{n}": _field(detail) for n, detail in enumerate(DETAILS[dispositif])}
    bases = (RequestInput, VersionInput) if versioned else (RequestInput,)
    schema: Input = type("RequestInput", bases, own)()
    return schema


def split_details(dispositif: Dispositif, values: dict[str, Any]) -> dict[str, Any]:
    """Return loaded values as the service takes them: the details gathered by name, what was left out left out."""
    details = {}
    for number, detail in enumerate(DETAILS[dispositif]):
        value = values.get(f"{_PREFIX}{number}")
        if value not in (None, "", [], False):
            details[detail.path] = value.isoformat() if detail.kind is FieldKind.DATE else value
    common = {name: value for name, value in values.items() if not name.startswith(_PREFIX)}
    return common | {"details": details}


def _field(detail: Detail) -> fields.Field[Any]:
    words = [word for word, _ in detail.options]
    one_of = validate.OneOf(words, error="Choisissez une valeur de la liste.")
    match detail.kind:
        case FieldKind.TEXT:
            return Line(max_length=120, data_key=detail.path)
        case FieldKind.CHOICE:
            return fields.String(validate=one_of, data_key=detail.path)
        case FieldKind.CHOICES:
            return fields.List(fields.String(validate=one_of), data_key=detail.path)
        case FieldKind.AMOUNT:
            positive = validate.Range(min=0, error="Un montant positif est attendu.")
            wrong: dict[str, Any] = {"invalid": "Un montant est attendu, par exemple 1850."}
            return fields.Float(validate=positive, data_key=detail.path, error_messages=wrong)
        case FieldKind.DATE:
            return FrenchDate(data_key=detail.path)
        case FieldKind.YES:
            return fields.Boolean(data_key=detail.path)
