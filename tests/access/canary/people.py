"""Who walks through the canary world: every role, and the people whose rights differ within a role."""

from dataclasses import dataclass

# name in the world → (role, what distinguishes the person)
_CORE = ("service_social", "service_social_2", "manager", "service_medical", "cpam", "coordinateur")
_PARTNERS = ("spst", "spst_2", "cap_emploi", "comete", "mdph", "oeth")
_OTHERS = ("csam", "pilotage", "dpo", "admin")
WALKERS = (*_CORE, *_PARTNERS, *_OTHERS)
# Row security hides from partners what is not theirs, and keeps these two from every case.
BEHIND_WALLS = frozenset({*_PARTNERS, "pilotage", "admin"})


@dataclass(frozen=True)
class Person:
    """Someone of the cellule `a`."""

    name: str

    @property
    def role(self) -> str:
        """Return the role, as the head of a column of the access matrix."""
        return self.name.removesuffix("_2")

    @property
    def is_partner(self) -> bool:
        """Tell whether the person belongs to a partner organisation."""
        return self.name in _PARTNERS

    @property
    def is_core(self) -> bool:
        """Tell whether the person is of the core of the Assurance Maladie."""
        return self.name in _CORE

    @property
    def is_physician(self) -> bool:
        """Tell whether the person is a médecin du travail: of the two people of the SPST, the first one."""
        return self.name != "spst_2"
