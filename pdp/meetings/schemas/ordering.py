"""What the order of an agenda accepts."""

from typing import Any

from marshmallow import fields, post_load, validate

from pdp.meetings.rules.ordering import OrderRule
from pdp.web.forms import Input, Line


class OrderInput(Input):
    """The rule that puts an agenda in order."""

    version = fields.Integer(required=True)
    rule = fields.Enum(OrderRule, required=True, by_value=True)


class RestoreInput(Input):
    """The order that an agenda had, as the ranks of its items in the present one."""

    version = fields.Integer(required=True)
    ranks = fields.String(required=True, validate=validate.Regexp(r"[1-9]\d{0,2}(\.[1-9]\d{0,2})*\Z"))

    @post_load
    def read_ranks(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Turn the ranks into numbers."""
        return values | {"ranks": tuple(int(rank) for rank in values["ranks"].split("."))}


class ElsewhereInput(Input):
    """The séance to which an item is sent."""

    version = fields.Integer(required=True)
    meeting = Line(required=True, max_length=40, error_messages={"required": "Choisissez une séance."})
