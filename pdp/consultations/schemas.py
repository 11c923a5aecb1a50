"""What the pages of consultations accept."""

from marshmallow import fields

from pdp.meetings.schemas.live import OwnVoteInput, VoteInput
from pdp.web.forms import FrenchDate, Input, Line


class PlanInput(Input):
    """Questions, an opening or none, and a deadline; times are those of metropolitan France."""

    requests = fields.List(
        Line(max_length=40), required=True, error_messages={"required": "Choisissez au moins une demande."}
    )
    opens_day = FrenchDate(load_default=None)
    opens_time = fields.Time(format="%H:%M", load_default=None)
    ends_day = FrenchDate(required=True)
    ends_time = fields.Time(format="%H:%M", required=True)


class ExtendInput(Input):
    """A later deadline, and why."""

    version = fields.Integer(required=True)
    ends_day = FrenchDate(required=True)
    ends_time = fields.Time(format="%H:%M", required=True)
    reason = Line(required=True, max_length=300)


class VersionInput(Input):
    """An act without other input, on the consultation as its page showed it."""

    version = fields.Integer(required=True)


class WrittenVoteInput(OwnVoteInput):
    """A vote given on one's own device: in writing nobody carries a proxy."""

    class Meta(Input.Meta):
        exclude = ("seat",)


class PhoneVoteInput(VoteInput):
    """A vote said on the telephone for a seat; it replaces the one already typed for it."""

    class Meta(Input.Meta):
        exclude = ("replaces",)

    seat = Line(required=True, max_length=40, error_messages={"required": "Choisissez le siège."})
