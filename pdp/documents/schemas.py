"""What the forms of pieces accept."""

import re

from marshmallow import ValidationError, fields, validate, validates

from pdp.cases.tabs import FILE_LABELS
from pdp.core.enums import Labelled
from pdp.documents.enums import PaperKind, ReviewDecision, Spread
from pdp.policy.labels import Label
from pdp.web.forms import Input, Line, Paragraphs

_NIR = re.compile(r"[12]\s?(?:\d\s?){12,14}")
_CHOOSE = "Choisissez une valeur de la liste."


def _word(words: type[Labelled], *, required: bool = False) -> fields.Enum[Labelled]:
    return fields.Enum(words, by_value=True, required=required)


class _FileLabel(fields.Enum[Label]):
    """A label that a file may carry; the others do not exist for it."""

    def __init__(self) -> None:
        super().__init__(Label, by_value=True, validate=validate.OneOf(FILE_LABELS, error=_CHOOSE))


class AddInput(Input):
    """A piece: what it is, where it is filed, how far it goes. The file itself comes beside the form."""

    kind = _word(PaperKind, required=True)
    label = _FileLabel()
    spread = _word(Spread)
    precision = Line(max_length=80)
    expected = Line(max_length=32)

    @validates("precision")
    def refuse_number(self, text: str, **_options: str) -> None:
        """Refuse what looks like a social-security number: the line is read by whoever reads the piece."""
        if _NIR.search(text):
            raise ValidationError("Pas de numéro de sécurité sociale ici : décrivez la pièce autrement.")


class ReviewInput(Input):
    """What the referent decides of a proposal."""

    decision = _word(ReviewDecision, required=True)
    label = _FileLabel()
    spread = _word(Spread)
    reason = Paragraphs(max_length=400)
    version = fields.Integer(required=True)


class WithdrawInput(Input):
    """Why a piece is taken out."""

    reason = Paragraphs(max_length=400, required=True)
    version = fields.Integer(required=True)
