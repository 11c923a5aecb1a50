"""What each kind of piece is: its group on a page, the label it carries by default, its name in a file name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pdp.documents.enums import PaperKind as K
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind: where it is listed, its usual label, its ASCII name in a file, and the requirement it answers.

    `answers` is the word of the rules' vocabulary of required agreements and documents, if any.
    """

    group: str
    label: Label
    slug: str
    answers: str | None = None


PERSON, PHYSICIANS, WORK, MEASURE, FOLLOW_UP = (
    "La personne",
    "Médecins",
    "Travail et arrêt",
    "Dispositif",
    "Décision et suivi",
)

PAPERS: Mapping[K, Paper] = MappingProxyType(
    {
        K.SHARING_FORM: Paper(PERSON, Label.AGREEMENTS, "accord-de-partage"),
        K.INFORMATION_NOTICE: Paper(PERSON, Label.AGREEMENTS, "notice-d-information"),
        K.INSURED_REQUEST: Paper(PERSON, Label.REQUEST, "demande-de-l-assure"),
        K.SOCIAL_EVALUATION: Paper(PERSON, Label.SOCIAL, "evaluation-du-service-social"),
        K.SUPPORT_PLAN: Paper(PERSON, Label.PLAN, "plan-d-aide"),
        K.IDENTITY_PROOF: Paper(PERSON, Label.IDENTITY, "justificatif"),
        K.ATTENDING_AGREEMENT: Paper(PHYSICIANS, Label.AGREEMENTS, "accord-du-medecin-traitant", "ATTENDING"),
        K.ADVISER_AGREEMENT: Paper(PHYSICIANS, Label.AGREEMENTS, "accord-du-medecin-conseil", "ADVISER"),
        K.OCCUPATIONAL_OPINION: Paper(PHYSICIANS, Label.AGREEMENTS, "avis-medecin-du-travail", "OCCUPATIONAL"),
        K.FITNESS_STATEMENT: Paper(PHYSICIANS, Label.RESTRICTIONS, "avis-d-aptitude"),
        K.FUNCTIONAL_LIMITS: Paper(PHYSICIANS, Label.CONCLUSION, "limites-fonctionnelles"),
        K.MEDICAL_REPORT: Paper(PHYSICIANS, Label.MEDICAL, "compte-rendu"),
        K.EMPLOYER_AGREEMENT: Paper(WORK, Label.AGREEMENTS, "reponse-de-l-employeur", "EMPLOYER"),
        K.HOST_AGREEMENT: Paper(WORK, Label.AGREEMENTS, "accord-entreprise-d-accueil", "HOST_COMPANY"),
        K.CONTRACT: Paper(WORK, Label.EMPLOYMENT, "contrat"),
        K.PAY_STATEMENT: Paper(WORK, Label.ALLOWANCE, "releve-de-revenus"),
        K.STOPPAGE_NOTICE: Paper(WORK, Label.STOPPAGE, "avis-d-arret"),
        K.ALLOWANCE_STATEMENT: Paper(WORK, Label.ALLOWANCE, "releve-d-indemnites"),
        K.TPT_PRESCRIPTION: Paper(MEASURE, Label.AGREEMENTS, "prescription-tpt", "TPT_PRESCRIPTION"),
        K.TRIAL_CONVENTION: Paper(MEASURE, Label.AGREEMENTS, "convention-essai-encadre", "TRIAL_CONVENTION"),
        K.CRPE_CONVENTION: Paper(MEASURE, Label.AGREEMENTS, "convention-crpe", "CRPE_CONVENTION"),
        K.SECONDMENT_AGREEMENT: Paper(
            MEASURE, Label.AGREEMENTS, "convention-mise-a-disposition", "SECONDMENT_AGREEMENT"
        ),
        K.CONTRACT_AMENDMENT: Paper(MEASURE, Label.AGREEMENTS, "avenant", "CONTRACT_AMENDMENT"),
        K.TRAINING_PLAN: Paper(MEASURE, Label.AGREEMENTS, "programme-de-formation", "TRAINING_PLAN"),
        K.PMSMP_CONVENTION: Paper(MEASURE, Label.AGREEMENTS, "convention-pmsmp", "PMSMP_CONVENTION"),
        K.ORIENTATION_SHEET: Paper(MEASURE, Label.REQUEST, "fiche-d-orientation"),
        K.FUNDING_PROOF: Paper(MEASURE, Label.REQUEST, "accord-de-financement"),
        K.BOETH_TITLE: Paper(MEASURE, Label.BOETH, "titre-boeth"),
        K.BOETH_RECEIPT: Paper(MEASURE, Label.BOETH, "recepisse-boeth", "BOETH_RECEIPT"),
        K.DECISION_LETTER: Paper(FOLLOW_UP, Label.DECISION, "notification-de-decision"),
        K.TRIAL_REPORT: Paper(FOLLOW_UP, Label.OUTCOME, "bilan-de-la-mesure"),
        K.ATTENDANCE_PROOF: Paper(FOLLOW_UP, Label.OUTCOME, "attestation-de-presence"),
        K.OTHER: Paper(FOLLOW_UP, Label.REQUEST, "piece"),
    }
)


def kind_answering(requirement: str) -> K | None:
    """Return the kind of piece that answers a requirement of the rules' vocabulary."""
    return next((kind for kind, paper in PAPERS.items() if paper.answers == requirement), None)


def offered(addable: frozenset[Label]) -> list[tuple[str, list[K]]]:
    """Return the kinds to choose from, by group: those usually filed under a label that one may add to."""
    groups: dict[str, list[K]] = {}
    for kind in K:
        if PAPERS[kind].label in addable or kind is K.OTHER:
            groups.setdefault(PAPERS[kind].group, []).append(kind)
    return list(groups.items())


def file_name(reference: str, kind: K, ending: str) -> str:
    """Return a neutral ASCII name for a download: the case's reference and the kind, never a person."""
    return f"{reference}-{PAPERS[kind].slug}.{ending}"
