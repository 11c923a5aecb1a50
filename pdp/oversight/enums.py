"""Words of the watch over accesses."""

from pdp.core.enums import Labelled


class AlertKind(Labelled):
    """What was noticed of an account on one day."""

    MASS = "mass", "Beaucoup de dossiers ouverts"
    BLOCK = "block", "Accès aux dossiers suspendu"
    OUTSIDE = "outside", "Dossiers hors de ses attributions"
    REFUSALS = "refusals", "Refus répétés"


class ActKind(Labelled):
    """A family of acts, to filter the journal by."""

    READ = "lecture", "Lectures"
    WRITE = "ecriture", "Écritures"
    REFUSED = "refus", "Refus"
    ACCOUNT = "connexion", "Connexions"
