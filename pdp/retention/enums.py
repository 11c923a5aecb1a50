"""Words of retention: how contact was made, where a deletion stands, why a run stopped."""

from pdp.core.enums import Labelled


class ContactMeans(Labelled):
    """How the service was in contact with the person."""

    PHONE = "phone", "Appel téléphonique"
    MEETING = "meeting", "Entretien"
    LETTER = "letter", "Courrier ou courriel"
    PARTNER = "partner", "Nouvelle donnée par un partenaire"
    BROUGHT_BACK = "brought_back", "Retour du dossier"


class ErasureState(Labelled):
    """Where the deletion of a case stands. `ERASING` lives inside one transaction only."""

    HIDDEN = "hidden", "Masqué"
    RESTORED = "restored", "Rendu"
    ERASING = "erasing", "En cours d’effacement"
    ERASED = "erased", "Effacé"


class Standing(Labelled):
    """Where a case stands on its clock."""

    RUNNING = "running", "Conservé"
    SOON = "soon", "Bientôt masqué"
    DUE = "due", "À masquer"
    HIDDEN = "hidden", "Masqué"
    READY = "ready", "À effacer"
    SUSPENDED = "suspended", "Suspendu"


class Suspension(Labelled):
    """What stops the clock of a case, whatever its date."""

    HOLD = "hold", "Conservation pour contentieux"
    RIGHTS_REQUEST = "rights_request", "Demande de droits en cours"
    FROZEN = "frozen", "Limitation du traitement demandée par la personne"
    UNDER_WAY = "under_way", "Un autre dossier de la personne est en cours"


class RunState(Labelled):
    """How a run ended."""

    DONE = "done", "Terminé"
    STOPPED = "stopped", "Arrêté, à confirmer"
    CONFIRMED = "confirmed", "Confirmé par deux personnes"


class StopReason(Labelled):
    """Why a run touched nothing."""

    CLOCK = "clock", "L’heure du serveur est douteuse"
    CAP = "cap", "Trop de dossiers d’un coup"
