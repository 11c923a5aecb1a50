"""Words of the register of requests."""

from pdp.core.enums import Labelled


class RightKind(Labelled):
    """What the person asks for (RGPD art. 15 to 21)."""

    ACCESS = "access", "Accès aux données"
    RECTIFICATION = "rectification", "Rectification"
    RESTRICTION = "restriction", "Limitation du traitement"
    OBJECTION = "objection", "Opposition"
    ERASURE = "erasure", "Effacement"
    PORTABILITY = "portability", "Portabilité"


class Channel(Labelled):
    """How the request arrived."""

    MAIL = "mail", "Courrier"
    EMAIL = "email", "Courriel"
    PHONE = "phone", "Téléphone"
    DESK = "desk", "Sur place"
    INTERVIEW = "interview", "Lors d’un entretien"
    DPO = "dpo", "Transmise par le délégué à la protection des données"


class IdentityProof(Labelled):
    """How one knows that the request comes from the person."""

    KNOWN = "known", "Personne connue de son référent, reçue ou rappelée"
    PAPER = "paper", "Titre d’identité présenté, sans copie gardée"
    ACCOUNT = "account", "Demande venue de son compte ameli"
    AWAITED = "awaited", "Un doute raisonnable : preuve à demander"


class RequestState(Labelled):
    """Where a request is. An extension is no state: it is a date that the person was told of."""

    RECEIVED = "received", "Reçue"
    IDENTITY_AWAITED = "identity_awaited", "Preuve d’identité attendue"
    PREPARING = "preparing", "En préparation"
    TO_HAND_OVER = "to_hand_over", "À remettre"
    ANSWERED = "answered", "Répondue"
    REFUSED = "refused", "Refusée"


class ExtensionReason(Labelled):
    """Why two more months are taken (art. 12.3): the law knows these two reasons only."""

    COMPLEX = "complex", "La demande est complexe"
    MANY = "many", "La personne a fait plusieurs demandes"


class AnswerMeans(Labelled):
    """How the answer reached the person."""

    HAND = "hand", "Remise en main propre"
    REGISTERED_MAIL = "registered_mail", "Lettre recommandée avec avis de réception"
    MAIL = "mail", "Courrier simple"
    SECURE_MAIL = "secure_mail", "Messagerie sécurisée"
    PHYSICIAN = "physician", "Par le médecin que la personne a désigné"


class RefusalReason(Labelled):
    """Why a request is refused; the answer says it, with the remedies (art. 12.4)."""

    NOT_IDENTIFIED = "not_identified", "La personne n’a pas prouvé son identité"
    NO_DATA = "no_data", "La cellule ne détient aucune donnée sur cette personne"
    UNFOUNDED = "unfounded", "La demande est manifestement infondée"
    EXCESSIVE = "excessive", "La demande est manifestement excessive, par sa répétition"
    PUBLIC_TASK = "public_task", "Ce droit ne s’applique pas à une mission d’intérêt public"
    LEGAL_DUTY = "legal_duty", "La loi impose de garder ces données"
