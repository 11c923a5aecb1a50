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
    MEASURE_LIMIT = "measure_limit", "Une échéance d’un dossier suivi approche"
    INVITATION = "invitation", "Un accès à la Cellule PDP vous est ouvert"
    PASSWORD_RESET = "password_reset", "Choisir un nouveau mot de passe"
    PASSWORD_CHANGED = "password_changed", "Votre mot de passe a été changé"
    MEETING_PLANNED = "meeting_planned", "Une séance est planifiée"
    MEETING_CHANGED = "meeting_changed", "Une séance est modifiée"
    MEETING_CANCELLED = "meeting_cancelled", "Une séance est annulée"
    CONVOCATION = "convocation", "Convocation à une séance de la cellule PDP"
    CONVOCATION_CHANGED = "convocation_changed", "Séance de la cellule PDP\u00a0: nouvel horaire ou nouveau lieu"
    CONVOCATION_CANCELLED = "convocation_cancelled", "Séance de la cellule PDP\u00a0: vous n’y êtes plus attendu(e)"
    CONVOCATION_ADDENDUM = "convocation_addendum", "Séance de la cellule PDP\u00a0: l’ordre du jour a changé"
    CONVOCATION_REMINDER = "convocation_reminder", "Séance de la cellule PDP\u00a0: votre réponse est attendue"
    QUORUM_AT_RISK = "quorum_at_risk", "Le quorum d’une séance n’est pas assuré"
    MINUTES_SENT = "minutes_sent", "Un procès-verbal vous est ouvert"
    MINUTES_HELD = "minutes_held", "Un envoi de procès-verbal est retenu"
    MINUTES_RECALLED = "minutes_recalled", "Un procès-verbal transmis est rappelé"
    MINUTES_TO_APPROVE = "minutes_to_approve", "Un procès-verbal est soumis à approbation"
    MINUTES_OBJECTED = "minutes_objected", "Une objection à un procès-verbal est arrivée"
    MINUTES_CONTESTED = "minutes_contested", "Un délai d’objection s’est clos avec des objections"
    CONSULTATION_OPENED = "consultation_opened", "Une consultation écrite est ouverte"
    CONSULTATION_REMINDER = "consultation_reminder", "Votre vote est attendu"
    CONSULTATION_CLOSED = "consultation_closed", "Une consultation écrite a pris fin"
    CONSULTATION_EVOKED = "consultation_evoked", "Un débat oral est demandé"
    CONSULTATION_PHONE = "consultation_phone", "Un vote donné par téléphone est enregistré"
    CORRECTION_PROPOSED = "correction_proposed", "Une rectification attend une seconde personne"
    CORRECTION_DECIDED = "correction_decided", "Une rectification a reçu sa réponse"
    ACTION_LATE = "action_late", "Une action confiée à votre organisme est en retard"
    RESERVE_LIFTED = "reserve_lifted", "Une réserve de la cellule est levée"
    REQUEST_COMPLETE = "request_complete", "Ce qu’une demande attendait est arrivé"
    REQUEST_RETURNED = "request_returned", "Une demande est à inscrire de nouveau"
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
    LETTER_RECEIVED = "letter_received", "Un courrier vous est ouvert"
    DIGEST = "digest", "Ce qui vous attend dans la Cellule PDP"


class Family(Labelled):
    """What notices are about, as a person chooses how to be told."""

    CASES = "cases", "Dossiers, avis et pièces"
    MEETINGS = "meetings", "Séances et consultations"
    DUTIES = "duties", "Vie de la cellule\u00a0: accès, droits, conservation"


class Pace(Labelled):
    """How mails about a family reach a person; the notice is in the site in every case."""

    AT_ONCE = "at_once", "Un courriel à chaque fois"
    DIGEST = "digest", "Un récapitulatif le matin et après le déjeuner"
    SITE = "site", "Dans le site seulement"


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
    NOTHING_LEFT = "nothing_left", "plus rien n’attendait"
    NO_TRANSPORT = "no_transport", "aucun serveur d’envoi n’est réglé"
    LINK_OVER = "link_over", "le lien n’ouvre plus rien, ou n’est à personne"
    REFUSED = "refused", "le serveur d’envoi a refusé l’adresse"
    TOO_MANY_TRIES = "too_many_tries", "le serveur d’envoi n’a répondu à aucun essai"
