"""Words of the life of a measure."""

from pdp.core.enums import Labelled


class Unit(Labelled):
    """What a clock counts."""

    WORKING_DAYS = "working_days", "jours ouvrables"
    DAYS = "days", "jours"
    MONTHS = "months", "mois"
    FIXED = "fixed", "date fixée"


class Span(Labelled):
    """Which periods a clock counts."""

    INITIAL = "initial", "la première période"
    STOPPAGE = "stoppage", "toutes les périodes du même arrêt"
    MEASURE = "measure", "les périodes de la mesure"


class Fit(Labelled):
    """How the periods of a measure stand in the arrêt that pays for it."""

    INSIDE = "inside", "Dans l’arrêt prescrit"
    EXTENSION = "extension", "Prolongation à prévoir"
    OUTSIDE = "outside", "Hors de l’arrêt"
    UNKNOWN = "unknown", "Aucun arrêt enregistré"


class EventKind(Labelled):
    """What happens to a measure; the newest facts are added, none is changed."""

    PLANNED = "planned", "Période prévue"
    CANCELLED = "cancelled", "Période annulée"
    CONVENTION = "convention", "Texte de la convention établi"
    SIGNED = "signed", "Convention signée"
    STARTED = "started", "Mesure commencée"
    INTERRUPTED = "interrupted", "Mesure interrompue"
    OBJECTIVE = "objective", "Objectif évalué"
    ENDED = "ended", "Bilan de fin"
    FOLLOWED = "followed", "Suite demandée"


class Signer(Labelled):
    """Who signs the convention of a measure."""

    INSURED = "insured", "Personne accompagnée"
    EMPLOYER = "employer", "Employeur"
    HOST = "host", "Entreprise d’accueil"
    TUTOR = "tutor", "Tuteur"
    FUND = "fund", "Caisse"
    PHYSICIAN = "physician", "Médecin du travail"
    PRESCRIBER = "prescriber", "Prescripteur"


class Interruption(Labelled):
    """Why a measure stops before its end."""

    HEALTH = "health", "Raison de santé"
    EMPLOYER = "employer", "À la demande de l’entreprise"
    PERSON = "person", "À la demande de la personne"
    STOPPAGE_OVER = "stoppage_over", "Fin de l’arrêt de travail"


class Objective(Labelled):
    """What a measure is meant for."""

    FORMER_POST = "former_post", "Retrouver le poste"
    ADAPTED_POST = "adapted_post", "Vérifier un aménagement du poste"
    NEW_POST = "new_post", "Essayer un autre poste"
    NEW_CAREER = "new_career", "Préparer une reconversion"
    NEXT_MEASURE = "next_measure", "Préparer un temps partiel thérapeutique ou une rééducation"


class Achievement(Labelled):
    """How far an objective was reached."""

    REACHED = "reached", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    MISSED = "missed", "Non atteint"
