"""The signed-in person, detached from the database."""

from dataclasses import dataclass
from datetime import datetime

from pdp.policy.roles import CORE_ROLES, PARTNER_ROLES, ROLE_NAMES, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, through which membership. Rights are those of this membership only.

    `is_physician` flags a médecin du travail (or an infirmier under protocol) of an SPST and the
    médecin-conseil of a service médical. `is_org_manager` flags a partner's gestionnaire.
    `emergency_case_id` is set during an emergency access: the actor then reads that one case, of the
    cellule `cellule_id`, until `emergency_until`, and writes nothing.
    """

    user_id: int
    membership_id: int
    membership_public_id: str
    name: str
    role: Role
    organisation_id: int
    organisation_name: str
    cellule_id: int
    cellule_name: str
    is_physician: bool = False
    is_org_manager: bool = False
    emergency_case_id: int | None = None
    emergency_reference: str = ""
    emergency_until: datetime | None = None

    @property
    def in_emergency(self) -> bool:
        """Tell whether the actor acts through an emergency access."""
        return self.emergency_case_id is not None

    @property
    def is_core(self) -> bool:
        """Tell whether the actor sits in the core of the Assurance Maladie."""
        return self.role in CORE_ROLES

    @property
    def is_partner(self) -> bool:
        """Tell whether the actor belongs to an external partner."""
        return self.role in PARTNER_ROLES

    @property
    def role_name(self) -> str:
        """Return the French name of the role in use."""
        return ROLE_NAMES[self.role]
