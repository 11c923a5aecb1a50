"""What sending, correcting and approving minutes accept."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from pdp.minutes.erratum import WHOLE_SEANCE, CorrectedPart, Correction
from pdp.web.forms import Input, Paragraphs

# How many corrections one form takes; an erratum with more is written in two.
CORRECTIONS = 4
_TEXTS = {
    "wrong": "Recopiez ce qui était imprimé.",
    "holds": "Écrivez ce qu’il faut lire.",
    "reason": "Écrivez le motif de la correction.",
}


class SendingInput(Input):
    """The versions ticked as checked."""

    versions = fields.List(fields.String(), load_default=list)


class WindowInput(Input):
    """How many working days members and recipients have to object."""

    days = fields.Integer(
        required=True, validate=validate.Range(min=2, max=30, error="Comptez de 2 à 30 jours ouvrables.")
    )


class ObjectionInput(Input):
    """What is objected to, for the coordinator."""

    objection = Paragraphs(
        required=True,
        max_length=2000,
        error_messages={"required": "Écrivez ce que vous contestez, et à quel point."},
    )


class ApprovalInput(Input):
    """How a séance held since approved the minutes."""

    with_changes = fields.Boolean(
        required=True, error_messages={"required": "Dites si la séance a demandé des corrections."}
    )


class _Corrections(Input):
    """The edition read, and up to four corrections."""

    edition = fields.Integer(required=True)

    @validates_schema
    def check_each(self, data: dict[str, Any], **_options: Any) -> None:
        """Ask for what a correction begun lacks."""
        errors = {
            f"{name}_{number}": [sentence]
            for number in range(1, CORRECTIONS + 1)
            if _is_begun(data, number)
            for name, sentence in _TEXTS.items()
            if not data[f"{name}_{number}"]
        }
        if errors:
            raise ValidationError(errors)


def _is_begun(data: dict[str, Any], number: int) -> bool:
    return any(data[f"{name}_{number}"] for name in _TEXTS)


def _fields_of(number: int) -> dict[str, fields.Field[Any]]:
    texts: dict[str, fields.Field[Any]] = {
        f"{name}_{number}": Paragraphs(load_default="", max_length=1000) for name in _TEXTS
    }
    return texts | {
        f"position_{number}": fields.Integer(load_default=WHOLE_SEANCE),
        f"part_{number}": fields.Enum(CorrectedPart, load_default=CorrectedPart.BALLOT, by_value=True),
    }


ErratumInput: type[Schema] = type(
    "ErratumInput",
    (_Corrections,),
    {name: declared for number in range(1, CORRECTIONS + 1) for name, declared in _fields_of(number).items()},
)


def corrections_in(values: dict[str, Any]) -> list[Correction]:
    """Return the corrections that were written."""
    return [
        Correction(
            position=values[f"position_{number}"],
            part=values[f"part_{number}"],
            wrong=values[f"wrong_{number}"],
            holds=values[f"holds_{number}"],
            reason=values[f"reason_{number}"],
        )
        for number in range(1, CORRECTIONS + 1)
        if _is_begun(values, number)
    ]


def fields_of(corrections: Sequence[Correction]) -> dict[str, str]:
    """Return the fields of the form that these corrections fill; those beyond its length wait for another erratum."""
    filled: dict[str, str] = {}
    for number, one in enumerate(corrections[:CORRECTIONS], start=1):
        filled |= {f"position_{number}": str(one.position), f"part_{number}": one.part.value}
        filled |= {f"{name}_{number}": getattr(one, name) for name in _TEXTS}
    return filled
