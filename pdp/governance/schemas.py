"""What the forms of governance accept."""

from marshmallow import fields, validate

from pdp.accounts.enums import BallotMode, HolderRank, Silence, Voice
from pdp.core.french import NBSP
from pdp.dispositifs.enums import Doctrine
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


def _figure(least: int, most: int, unit: str) -> fields.Integer:
    """Return a whole number within bounds, refused in one sentence."""
    said = f"Écrivez un nombre de {least} à {most}{NBSP}: {unit}."
    return fields.Integer(
        required=True,
        validate=validate.Range(least, most, error=said),
        error_messages={"required": said, "invalid": said},
    )


class RulesInput(Input):
    """The rules of the cellule from a day on."""

    valid_from = FrenchDate(required=True)
    doctrine = fields.Enum(Doctrine, by_value=True, required=True)
    quorum_percent = _figure(1, 100, "un pourcentage des sièges")
    quorum_each_service = fields.Boolean(load_default=False)
    chair_casting_vote = fields.Boolean(load_default=False)
    ballot_mode = fields.Enum(BallotMode, by_value=True, required=True)
    silence = fields.Enum(Silence, by_value=True, required=True)
    proxies_per_holder = _figure(0, 3, "des pouvoirs par personne, 0 pour n’en admettre aucun")
    notice_days = _figure(0, 20, "des jours ouvrables avant la séance")
    cooling_off_minutes = _figure(5, 1440, "des minutes, un jour au plus")
    objection_days = _figure(2, 30, "des jours ouvrables")
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
