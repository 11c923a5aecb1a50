"""The security labels: every stored field and every document segment carries exactly one."""

from enum import StrEnum


class Label(StrEnum):
    """What a piece of information is about, hence who may read it (see `reading`)."""

    SIGNAL = "signal"
    IDENTITY = "identity"
    NIR = "nir"
    EMPLOYMENT = "employment"
    STOPPAGE = "stoppage"
    ALLOWANCE = "allowance"
    MEDICAL = "medical"
    CONCLUSION = "conclusion"
    RESTRICTIONS = "restrictions"
    BOETH = "boeth"
    SOCIAL = "social"
    PLAN = "plan"
    REQUEST = "request"
    AGREEMENTS = "agreements"
    BALLOT = "ballot"
    OPINION = "opinion"
    ACTION = "action"
    DECISION = "decision"
    OUTCOME = "outcome"
    AGGREGATE = "aggregate"
    JOURNAL = "journal"


LABEL_NAMES: dict[Label, str] = {
    Label.SIGNAL: "signalement",
    Label.IDENTITY: "identité et coordonnées",
    Label.NIR: "numéro de sécurité sociale",
    Label.EMPLOYMENT: "situation professionnelle",
    Label.STOPPAGE: "arrêts de travail",
    Label.ALLOWANCE: "indemnités journalières",
    Label.MEDICAL: "zone médicale",
    Label.CONCLUSION: "conclusion du médecin-conseil",
    Label.RESTRICTIONS: "restrictions d’aptitude",
    Label.BOETH: "titre BOETH",
    Label.SOCIAL: "diagnostic social et notes d’entretien",
    Label.PLAN: "plan d’aide",
    Label.REQUEST: "demandes de dispositif",
    Label.AGREEMENTS: "accords et pièces exigés",
    Label.BALLOT: "votes et échanges en séance",
    Label.OPINION: "avis de la cellule",
    Label.ACTION: "actions à mener",
    Label.DECISION: "décision de la caisse",
    Label.OUTCOME: "suivi et issues",
    Label.AGGREGATE: "statistiques publiées",
    Label.JOURNAL: "journal des accès",
}
