"""Words of sharing agreements."""

from pdp.core.enums import Labelled


class AgreementForm(Labelled):
    """How the insured gave the agreement."""

    SIGNED = "signed", "formulaire signé"
    ORAL = "oral", "accord oral, devant témoin"


class AgreementStatus(Labelled):
    """Where an agreement stands on a day."""

    FUTURE = "future", "à venir"
    IN_FORCE = "in_force", "en vigueur"
    EXPIRED = "expired", "échu"
    WITHDRAWN = "withdrawn", "retiré"
