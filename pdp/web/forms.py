"""One input contract for pages and API: a marshmallow schema loads the form and speaks French."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from pdp.core.errors import InvalidInput, RuleViolation

Result = TypeVar("Result")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")

_FRENCH = {
    "required": "Ce champ est obligatoire.",
    "null": "Ce champ est obligatoire.",
    "validator_failed": "Cette valeur ne convient pas.",
}
fields.Field.default_error_messages.update(_FRENCH)
fields.String.default_error_messages.update(
    {"invalid": "Un texte est attendu.", "invalid_utf8": "Ce texte n’est pas lisible."}
)
fields.Integer.default_error_messages.update({"invalid": "Un nombre entier est attendu, par exemple 14."})
fields.Float.default_error_messages.update({"special": "Un nombre est attendu, par exemple 1850."})
fields.Number.default_error_messages.update(
    {"invalid": "Un nombre est attendu, par exemple 1850.", "too_large": "Ce nombre est trop grand."}
)
fields.List.default_error_messages.update({"invalid": "Choisissez une valeur de la liste."})
fields.Date.default_error_messages.update(
    {
        "invalid": "Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026.",
        "format": "Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026.",
    }
)
fields.Time.default_error_messages.update({"invalid": "Cette heure n’existe pas. Écrivez-la ainsi : 14:30."})
fields.Boolean.default_error_messages.update({"invalid": "Répondez par oui ou par non."})
fields.Enum.default_error_messages.update(
    {"unknown": "Choisissez une valeur de la liste.", "must_be_string": "Choisissez une valeur de la liste."}
)


# Unicode's own bound for a text that is read as it comes (UAX 15, « stream-safe »). Past it, putting the accents of
# one letter in order takes the square of their number: a page of them would hold the process for a minute.
_MOST_ACCENTS = 30


def _compose(text: str) -> str:
    """Return a text in NFC. Raises `ValidationError` for a letter with more accents than any language has."""
    accents = 0
    for character in text if not text.isascii() else "":
        accents = accents + 1 if unicodedata.combining(character) else 0
        if accents > _MOST_ACCENTS:
            raise ValidationError("Une lettre de ce texte porte trop d’accents\u00a0: recopiez-le à la main.")
    return unicodedata.normalize("NFC", text)


class Line(fields.String):
    """A single line of text, trimmed, in NFC; control and invisible characters are refused."""

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        too_long = f"{max_length} caractères au plus."
        super().__init__(validate=[validate.Length(max=max_length, error=too_long)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = _compose(super()._deserialize(value, attr, data, **options)).strip()
        if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in text):
            raise ValidationError("Ce texte contient un caractère invisible : recopiez-le à la main.")
        return text


class Email(Line):
    """An e-mail address, checked for its form only."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return validate_email(text, check_deliverability=False).normalized if text else ""
        except EmailNotValidError:
            raise ValidationError("Cette adresse n’est pas complète. Par exemple : prenom.nom@exemple.fr") from None


class Paragraphs(fields.String):
    """A text of several lines; line ends are normalised, other control characters are refused."""

    def __init__(self, *, max_length: int = 4000, **options: Any) -> None:
        too_long = f"{max_length} caractères au plus."
        super().__init__(validate=[validate.Length(max=max_length, error=too_long)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = _compose(super()._deserialize(value, attr, data, **options))
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in text if character not in "\n\t"):
            raise ValidationError("Ce texte contient un caractère invisible : recopiez-le à la main.")
        return text


# From the oldest person who works, to what the longest measure could ever reach.
_YEARS = range(1900, 2200)
_OTHER_YEAR = "Vérifiez l’année\u00a0: une date va de 1900 à 2199."


class FrenchDate(fields.Date):
    """A date from a date picker (2026-03-03) or typed the French way (03/03/2026).

    A year that nobody means is refused: days are counted from a date, and the last ones of the calendar have no next.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        parts = str(value).strip().split("/")
        if len(parts) == 3:
            value = f"{parts[2]:0>4}-{parts[1]:0>2}-{parts[0]:0>2}"
        day = super()._deserialize(value, attr, data, **options)
        if day.year not in _YEARS:
            raise ValidationError(_OTHER_YEAR)
        return day


class Input(Schema):
    """What a use case accepts. An empty answer counts as no answer; unknown names are ignored."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def drop_empty(self, data: Any, **_options: Any) -> dict[str, Any]:
        """Turn a submitted form into plain values: lists for list fields, blanks left out."""
        values: dict[str, Any] = {}
        for name, declared in self.fields.items():
            key = declared.data_key or name
            if isinstance(declared, fields.List) and isinstance(data, MultiDict):
                values[key] = [item for item in data.getlist(key) if item != ""]
            elif not _is_blank(data.get(key)):
                values[key] = data[key]
        return values


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass
class Form:
    """What was typed, what is wrong with it, and the values when nothing is."""

    raw: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Tell whether the values may be used."""
        return not self.errors

    def value(self, name: str) -> Any:
        """Return what to show again in a field: the text typed, its control characters as « \ufffd »."""
        found = self.raw.get(name)
        return "" if found is None else _printable(found)

    def all_values(self, name: str) -> list[str]:
        """Return every value typed for a field that takes several."""
        if isinstance(self.raw, MultiDict):
            return [_printable(typed) for typed in self.raw.getlist(name)]
        found = self.raw.get(name) or []
        return [str(item) for item in found] if isinstance(found, list | tuple | set | frozenset) else [str(found)]

    def errors_for(self, name: str) -> list[str]:
        """Return the messages of a field."""
        return self.errors.get(name, [])


def _printable(typed: Any) -> Any:
    """Return a text that a page may hold: HTML forbids control characters, even escaped."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", typed) if isinstance(typed, str) else typed


def read(schema: Schema) -> Form:
    """Load the submitted form with `schema`; errors are kept beside what was typed."""
    try:
        values: dict[str, Any] = schema.load(request.form)
    except ValidationError as error:
        return Form(request.form, _flatten(error.messages), {})
    return Form(request.form, {}, values)


def submit(schema: Schema, act: Callable[[dict[str, Any]], Result]) -> tuple[Form, Result | None]:
    """Load the form and, when it fits, run `act` on its values.

    A refusal of the domain comes back as errors of the form, so that nothing typed is lost.
    """
    form = read(schema)
    if not form.is_valid:
        return form, None
    try:
        return form, act(form.values)
    except InvalidInput as error:
        form.errors = error.errors
    except RuleViolation as error:
        form.errors = {"_form": [error.message]}
    return form, None


def _flatten(messages: Any) -> dict[str, list[str]]:
    flat: dict[str, list[str]] = {}
    for name, found in messages.items():
        key = "_form" if name == "_schema" else str(name)
        flat[key] = found if isinstance(found, list) else [text for group in found.values() for text in group]
    return flat
