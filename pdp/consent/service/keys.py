"""How this layer names a case, which it does not know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseKey:
    """Which case an agreement is of."""

    cellule_id: int
    case_id: int
