"""What the forms of a pack accept."""

from marshmallow import fields

from pdp.privacy.enums.pack import MaskReason, WithheldReason
from pdp.web.forms import Input, Paragraphs


class VersionInput(Input):
    """An act without other input than the version that the reader saw."""

    version = fields.Integer(required=True)


class WithholdInput(VersionInput):
    """Why a part leaves another way."""

    reason = fields.Enum(WithheldReason, by_value=True, required=True)


class MaskInput(Input):
    """What is hidden of a text: some sentences, a passage, or all of it."""

    reason = fields.Enum(MaskReason, by_value=True, required=True)
    whole = fields.Boolean(load_default=False)
    starts = fields.List(fields.Integer(), load_default=list)
    passage = Paragraphs(load_default="", max_length=500)
