"""Words of information notices, rectifications and restrictions of the processing."""

from pdp.core.enums import Labelled


class NoticeMeans(Labelled):
    """How an information notice was given."""

    HANDED = "handed", "remise en main propre"
    POST = "post", "courrier"
    MSSANTE = "mssante", "mail MSSanté"
    PHONE = "phone", "lue par téléphone"


class NoticeStanding(Labelled):
    """Where the information of a person stands on a day."""

    GIVEN = "given", "À jour"
    AWAITED = "awaited", "À remettre"
    DUE = "due", "À informer"
    NEWER = "newer", "Nouvelle version"
    NOT_NEEDED = "not_needed", "Sans objet"


class RectificationOutcome(Labelled):
    """What was decided of what the person contests (art. 16 RGPD)."""

    CORRECTED = "corrected", "Information corrigée"
    REFUSED = "refused", "Correction refusée, avec le motif"
    NOTED = "noted", "Note jointe au dossier, l’information reste"


class FreezeGround(Labelled):
    """The four cases in which a person obtains the restriction of the processing (art. 18, 1 RGPD)."""

    ACCURACY = "accuracy", "La personne conteste l’exactitude des informations, le temps de les vérifier"
    UNLAWFUL = "unlawful", "Le traitement est illicite et la personne s’oppose à l’effacement"
    CLAIMS = "claims", "La personne a besoin des informations pour faire valoir ses droits en justice"
    OBJECTION = "objection", "La personne s’est opposée au traitement, le temps de vérifier les motifs"


class RecipientNews(Labelled):
    """What is told to who received a file (art. 19 RGPD)."""

    RECTIFIED = "rectified", "À remplacer : une information a été corrigée"
    FROZEN = "frozen", "À ne plus utiliser pour l’instant"
    LIFTED = "lifted", "Peut être utilisé de nouveau"
