"""Names of sensitive partners: the very name of some bodies tells of an illness or a handicap.

The core of the Assurance Maladie, the data-protection officer and the body's own people read it; the
others (other partners, CSAM, steering, technical administration) read « un partenaire ».
"""

from dataclasses import dataclass

from pdp.policy.actor import Actor
from pdp.policy.roles import Role

UNNAMED = "un partenaire"
UNNAMED_SEAT = "Siège d’un partenaire"


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What decides whether the name of an organisation is said."""

    organisation_id: int
    name: str
    sensitive: bool


def reads_every_name(actor: Actor) -> bool:
    """Tell whether no partner's name is hidden from the actor."""
    return actor.is_core or actor.role is Role.DPO


def reads_name(actor: Actor, organisation: OrganisationFacts) -> bool:
    """Tell whether the actor may read the organisation's name, its seat's label and its people's names."""
    own = actor.organisation_id == organisation.organisation_id
    return not organisation.sensitive or own or reads_every_name(actor)


def organisation_name(actor: Actor, organisation: OrganisationFacts) -> str:
    """Return the name of an organisation, or « un partenaire » to those who need not know it."""
    return organisation.name if reads_name(actor, organisation) else UNNAMED
