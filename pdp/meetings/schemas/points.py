"""What the points about no case accept."""

from marshmallow import fields, validate

from pdp.meetings.enums import PointKind, PointPlace
from pdp.web.forms import Input, Line, Paragraphs


def minutes(default: int) -> fields.Integer:
    """Return a field of planned minutes."""
    return fields.Integer(
        load_default=default, validate=validate.Range(min=1, max=240, error="Prévoyez de 1 à 240 minutes.")
    )


class EditPointInput(Input):
    """What a point is called, how long it should take, where it stands."""

    version = fields.Integer(required=True)
    title = Line(required=True, max_length=200)
    place = fields.Enum(PointPlace, load_default=PointPlace.OPENING, by_value=True)
    planned_minutes = minutes(10)


class AddPointInput(Input):
    """A point about no case."""

    kind = fields.Enum(
        PointKind, required=True, by_value=True, error_messages={"required": "Choisissez la nature du point."}
    )
    title = Line(load_default="", max_length=200)
    place = fields.Enum(PointPlace, load_default=PointPlace.OPENING, by_value=True)
    planned_minutes = minutes(10)


class ResolutionInput(Input):
    """What the séance settled on a point, and its notes."""

    version = fields.Integer(required=True)
    resolution = Paragraphs(load_default="")
    discussion = Paragraphs(load_default="")


class MinutesInput(Input):
    """The minutes planned for an item."""

    version = fields.Integer(required=True)
    planned_minutes = minutes(10)
