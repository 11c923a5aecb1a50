"""Words of the dispositifs and of their eligibility."""

from collections.abc import Mapping
from types import MappingProxyType

from pdp.core.enums import Labelled


class Dispositif(Labelled):
    """The measures that a cellule may be asked about."""

    ESSAI_ENCADRE = "essai_encadre", "Essai encadré"
    CRPE = "crpe", "Convention de rééducation professionnelle en entreprise"
    TEMPS_PARTIEL_THERAPEUTIQUE = "temps_partiel_therapeutique", "Temps partiel thérapeutique"
    INCLUPRO = "inclupro", "Inclu’Pro"
    BILAN_COMPETENCES = "bilan_competences", "Bilan de compétences"
    PMSMP = "pmsmp", "Période de mise en situation en milieu professionnel"
    ACTION_REMOBILISATION = "action_remobilisation", "Action de remobilisation ou de formation"


class StatusGroup(Labelled):
    """The group of statuses that a person is evaluated under; a person may have several."""

    SALARIE = "salarie", "Salarié"
    TI = "ti", "Travailleur indépendant"
    AUTRE = "autre", "Autre situation"


class PersonStatus(Labelled):
    """A professional status of the insured."""

    EMPLOYEE_CDI = "EMPLOYEE_CDI", "Salarié en CDI"
    EMPLOYEE_CDD = "EMPLOYEE_CDD", "Salarié en CDD"
    TEMP_WORKER = "TEMP_WORKER", "Intérimaire"
    APPRENTICE = "APPRENTICE", "Apprenti"
    VOCATIONAL_TRAINEE = "VOCATIONAL_TRAINEE", "Stagiaire de la formation professionnelle"
    SE_CRAFT = "SE_CRAFT", "Artisan"
    SE_TRADE = "SE_TRADE", "Commerçant"
    SE_LIBERAL_UNREGULATED = "SE_LIBERAL_UNREGULATED", "Profession libérale non réglementée"
    SE_LIBERAL_REGULATED = "SE_LIBERAL_REGULATED", "Profession libérale réglementée"
    SE_COLLABORATING_SPOUSE = "SE_COLLABORATING_SPOUSE", "Conjoint collaborateur"
    JOBSEEKER = "JOBSEEKER", "Demandeur d’emploi"
    PUBLIC_AGENT = "PUBLIC_AGENT", "Agent public"
    FARMER = "FARMER", "Exploitant agricole"
    RETIREE = "RETIREE", "Retraité"
    NONE = "NONE", "Sans activité"

    @property
    def group(self) -> StatusGroup:
        """The group under which this status is evaluated."""
        return _GROUPS.get(self, StatusGroup.AUTRE)


_GROUPS: Mapping[PersonStatus, StatusGroup] = MappingProxyType(
    {
        PersonStatus.EMPLOYEE_CDI: StatusGroup.SALARIE,
        PersonStatus.EMPLOYEE_CDD: StatusGroup.SALARIE,
        PersonStatus.TEMP_WORKER: StatusGroup.SALARIE,
        PersonStatus.APPRENTICE: StatusGroup.SALARIE,
        PersonStatus.VOCATIONAL_TRAINEE: StatusGroup.SALARIE,
        PersonStatus.SE_CRAFT: StatusGroup.TI,
        PersonStatus.SE_TRADE: StatusGroup.TI,
        PersonStatus.SE_LIBERAL_UNREGULATED: StatusGroup.TI,
        PersonStatus.SE_LIBERAL_REGULATED: StatusGroup.TI,
        PersonStatus.SE_COLLABORATING_SPOUSE: StatusGroup.TI,
    }
)


class Verdict(Labelled):
    """What a rule answers, and the worst of them for a dispositif. `PASS` is for rules only."""

    PASS = "pass", "Satisfaite"
    ELIGIBLE = "eligible", "Éligible"
    PIECE_MANQUANTE = "piece_manquante", "Pièce manquante"
    A_VERIFIER = "a_verifier", "À vérifier"
    INELIGIBLE = "ineligible", "Non éligible"

    @property
    def gravity(self) -> int:
        """Rank of a verdict, 0 for a rule that passes or a dispositif that is open, 3 for a closed one."""
        return _GRAVITY.index(self) if self in _GRAVITY else 0


_GRAVITY = (Verdict.ELIGIBLE, Verdict.PIECE_MANQUANTE, Verdict.A_VERIFIER, Verdict.INELIGIBLE)


class Cause(Labelled):
    """Why a rule did not pass."""

    FALSE = "false", "Condition non remplie"
    UNKNOWN = "unknown", "Information non renseignée"
    REFUSED = "refused", "Accord refusé"


class Basis(Labelled):
    """Where a rule comes from; it decides what a deliberative member may override."""

    LAW = "LAW", "Texte ou règle publiée"
    SEED = "SEED", "Support du service social"
    LOCAL = "LOCAL", "Pratique locale"
    HIST = "HIST", "Règle historique"


class Doctrine(Labelled):
    """Which reading a cellule follows where the regional support and the law differ."""

    REGIONAL = "regional", "Doctrine régionale"
    LAW = "law", "Texte de loi"


class RuleDoctrine(Labelled):
    """Under which doctrine a rule decides."""

    ANY = "any", "Toutes doctrines"
    REGIONAL = "regional", "Doctrine régionale"
    LAW = "law", "Texte de loi"


class Moment(Labelled):
    """When a dispositif takes place, in relation to the arrêt."""

    DURING = "during", "Pendant l’arrêt"
    AFTER = "after", "À l’issue de l’arrêt"


class AgreementKind(Labelled):
    """Whose agreement a dispositif may need, named by the person who gives it."""

    ATTENDING = "ATTENDING", "Médecin traitant"
    ADVISER = "ADVISER", "Médecin-conseil"
    OCCUPATIONAL = "OCCUPATIONAL", "Médecin du travail"
    EMPLOYER = "EMPLOYER", "Employeur"
    HOST_COMPANY = "HOST_COMPANY", "Entreprise d’accueil"

    @property
    def is_medical(self) -> bool:
        """Whether a physician gives it: a vote never overrides its refusal."""
        return self in {AgreementKind.ATTENDING, AgreementKind.ADVISER, AgreementKind.OCCUPATIONAL}


class AgreementState(Labelled):
    """Where an agreement stands; nothing recorded yet is an unknown, not a missing one."""

    GIVEN = "GIVEN", "Donné"
    REFUSED = "REFUSED", "Refusé"
    MISSING = "MISSING", "Attendu"


class DocumentKind(Labelled):
    """The documents that the rules ask for."""

    TRIAL_CONVENTION = "TRIAL_CONVENTION", "Convention d’essai encadré"
    CRPE_CONVENTION = "CRPE_CONVENTION", "Convention employeur, salarié et CPAM"
    SECONDMENT_AGREEMENT = "SECONDMENT_AGREEMENT", "Convention de mise à disposition"
    CONTRACT_AMENDMENT = "CONTRACT_AMENDMENT", "Avenant au contrat de travail"
    TRAINING_PLAN = "TRAINING_PLAN", "Programme de rééducation ou de formation"
    TPT_PRESCRIPTION = "TPT_PRESCRIPTION", "Prescription de temps partiel thérapeutique"
    BOETH_RECEIPT = "BOETH_RECEIPT", "Récépissé de demande de reconnaissance"
    PMSMP_CONVENTION = "PMSMP_CONVENTION", "Convention de mise en situation (Cerfa)"


class DocumentState(Labelled):
    """Whether a document is in the file."""

    PRESENT = "PRESENT", "Présent"
    ABSENT = "ABSENT", "Absent"
