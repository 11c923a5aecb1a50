"""Words of cases, arrêts and situations."""

from pdp.core.enums import Labelled


class Axis(Labelled):
    """The service social's two axes; only the first is tabled in the cellule."""

    PDP = "PDP", "Prévention de la désinsertion professionnelle"
    SANTE = "SANTE", "Sécurisation des parcours en santé"


class Stage(Labelled):
    """Where a case stands in its life."""

    TRIAGE = "triage", "À trier"
    OPEN = "open", "En accompagnement"
    REORIENTED = "reoriented", "Réorienté"
    CLOSED = "closed", "Clos"


class CaseMove(Labelled):
    """What moves a case from one stage to another."""

    TAKE_CHARGE = "take_charge", "Prendre en charge"
    REORIENT = "reorient", "Réorienter"
    CLOSE = "close", "Clore le dossier"
    REOPEN = "reopen", "Rouvrir le dossier"


class SignalSource(Labelled):
    """Who signalled the situation (domain notes § 2.3)."""

    MEDICAL_ADVISER = "MEDICAL_ADVISER", "Médecin-conseil"
    CPAM = "CPAM", "Services de la CPAM"
    OUTREACH_LIST = "OUTREACH_LIST", "Offre de service"
    SELF = "SELF", "Assuré"
    SPST = "SPST", "Service de santé au travail"
    HOSPITAL = "HOSPITAL", "Service social hospitalier"
    COMETE = "COMETE", "Comète"
    CAP_EMPLOI = "CAP_EMPLOI", "Cap emploi"
    MDPH = "MDPH", "MDPH"
    OETH = "OETH", "OETH"
    COUNCIL_SOCIAL_SERVICE = "COUNCIL_SOCIAL_SERVICE", "Service social du département"
    ATTENDING_PHYSICIAN = "ATTENDING_PHYSICIAN", "Médecin traitant"
    SPECIALIST = "SPECIALIST", "Médecin spécialiste"
    HELP_TI = "HELP_TI", "Dispositif HELP pour les indépendants"


class Scheme(Labelled):
    """The insured's scheme."""

    GENERAL = "GENERAL", "Régime général"
    MSA = "MSA", "MSA"
    SPECIAL = "SPECIAL", "Régime spécial"
    UNKNOWN = "UNKNOWN", "Régime non connu"


class StoppageOrigin(Labelled):
    """Why the insured is on arrêt."""

    ILLNESS = "ILLNESS", "maladie"
    NON_OCC_ACCIDENT = "NON_OCC_ACCIDENT", "accident non professionnel"
    WORK_ACCIDENT = "WORK_ACCIDENT", "accident du travail"
    OCC_DISEASE = "OCC_DISEASE", "maladie professionnelle"


class TriState(Labelled):
    """Yes, no, or not known: an unknown is never read as a no."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Je ne sais pas"


class BoethKind(Labelled):
    """What title makes the person a bénéficiaire de l'obligation d'emploi (L. 5212-13 C. trav.)."""

    RQTH = "RQTH", "RQTH"
    INVALIDITY_PENSION = "INVALIDITY_PENSION", "Pension d’invalidité"
    AT_MP_RENT_10 = "AT_MP_RENT_10", "Rente AT-MP d’au moins 10 %"
    OTHER = "OTHER", "Autre titre"


class BoethState(Labelled):
    """Whether the title is held."""

    HELD = "HELD", "Titre en cours de validité"
    PENDING = "PENDING", "Demande en cours"
    NONE = "NONE", "Aucun titre"
    UNKNOWN = "UNKNOWN", "Non connu"


class UnfitnessState(Labelled):
    """What the médecin du travail stated (L. 1226-1-4 C. trav.)."""

    DECLARED = "DECLARED", "Inaptitude déclarée"
    RISK_AT_PRE_RETURN = "RISK_AT_PRE_RETURN", "Risque d’inaptitude constaté en préreprise"
    NONE = "NONE", "Aucune inaptitude ni risque constaté"
    UNKNOWN = "UNKNOWN", "Non connu"


class ConclusionCode(Labelled):
    """What the médecin-conseil tells the others: a conclusion, never medical reasons."""

    COMPATIBLE = "COMPATIBLE", "Compatible avec l’arrêt"
    COMPATIBLE_WITH_LIMITS = "COMPATIBLE_WITH_LIMITS", "Compatible sous réserve de limites"
    NOT_COMPATIBLE = "NOT_COMPATIBLE", "Non compatible"
    NEEDS_EXAM = "NEEDS_EXAM", "Examen nécessaire"


class EncounterKind(Labelled):
    """Steps around the arrêt that the timeline shows."""

    LIAISON = "LIAISON", "Rendez-vous de liaison"
    PRE_RETURN = "PRE_RETURN", "Visite de préreprise"
    ADVISER_VISIT = "ADVISER_VISIT", "Convocation au service médical"
    SOCIAL_INTERVIEW = "SOCIAL_INTERVIEW", "Entretien du service social"


class RestrictionReason(Labelled):
    """Why only named readers open a case."""

    COLLEAGUE = "COLLEAGUE", "La personne est un collègue"
    RELATIVE = "RELATIVE", "La personne est un proche d’un membre de la cellule"
    KNOWN_PERSON = "KNOWN_PERSON", "La personne est connue localement"
    OTHER = "OTHER", "Autre raison, connue du référent"


class RecusalReason(Labelled):
    """Why a person takes no part in a case: a code, never a word about anybody."""

    PERSONAL = "PERSONAL", "Lien personnel"
    EMPLOYER = "EMPLOYER", "Lien professionnel avec l’employeur"
    OTHER = "OTHER", "Autre"


class ExportFormat(Labelled):
    """What file a list of cases leaves in."""

    XLSX = "xlsx", "Classeur (XLSX)"
    CSV = "csv", "Texte (CSV)"
