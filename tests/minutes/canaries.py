"""A case whose every text is a word that cannot be there by chance, with the label each must carry."""

from dataclasses import replace
from datetime import date

from pdp.minutes.enums import OpinionCode, StatusGroup
from pdp.minutes.facts import (
    ActionFacts,
    AgreementFacts,
    AnswerFacts,
    DecisionFacts,
    DissentFacts,
    EligibilityFacts,
    ItemFacts,
    MeetingFacts,
    OpinionFacts,
    OverrideFacts,
    PointFacts,
    RemarkFacts,
    StatusFacts,
    VoteFacts,
)
from pdp.policy.labels import Label
from tests.minutes import example
from tests.minutes.example import CAP_EMPLOI, CPAM, SOCIAL, SPST

# What a reader of each label must find, and nobody else may.
BY_LABEL: dict[Label, tuple[str, ...]] = {
    Label.IDENTITY: ("QXNAME",),
    Label.EMPLOYMENT: ("QXSTATUS",),
    Label.REQUEST: (
        "QXDISPOSITIF",
        "QXQUESTION",
        "QXVERDICT",
        "QXSENTENCE",
        "QXDIVERGENCE",
        "QXOVERRIDE",
        "QXANSWER",
        "QX-S-01",
    ),
    Label.AGREEMENTS: ("QXAGREEMENT", "QXAGREED"),
    Label.OPINION: ("QXOPINION", "QXCONDITION", "QXREASON", "QXQUORUM"),
    Label.DECISION: ("QXDECISION", "QXGROUNDS", "QXAPPEAL"),
    Label.RESTRICTIONS: ("QXRESTRICTION",),
    Label.CONCLUSION: ("QXCONCLUSION",),
    Label.PLAN: ("QXPLAN",),
    Label.STOPPAGE: ("QXSTOPPAGE",),
    Label.BOETH: ("QXBOETH",),
}
PUBLIC = ("QXREF", "QXPOINT")
INITIALS = "QXINIT"
CORE_ONLY = ("QXBALLOT", "QXVOTETEXT", "QXTALLY", "QXTALK", "QXDISSENT", "QXACTIONAM", "QXPOINTTALK")
OF_CAP_EMPLOI = ("QXADVICECAP", "QXACTIONCAP")
OF_SPST = ("QXADVICESPST", "QXVOTESPST")
OTHER_CASE = ("Valérie Lambert", "2026-0118", "V. L.")
EVERY_LABELLED = tuple(word for words in BY_LABEL.values() for word in words)


def case(**readers: frozenset[Label]) -> ItemFacts:
    """Return the case; `cap_emploi` and `spst` say which labels each may read."""
    ids = {"cap_emploi": CAP_EMPLOI, "spst": SPST}
    return ItemFacts(
        position=2,
        case_reference="QXREF",
        case_id="case",
        person_initials=INITIALS,
        person_name="QXNAME",
        dispositif="QXDISPOSITIF",
        question="QXQUESTION",
        statuses=(StatusFacts(StatusGroup.TI, "QXSTATUS"),),
        eligibility=(eligibility(),),
        agreements=(AgreementFacts("QXAGREEMENT", "QXAGREED", date(2026, 3, 1)),),
        quorum="QXQUORUM",
        votes=(VoteFacts("Siège 1", SOCIAL, "QXBALLOT", "QXVOTETEXT"), VoteFacts("Siège 2", SPST, "QXVOTESPST")),
        consultative=(VoteFacts("Cap emploi", CAP_EMPLOI, "QXADVICECAP"), VoteFacts("SPST", SPST, "QXADVICESPST")),
        discussion="QXTALK",
        tally="QXTALLY",
        opinion=OpinionFacts(OpinionCode.FAVOURABLE, "QXOPINION", ("QXCONDITION",), ("QXREASON",)),
        dissents=(DissentFacts("Une voix", "QXDISSENT"),),
        actions=(ActionFacts(CPAM, "CPAM", "QXACTIONAM"), ActionFacts(CAP_EMPLOI, "Cap emploi", "QXACTIONCAP")),
        decision=DecisionFacts("CPAM", "QXDECISION", date(2026, 3, 13), None, ("QXGROUNDS",), "QXAPPEAL"),
        remarks=(
            RemarkFacts(Label.RESTRICTIONS, "Restrictions", "QXRESTRICTION"),
            RemarkFacts(Label.CONCLUSION, "Conclusion", "QXCONCLUSION"),
            RemarkFacts(Label.PLAN, "Plan d’aide", "QXPLAN"),
            RemarkFacts(Label.STOPPAGE, "Arrêt", "QXSTOPPAGE"),
            RemarkFacts(Label.BOETH, "Titre", "QXBOETH"),
        ),
        readers={ids[name]: labels for name, labels in readers.items()},
    )


def eligibility() -> EligibilityFacts:
    return EligibilityFacts(
        StatusGroup.TI,
        "TI",
        "QXVERDICT",
        "QXSENTENCE",
        "doctrine régionale",
        ("QX-S-01",),
        divergence="QXDIVERGENCE",
        overrides=(OverrideFacts("Un membre", "QXOVERRIDE"),),
        answers=(AnswerFacts("Une question", "QXANSWER", "un membre"),),
    )


def meeting(**readers: frozenset[Label]) -> MeetingFacts:
    """Return a séance with this case, another case that no partner reads, and one general point."""
    other = ItemFacts(3, "2026-0118", "case-valerie", "V. L.", "Valérie Lambert", "Essai encadré", "Une question")
    point = PointFacts(1, "Approbation", "QXPOINT", discussion="QXPOINTTALK")
    return replace(example.meeting(case(**readers), other), points=(point,))
