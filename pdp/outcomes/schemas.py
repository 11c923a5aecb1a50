"""What the form of an outcome accepts."""

from marshmallow import fields

from pdp.dispositifs.enums import StatusGroup
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.web.forms import FrenchDate, Input, Paragraphs


class OutcomeInput(Input):
    """An outcome observed on a day."""

    status_group = fields.Enum(StatusGroup, by_value=True, required=True)
    code = fields.Enum(OutcomeCode, by_value=True, required=True)
    in_work = fields.Boolean(load_default=None, allow_none=True, truthy={"yes"}, falsy={"no"})
    result = fields.Enum(MeasureResult, by_value=True, required=True)
    conclusion = fields.Enum(MeasureConclusion, by_value=True, load_default=None)
    observed_on = FrenchDate(required=True)
    comment = Paragraphs(max_length=1000, load_default="")
