"""How many pieces, and how heavy."""

from dataclasses import dataclass

from pdp.core.errors import RuleViolation
from pdp.documents.rules.inspection.inspect import LARGEST


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one file, pieces of one case, pieces added by one person in a day."""

    largest: int = LARGEST
    of_case: int = 200
    of_day: int = 60


def ensure_room(limits: Limits, *, in_case: int, today: int) -> None:
    """Refuse one piece too many. Raises `RuleViolation`."""
    if in_case >= limits.of_case:
        raise RuleViolation(
            f"Ce dossier contient déjà {limits.of_case} pièces : retirez celles qui ne servent plus, puis recommencez."
        )
    if today >= limits.of_day:
        raise RuleViolation(
            f"Vous avez ajouté {limits.of_day} pièces aujourd’hui, c’est la limite : continuez demain, "
            "ou demandez à un collègue."
        )
