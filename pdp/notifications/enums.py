"""Words of notices and of the mails that announce them."""

from pdp.core.enums import Labelled


class NoticeKind(Labelled):
    """What awaits a person. The label is the title of the notice and the subject of its mail.

    It is neutral: no person, no dispositif, no health, and nothing that tells what a case holds. Each
    kind has its sentences in `templates/emails/<value>.txt`.
    """

    ADVICE_ASKED = "advice_asked", "Un avis vous est demandé"
    ADVICE_ANSWERED = "advice_answered", "Une réponse à une demande d’avis est arrivée"
    ADVICE_REVOKED = "advice_revoked", "Une demande d’avis est retirée"
    PROPOSAL_RECEIVED = "proposal_received", "Une proposition attend votre réponse"
    PROPOSAL_ANSWERED = "proposal_answered", "Votre proposition a reçu une réponse"
    DOCUMENT_TO_REVIEW = "document_to_review", "Une pièce attend votre examen"
    SHARING_ENDED = "sharing_ended", "Un partage d’informations a pris fin"
    RECALL_ASKED = "recall_asked", "Des documents transmis sont à détruire"
    FILES_TO_REVIEW = "files_to_review", "Des documents transmis sont à revoir"
    EMERGENCY_ACCESS = "emergency_access", "Un accès exceptionnel a été ouvert"
    INVITATION = "invitation", "Un accès à la Cellule PDP vous est ouvert"
    PASSWORD_RESET = "password_reset", "Choisir un nouveau mot de passe"
    PASSWORD_CHANGED = "password_changed", "Votre mot de passe a été changé"
    MEETING_PLANNED = "meeting_planned", "Une séance est planifiée"
    MEETING_CHANGED = "meeting_changed", "Une séance est modifiée"
    ACCESS_REVIEW = "access_review", "Des accès sont à confirmer"
    ACCOUNT_DORMANT = "account_dormant", "Votre compte va être fermé faute d’usage"
    RETENTION_SOON = "retention_soon", "La durée de conservation d’un dossier se termine"
    RETENTION_STOPPED = "retention_stopped", "Un passage de conservation attend deux confirmations"
    ACCESS_ALERT = "access_alert", "Une alerte du journal des accès est à examiner"
    FACTORS_CHANGED = "factors_changed", "Vos moyens de connexion ont changé"
    PASSKEY_COPIED = "passkey_copied", "Une de vos clés d’accès a été refusée"
    RECOVERY_ASKED = "recovery_asked", "Une récupération de votre compte est demandée"
    RECOVERY_TO_VOUCH = "recovery_to_vouch", "Une demande de récupération attend votre parole"
    RECOVERY_ACCEPTED = "recovery_accepted", "Votre demande de récupération est attestée"
    RECOVERY_ENDED = "recovery_ended", "Une demande de récupération a pris fin"
    RECOVERY_DONE = "recovery_done", "Un compte a été récupéré"
    RIGHTS_RECEIVED = "rights_received", "Une demande d’exercice de droits est enregistrée"
    RIGHTS_DUE = "rights_due", "Une demande d’exercice de droits arrive à son terme"
    PACK_PART_ASKED = "pack_part_asked", "Une copie de données attend votre relecture"
    PACK_SEALED = "pack_sealed", "Une copie de données est prête à être remise"


class MailState(Labelled):
    """Where a mail of the outbox is."""

    QUEUED = "queued", "en attente"
    SENT = "sent", "envoyé"
    FAILED = "failed", "échec"
    DROPPED = "dropped", "non envoyé"


class DropReason(Labelled):
    """Why a mail was not sent, decided at the moment of sending."""

    ACCOUNT_CLOSED = "account_closed", "le compte n’est plus actif"
    CASE_NOT_OPEN = "case_not_open", "la personne n’a plus accès au dossier"
    NO_TRANSPORT = "no_transport", "aucun serveur d’envoi n’est réglé"
    LINK_OVER = "link_over", "le lien n’ouvre plus rien, ou n’est à personne"
    REFUSED = "refused", "le serveur d’envoi a refusé l’adresse"
    TOO_MANY_TRIES = "too_many_tries", "le serveur d’envoi n’a répondu à aucun essai"
