"""Words of written consultations."""

from pdp.core.enums import Labelled


class Phase(Labelled):
    """Where a consultation stands, from the status of its frame and the hour."""

    PLANNED = "PLANNED", "À ouvrir"
    OPEN = "OPEN", "Ouverte au vote"
    ENDED = "ENDED", "Terminée, avis à enregistrer"
    CLOSED = "CLOSED", "Close"
    CANCELLED = "CANCELLED", "Annulée"
