"""What planning, the agenda, decisions and actions accept."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates

from pdp.meetings.enums import DecisionOutcome, OpinionCode, VoteValue
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs

_LINK_ERROR = "Écrivez l’adresse entière, elle commence par https://."


class HoursInput(Input):
    """The hours of a séance (metropolitan time) and where it is held."""

    start = fields.Time(format="%H:%M", required=True)
    end = fields.Time(format="%H:%M", required=True)
    place = Line(required=True, max_length=200)
    video_link = Line(load_default="", max_length=500)

    @validates("video_link")
    def check_link(self, value: str, **_options: object) -> None:
        """Refuse anything that is not a secure address: the link is shown to every member."""
        if value and not value.startswith("https://"):
            raise ValidationError(_LINK_ERROR)


class PlanInput(HoursInput):
    """A séance: its day, its hours, where it is held."""

    day = FrenchDate(required=True)


class RescheduleInput(PlanInput):
    """The same, for a séance already planned."""

    version = fields.Integer(required=True)


class CancelInput(Input):
    """Why a séance is called off."""

    version = fields.Integer(required=True)
    reason = Line(required=True, max_length=200, error_messages={"required": "Dites pourquoi la séance est annulée."})


class AddItemInput(Input):
    """A request put on the agenda."""

    request = Line(required=True, max_length=40)
    planned_minutes = fields.Integer(
        load_default=10, validate=validate.Range(min=1, max=240, error="Prévoyez de 1 à 240 minutes.")
    )


class MoveItemInput(Input):
    """A new rank for an agenda item: `up`, `down`, or a number from 1."""

    version = fields.Integer(required=True)
    to = fields.String(
        required=True, validate=validate.Regexp(r"(up|down|[1-9]\d{0,2})\Z", error="Choisissez un rang.")
    )


class VersionInput(Input):
    """An act without other input on a row that may have changed meanwhile."""

    version = fields.Integer(required=True)


class DecisionInput(Input):
    """What the deciding body decided on a request. Appeal routes are kept for a refusal only."""

    outcome = fields.Enum(
        DecisionOutcome,
        required=True,
        by_value=True,
        error_messages={"required": "Dites si la mesure est accordée ou refusée."},
    )
    decided_on = FrenchDate(required=True)
    reasons = Paragraphs(load_default="")
    appeal_routes = Paragraphs(load_default="")
    notified_on = FrenchDate(load_default=None)
    prior_approval_on = FrenchDate(load_default=None)

    @post_load
    def drop_routes_of_a_grant(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Forget the proposed routes when nothing is refused: the form holds them from the start."""
        granted = values["outcome"] is DecisionOutcome.GRANTED
        return values | {"appeal_routes": ""} if granted else values


# The answer of a seat for which nobody answered.
_ABSENT = "ABSENT"


class CorrectionInput(Input):
    """What was wrong after a ballot closed: the answers of seats, the opinion to be read, and why."""

    reason = Paragraphs(required=True, max_length=1000, error_messages={"required": "Écrivez ce qui est inexact."})
    vote = fields.List(fields.String(), load_default=list)
    code = fields.Enum(
        OpinionCode, required=True, by_value=True, error_messages={"required": "Choisissez l’avis à lire."}
    )
    conditions = Paragraphs(load_default="", max_length=2000)
    reasons = Paragraphs(load_default="", max_length=2000)

    @post_load
    def gather(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Read the answers, « seat:value » each; a seat left as it is sends nothing."""
        votes = [each.partition(":") for each in data.pop("vote") if each]
        known: dict[str, VoteValue | None] = {value.value: value for value in VoteValue} | {_ABSENT: None}
        if not known.keys() >= {value for _, _, value in votes}:
            raise ValidationError({"vote": ["Choisissez une réponse de la liste pour chaque siège."]})
        return data | {"votes": {seat: known[value] for seat, _, value in votes}}


class CorrectionRefusalInput(Input):
    """Why a correction is refused."""

    reason = Paragraphs(required=True, max_length=1000, error_messages={"required": "Écrivez pourquoi."})
