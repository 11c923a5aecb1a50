"""The twelve members, the people of the core at the two consoles, and who votes on an own device."""

from collections.abc import Mapping
from types import MappingProxyType

from pdp.accounts.enums import OrganisationKind
from pdp.policy.roles import Role
from tests.support import world as worlds
from tests.support.world import World

_MORE_SEATS = (
    ("ss3", "Service social, siège 3", OrganisationKind.SERVICE_SOCIAL, "service_social_3", None),
    ("comete", "Comète France", OrganisationKind.COMETE, "comete", None),
    ("mdph", "MDPH", OrganisationKind.MDPH, "mdph", None),
    ("oeth", "OETH", OrganisationKind.OETH, "oeth", None),
)
SEATS = (*worlds.SEATS, *_MORE_SEATS)
TITULAIRES: Mapping[str, str] = MappingProxyType({name: titulaire for name, _, _, titulaire, _ in SEATS})
# The number that calls each seat on the attendance sheet, and the organisation of each partner's seat.
NUMBERS = {name: number for number, (name, *_) in enumerate(SEATS, start=1)}
PARTNERS: Mapping[str, OrganisationKind] = MappingProxyType(
    {name: kind for name, _, kind, _, _ in SEATS if name in {"spst", "cap", "comete", "mdph", "oeth"}}
)
LATE = "cap"
REPRESENTED, CARRIER = "cp2", "cp1"
CONSOLES = ("a.coordinateur", "a.coordinateur_2")
EIGHT_DEVICES = ("ss2", "ss3", "sm1", "sm2", "cp1", "spst", "cap", "mdph")
FOUR_DEVICES = ("ss2", "sm1", "cp1", "cap")


def gather(world: World) -> None:
    """Add to the base world the people and the seats that it lacks. Call inside a transaction of the owner."""
    worlds.add_person(world, "a", Role.COORDINATEUR, "coordinateur_2")
    worlds.add_person(world, "a", Role.SERVICE_SOCIAL, "service_social_3")
    for number, seat in enumerate(_MORE_SEATS, start=len(worlds.SEATS) + 1):
        worlds.add_seat(world, "a", seat, number)
