"""What a series of séances accepts."""

from marshmallow import fields, validate

from pdp.meetings.rules.series import MOST, Nth, Rhythm
from pdp.meetings.schemas.planning import HoursInput
from pdp.web.forms import FrenchDate


class SeriesInput(HoursInput):
    """A series: its rhythm, its first and last days, its hours and its place."""

    rhythm = fields.Enum(Rhythm, required=True, by_value=True, error_messages={"required": "Choisissez un rythme."})
    every = fields.Integer(
        load_default=1,
        validate=validate.Range(min=1, max=12, error="Écrivez un nombre de 1 à 12."),
        error_messages={"invalid": "Écrivez un nombre de 1 à 12."},
    )
    nth = fields.Enum(Nth, load_default=Nth.FIRST, by_value=True)
    weekday = fields.Integer(load_default=1, validate=validate.OneOf(range(5), error="Choisissez un jour."))
    first = FrenchDate(required=True)
    until = FrenchDate(required=True)


class SeriesDaysInput(SeriesInput):
    """The same, with the days that are kept."""

    days = fields.List(FrenchDate(), load_default=list, validate=validate.Length(max=MOST))
