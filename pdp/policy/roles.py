"""The roles of a membership and the families they belong to."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one cellule, through one organisation."""

    SERVICE_SOCIAL = "service_social"
    MANAGER = "manager"
    SERVICE_MEDICAL = "service_medical"
    CPAM = "cpam"
    COORDINATEUR = "coordinateur"
    CSAM = "csam"
    SPST = "spst"
    CAP_EMPLOI = "cap_emploi"
    COMETE = "comete"
    MDPH = "mdph"
    OETH = "oeth"
    PILOTAGE = "pilotage"
    DPO = "dpo"
    ADMIN = "admin"


ROLE_NAMES: dict[Role, str] = {
    Role.SERVICE_SOCIAL: "assistant de service social",
    Role.MANAGER: "manager de proximité",
    Role.SERVICE_MEDICAL: "service médical",
    Role.CPAM: "CPAM, action sociale",
    Role.COORDINATEUR: "coordination de la cellule",
    Role.CSAM: "conseiller services (CSAM)",
    Role.SPST: "service de prévention et de santé au travail",
    Role.CAP_EMPLOI: "Cap emploi",
    Role.COMETE: "Comète",
    Role.MDPH: "MDPH",
    Role.OETH: "OETH",
    Role.PILOTAGE: "pilotage",
    Role.DPO: "délégué à la protection des données",
    Role.ADMIN: "administration technique",
}


def role_beside(name: str, organisation: str) -> str:
    """Return the name of a role without the organisation it stands beside: nothing, or what is left of it."""
    if name.casefold() == organisation.casefold():
        return ""
    return name.removeprefix(f"{organisation}, ")


# The core of the Assurance Maladie: members of the cellule, bound to every case of it.
CORE_ROLES = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER, Role.SERVICE_MEDICAL, Role.CPAM, Role.COORDINATEUR})
PARTNER_ROLES = frozenset({Role.SPST, Role.CAP_EMPLOI, Role.COMETE, Role.MDPH, Role.OETH})
# Roles with no relation to any case: they read aggregates, the journal or technical metadata.
OUTSIDE_ROLES = frozenset({Role.PILOTAGE, Role.DPO, Role.ADMIN})
