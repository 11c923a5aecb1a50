"""Words of a requested dispositif."""

from pdp.core.enums import Labelled


class RequestStatus(Labelled):
    """Where a request stands; the moves are in `rules/workflow.py`."""

    PROPOSED = "PROPOSED", "Proposée"
    DRAFT = "DRAFT", "Brouillon"
    READY = "READY", "Prête"
    SCHEDULED = "SCHEDULED", "Inscrite"
    OPINION_GIVEN = "OPINION_GIVEN", "Avis rendu"
    ADJOURNED = "ADJOURNED", "Ajournée"
    DECIDED = "DECIDED", "Accordée"
    REFUSED = "REFUSED", "Refusée"
    RUNNING = "RUNNING", "En cours"
    ENDED = "ENDED", "Terminée"
    REORIENTED = "REORIENTED", "Réorientée"
    WITHDRAWN = "WITHDRAWN", "Retirée"
    DECLINED = "DECLINED", "Non retenue"


class RequestAction(Labelled):
    """A move of a request."""

    CONFIRM = "confirm", "Confirmer la proposition"
    DECLINE = "decline", "Ne pas retenir"
    SUBMIT = "submit", "Déclarer prête"
    REOPEN = "reopen", "Remettre en brouillon"
    SCHEDULE = "schedule", "Inscrire à une séance"
    UNSCHEDULE = "unschedule", "Retirer de la séance"
    GIVE_OPINION = "give_opinion", "Rendre l’avis"
    ADJOURN = "adjourn", "Ajourner"
    REORIENT = "reorient", "Réorienter"
    CORRECT_TO_OPINION = "correct_to_opinion", "Rectifier : avis rendu"
    CORRECT_TO_ADJOURNED = "correct_to_adjourned", "Rectifier : avis ajourné"
    CORRECT_TO_REORIENTED = "correct_to_reoriented", "Rectifier : demande réorientée"
    COME_BACK = "come_back", "Remettre à inscrire"
    DECIDE = "decide", "Enregistrer l’accord"
    REFUSE = "refuse", "Enregistrer le refus"
    START = "start", "Démarrer"
    END = "end", "Terminer"
    WITHDRAW = "withdraw", "Retirer la demande"


class RequestAuthor(Labelled):
    """Who asks (fact `request.author`)."""

    INSURED = "INSURED", "Assuré"
    EMPLOYER = "EMPLOYER", "Employeur"
    SERVICE_SOCIAL = "SERVICE_SOCIAL", "Service social"
    OTHER = "OTHER", "Autre"


class PieceNature(Labelled):
    """A required agreement (a person's will) or a required document."""

    AGREEMENT = "agreement", "Accord"
    DOCUMENT = "document", "Pièce"


class PieceState(Labelled):
    """Where a required agreement or document stands."""

    MISSING = "MISSING", "Manquant"
    GIVEN = "GIVEN", "Donné"
    REFUSED = "REFUSED", "Refusé"
    PRESENT = "PRESENT", "Au dossier"
    ABSENT = "ABSENT", "Manquante"


class SnapshotReason(Labelled):
    """Why the eligibility was evaluated and kept."""

    CHECKED = "checked", "Vérification"
    SUBMITTED = "submitted", "Dépôt de la demande"
    BALLOT_OPENED = "ballot_opened", "Ouverture du scrutin"
