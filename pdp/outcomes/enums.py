"""Coded outcomes (domain notes § 4.2): what became of the person, and of the dispositif."""

from pdp.core.enums import Labelled


class OutcomeCode(Labelled):
    """What became of the person."""

    SAME_JOB = "SAME_JOB", "Reprise au même poste"
    SAME_JOB_ADAPTED = "SAME_JOB_ADAPTED", "Reprise au poste avec aménagement"
    PART_TIME_THERAPEUTIC = "PART_TIME_THERAPEUTIC", "Reprise en temps partiel thérapeutique"
    INTERNAL_REDEPLOYMENT = "INTERNAL_REDEPLOYMENT", "Reclassement interne"
    EXTERNAL_JOB = "EXTERNAL_JOB", "Embauche dans une autre entreprise"
    CRPE_RUNNING = "CRPE_RUNNING", "CRPE en cours"
    OWN_BUSINESS_RESUMED = "OWN_BUSINESS_RESUMED", "Reprise de l’activité indépendante"
    OWN_BUSINESS_ADAPTED = "OWN_BUSINESS_ADAPTED", "Reprise de l’activité avec aménagement, aide ou remplacement"
    BUSINESS_CREATED = "BUSINESS_CREATED", "Création ou reconversion d’activité"
    TRAINING = "TRAINING", "Formation professionnelle"
    JOBSEEKER = "JOBSEEKER", "Recherche d’emploi"
    STILL_ON_LEAVE = "STILL_ON_LEAVE", "Toujours en arrêt"
    UNFIT_DISMISSED = "UNFIT_DISMISSED", "Inaptitude avec rupture du contrat"
    UNFIT_PENDING = "UNFIT_PENDING", "Inaptitude, reclassement en cours"
    BUSINESS_CLOSED = "BUSINESS_CLOSED", "Cessation de l’activité"
    INVALIDITY_1 = "INVALIDITY_1", "Invalidité de catégorie 1"
    INVALIDITY_2 = "INVALIDITY_2", "Invalidité de catégorie 2"
    INVALIDITY_3 = "INVALIDITY_3", "Invalidité de catégorie 3"
    TI_PARTIAL_INCAPACITY = "TI_PARTIAL_INCAPACITY", "Incapacité partielle au métier"
    TI_TOTAL_INVALIDITY = "TI_TOTAL_INVALIDITY", "Invalidité totale et définitive"
    RETIREMENT = "RETIREMENT", "Retraite"
    MOVED_OR_LOST = "MOVED_OR_LOST", "Perdu de vue, déménagement ou autre régime"
    WITHDRAWN = "WITHDRAWN", "Fin à la demande de l’assuré"
    DECEASED = "DECEASED", "Décès"


class OutcomeGroup(Labelled):
    """The families that indicators count."""

    EMPLOI = "EMPLOI", "En emploi"
    MARCHE_EMPLOI = "MARCHE_EMPLOI", "Sur le marché du travail"
    EN_COURS = "EN_COURS", "En cours"
    HORS_EMPLOI = "HORS_EMPLOI", "Hors emploi"
    INVALIDITE = "INVALIDITE", "Invalidité"
    RETRAITE = "RETRAITE", "Retraite"
    INCONNU = "INCONNU", "Non connu"
    EXCLU = "EXCLU", "Exclu des calculs"


class MeasureResult(Labelled):
    """What became of the dispositif itself."""

    COMPLETED = "COMPLETED", "Mené à son terme"
    INTERRUPTED_HEALTH = "INTERRUPTED_HEALTH", "Interrompu pour raison de santé"
    INTERRUPTED_EMPLOYER = "INTERRUPTED_EMPLOYER", "Interrompu par l’entreprise"
    INTERRUPTED_PERSON = "INTERRUPTED_PERSON", "Interrompu par la personne"
    NOT_STARTED = "NOT_STARTED", "Non commencé"
    CONVERTED = "CONVERTED", "Converti en un autre dispositif"


class MeasureConclusion(Labelled):
    """What a trial or an immersion concluded about the post."""

    POST_COMPATIBLE = "POST_COMPATIBLE", "Poste compatible"
    COMPATIBLE_WITH_ADAPTATION = "COMPATIBLE_WITH_ADAPTATION", "Poste compatible avec aménagement"
    NOT_COMPATIBLE = "NOT_COMPATIBLE", "Poste non compatible"
