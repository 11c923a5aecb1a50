"""What the forms of governance accept."""

from marshmallow import fields, validate

from pdp.accounts.enums import BallotMode, HolderRank, Silence, Voice
from pdp.dispositifs.enums import Doctrine
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs

_PERCENT = "Écrivez un pourcentage de 1 à 100."


class RulesInput(Input):
    """The rules of the cellule from a day on."""

    valid_from = FrenchDate(required=True)
    doctrine = fields.Enum(Doctrine, by_value=True, required=True)
    quorum_percent = fields.Integer(
        required=True,
        validate=validate.Range(1, 100, error=_PERCENT),
        error_messages={"required": _PERCENT, "invalid": _PERCENT},
    )
    quorum_each_service = fields.Boolean(load_default=False)
    chair_casting_vote = fields.Boolean(load_default=False)
    ballot_mode = fields.Enum(BallotMode, by_value=True, required=True)
    silence = fields.Enum(Silence, by_value=True, required=True)
    reason = Paragraphs(required=True, max_length=500)


class WithdrawInput(Input):
    """The day on which the rules taken back would have begun."""

    valid_from = FrenchDate(required=True)


class SeatInput(Input):
    """A new seat of the cellule."""

    organisation = Line(required=True, max_length=40, error_messages={"required": "Choisissez un organisme."})
    label = Line(required=True, max_length=80)
    voice = fields.Enum(
        Voice, by_value=True, required=True, error_messages={"required": "Choisissez la voix du siège."}
    )
    starts_on = FrenchDate(required=True)


class NameHolderInput(Input):
    """A person named in a seat."""

    membership = Line(required=True, max_length=40, error_messages={"required": "Choisissez une personne."})
    rank = fields.Enum(HolderRank, by_value=True, required=True, error_messages={"required": "Choisissez le rang."})
    starts_on = FrenchDate(required=True)
    ends_on = FrenchDate(load_default=None)
    replaces = fields.Boolean(load_default=False)


class EndSeatInput(Input):
    """The last day of a seat."""

    ends_on = FrenchDate(required=True)


class EndMandateInput(Input):
    """The last day of a mandate, named by its person and its first day."""

    membership = Line(required=True, max_length=40)
    starts_on = FrenchDate(required=True)
    ends_on = FrenchDate(required=True)
