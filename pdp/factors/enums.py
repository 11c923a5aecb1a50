"""Words of second factors."""

from pdp.core.enums import Labelled


class FactorKind(Labelled):
    """What a person holds besides a password."""

    TOTP = "totp", "Application de codes"
    PASSKEY = "passkey", "Clé d’accès"


class ChallengePurpose(Labelled):
    """What a passkey's answer to a challenge is good for, and for nothing else."""

    REGISTER = "register", "enregistrer une clé d’accès"
    SIGN_IN = "sign_in", "se connecter"
    PROVE = "prove", "apporter une preuve"


class RecoveryState(Labelled):
    """Where a request for recovery is. It ends by itself 24 hours after it was made."""

    WAITING = "waiting", "En attente de deux personnes"
    ACCEPTED = "accepted", "Attestée par deux personnes"
    DONE = "done", "Terminée : nouveau moyen enregistré"
    CANCELLED = "cancelled", "Annulée"
    REFUSED = "refused", "Refusée"
    EXPIRED = "expired", "Expirée"


LIVE_STATES = (RecoveryState.WAITING, RecoveryState.ACCEPTED)


class Recognition(Labelled):
    """How a person who vouches recognised the one who asks. A mail or a message is no way to recognise anyone."""

    IN_PERSON = "in_person", "En personne"
    VIDEO = "video", "En visioconférence, visage découvert"
    CALLED_BACK = "called_back", "En rappelant un numéro que je connaissais déjà"
