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
    REPLACED = "replaced", "remplacé"
    CASE_ENDED = "case_ended", "terminé avec le dossier"


class AgreementEnd(Labelled):
    """Why an agreement no longer holds."""

    WITHDRAWN = "withdrawn", "retrait par la personne"
    REPLACED = "replaced", "nouvel accord"
    CASE_ENDED = "case_ended", "fin du dossier"
    EXPIRED = "expired", "arrivée à son terme"


class PurposeCode(Labelled):
    """What an agreement is for; the rest is said in the person's words."""

    MEASURE = "measure", "préparer une mesure de maintien en emploi"
    POST = "post", "étudier le poste de travail et son aménagement"
    PROJECT = "project", "construire un projet professionnel"
    TITLE = "title", "instruire un titre de travailleur handicapé"
    FOLLOW_UP = "follow_up", "suivre la reprise du travail"
    OTHER = "other", "autre but"


class AgreementPeriod(Labelled):
    """Until when an agreement holds."""

    CASE_END = "case_end", "jusqu’à la fin de l’accompagnement"
    DATE = "date", "jusqu’à une date"


class WithdrawalMeans(Labelled):
    """How the insured said it."""

    ORAL = "oral", "de vive voix"
    WRITTEN = "written", "par écrit"


class DepartureKind(Labelled):
    """What left the system."""

    MINUTES = "minutes", "procès-verbal"
    DOCUMENT = "document", "pièce du dossier"
    PACK = "pack", "dossier de séance"
    EXPORT = "export", "liste exportée"
    LETTER = "letter", "courrier"


class RecallState(Labelled):
    """What an organisation answered to the request to destroy what it took out."""

    ASKED = "asked", "demandée"
    CONFIRMED = "confirmed", "destruction confirmée"
    REFUSED = "refused", "conservé, avec motif"
