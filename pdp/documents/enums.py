"""Words of the pieces of a case."""

from pdp.core.enums import Labelled


class PaperKind(Labelled):
    """What a piece is: its title, hence neutral, and no name can stand in it (domain notes § 7.5)."""

    SHARING_FORM = "SHARING_FORM", "Formulaire d’accord de partage"
    INFORMATION_NOTICE = "INFORMATION_NOTICE", "Notice d’information signée"
    INSURED_REQUEST = "INSURED_REQUEST", "Demande écrite de l’assuré"
    SOCIAL_EVALUATION = "SOCIAL_EVALUATION", "Évaluation du service social"
    SUPPORT_PLAN = "SUPPORT_PLAN", "Plan d’aide"
    IDENTITY_PROOF = "IDENTITY_PROOF", "Justificatif d’identité ou de domicile"
    ATTENDING_AGREEMENT = "ATTENDING_AGREEMENT", "Accord du médecin traitant"
    ADVISER_AGREEMENT = "ADVISER_AGREEMENT", "Accord du médecin-conseil"
    OCCUPATIONAL_OPINION = "OCCUPATIONAL_OPINION", "Avis du médecin du travail"
    FITNESS_STATEMENT = "FITNESS_STATEMENT", "Avis d’aptitude ou d’inaptitude"
    FUNCTIONAL_LIMITS = "FUNCTIONAL_LIMITS", "Conclusion et limites fonctionnelles"
    MEDICAL_REPORT = "MEDICAL_REPORT", "Compte rendu médical"
    EMPLOYER_AGREEMENT = "EMPLOYER_AGREEMENT", "Réponse de l’employeur"
    HOST_AGREEMENT = "HOST_AGREEMENT", "Accord de l’entreprise d’accueil"
    CONTRACT = "CONTRACT", "Contrat de travail ou extrait d’immatriculation"
    PAY_STATEMENT = "PAY_STATEMENT", "Relevé de salaire ou de revenus"
    STOPPAGE_NOTICE = "STOPPAGE_NOTICE", "Avis d’arrêt de travail"
    ALLOWANCE_STATEMENT = "ALLOWANCE_STATEMENT", "Relevé d’indemnités journalières"
    TPT_PRESCRIPTION = "TPT_PRESCRIPTION", "Prescription de temps partiel thérapeutique"
    TRIAL_CONVENTION = "TRIAL_CONVENTION", "Convention d’essai encadré"
    TRIAL_REPORT = "TRIAL_REPORT", "Bilan de la mesure"
    CRPE_CONVENTION = "CRPE_CONVENTION", "Convention de rééducation professionnelle"
    SECONDMENT_AGREEMENT = "SECONDMENT_AGREEMENT", "Convention de mise à disposition"
    CONTRACT_AMENDMENT = "CONTRACT_AMENDMENT", "Avenant au contrat de travail"
    TRAINING_PLAN = "TRAINING_PLAN", "Programme de rééducation ou de formation"
    PMSMP_CONVENTION = "PMSMP_CONVENTION", "Convention de mise en situation"
    ORIENTATION_SHEET = "ORIENTATION_SHEET", "Fiche d’orientation"
    FUNDING_PROOF = "FUNDING_PROOF", "Accord de financement"
    ATTENDANCE_PROOF = "ATTENDANCE_PROOF", "Attestation de présence"
    BOETH_TITLE = "BOETH_TITLE", "Notification RQTH ou autre titre"
    BOETH_RECEIPT = "BOETH_RECEIPT", "Récépissé de demande de reconnaissance"
    DECISION_LETTER = "DECISION_LETTER", "Notification de décision"
    OTHER = "OTHER", "Autre pièce"


class MediaType(Labelled):
    """What a file is, found in its content; the only formats kept."""

    PDF = "pdf", "PDF"
    PNG = "png", "image PNG"
    JPEG = "jpeg", "photo JPEG"
    DOCX = "docx", "texte Word"
    ODT = "odt", "texte LibreOffice"
    TEXT = "txt", "texte simple"


class ReviewState(Labelled):
    """What the referent decided of a piece that a partner proposes; the core's own are accepted at once."""

    PROPOSED = "PROPOSED", "À examiner"
    ACCEPTED = "ACCEPTED", "Au dossier"
    REFUSED = "REFUSED", "Non retenue"


class ScanState(Labelled):
    """What the antivirus said. Only a clean piece is ever opened."""

    WAITING = "WAITING", "Contrôle en attente"
    CLEAN = "CLEAN", "Contrôlée"
    INFECTED = "INFECTED", "Dangereuse, détruite"
    FAILED = "FAILED", "Contrôle impossible"


class Spread(Labelled):
    """How far an accepted piece goes, within what its label allows."""

    CORE = "CORE", "L’Assurance Maladie seulement"
    AGREED = "AGREED", "Aussi les partenaires dont l’accord couvre cette rubrique"


class About(Labelled):
    """What a piece answers or proves, when it does."""

    PIECE = "piece", "Pièce exigée d’une demande"
    AGREEMENT = "agreement", "Accord de partage"
    ADVICE = "advice", "Avis demandé"


class ReviewDecision(Labelled):
    """What the referent answers to a proposal."""

    ACCEPT = "accept", "L’ajouter au dossier"
    REFUSE = "refuse", "Ne pas la retenir"
