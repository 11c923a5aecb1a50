"""A séance written by hand: Paul (TI), Valérie (salariée) and a third case that divides the cellule."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pdp.minutes.enums import Capacity, OpinionCode, PresenceMode, PresenceState, StatusGroup, Voice
from pdp.minutes.facts import (
    ActionFacts,
    AgreementFacts,
    AnswerFacts,
    AttendanceFacts,
    DecisionFacts,
    DissentFacts,
    EligibilityFacts,
    ItemFacts,
    MeetingFacts,
    MoveFacts,
    OpinionFacts,
    OverrideFacts,
    Person,
    PointFacts,
    StatusFacts,
    VoteFacts,
)
from pdp.policy.labels import Label

PARIS = ZoneInfo("Europe/Paris")
SOCIAL, MEDICAL, CPAM, SPST, CAP_EMPLOI = 1, 2, 3, 4, 5
SEATS = (
    ("Service social, siège 1", SOCIAL),
    ("Service social, siège 2", SOCIAL),
    ("Service médical, siège 1", MEDICAL),
    ("Service médical, siège 2", MEDICAL),
    ("CPAM action sociale", CPAM),
    ("CPAM prestations", CPAM),
)
ALL_SHARED = frozenset(
    {Label.IDENTITY, Label.EMPLOYMENT, Label.REQUEST, Label.AGREEMENTS, Label.OPINION, Label.DECISION}
)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 12, hour, minute, tzinfo=PARIS)


def seat(
    number: int, holder: str, function: str, capacity: Capacity = Capacity.TITULAIRE, **more: object
) -> AttendanceFacts:
    name, organisation = SEATS[number]
    return AttendanceFacts(
        seat=name,
        voice=Voice.DELIBERATIVE,
        organisation_id=organisation,
        organisation_kind="am",
        holder=Person(holder, function),
        state=PresenceState.PRESENT,
        capacity=capacity,
        **more,  # type: ignore[arg-type]
    )


def attendance() -> tuple[AttendanceFacts, ...]:
    return (
        seat(0, "Hélène Caron", "responsable de secteur"),
        seat(1, "Marc Delattre", "assistant de service social"),
        seat(2, "Inès Faure", "médecin-conseil", Capacity.SUPPLEANT, moves=(MoveFacts("arrivée", at(14, 9), 2),)),
        seat(3, "Luc Thévenot", "médecin-conseil", moves=(MoveFacts("départ", at(14, 31), 3),)),
        seat(4, "Sofia Benali", "référente action sociale"),
        seat(5, "Jean Picard", "indemnités journalières", mode=PresenceMode.VIDEO),
        AttendanceFacts(
            "SPST", Voice.CONSULTATIVE, SPST, "spst", Person("Anne Leroy", "médecin du travail"), PresenceState.PRESENT
        ),
        AttendanceFacts(
            "Cap emploi",
            Voice.CONSULTATIVE,
            CAP_EMPLOI,
            "cap_emploi",
            Person("Chloé Martin", "chargée de mission maintien"),
            PresenceState.PRESENT,
            moves=(MoveFacts("arrivée", at(15)), MoveFacts("départ", at(15, 40))),
        ),
    )


def votes(*values: str, text: dict[int, str] | None = None) -> tuple[VoteFacts, ...]:
    reasons = text or {}
    return tuple(
        VoteFacts(name, organisation, value, reasons.get(number, ""))
        for number, ((name, organisation), value) in enumerate(zip(SEATS, values, strict=True))
    )


def paul() -> ItemFacts:
    return ItemFacts(
        position=2,
        case_reference="2026-0131",
        case_id="case-paul",
        person_initials="P. M.",
        person_name="Paul Mercier",
        dispositif="Bilan de compétences",
        question=(
            "La cellule est-elle favorable à un bilan de compétences pendant l’arrêt, "
            "du 23\u00a0mars au 24\u00a0avril\u00a02026\u00a0?"
        ),
        statuses=(StatusFacts(StatusGroup.TI, "TI"),),
        eligibility=(
            EligibilityFacts(
                StatusGroup.TI,
                "TI",
                "À vérifier",
                "la participation de la caisse doit être confirmée en séance",
                "doctrine régionale",
                ("BC-S-01", "BC-S-02", "BC-S-03", "BC-S-06"),
                answers=(
                    AnswerFacts(
                        "La caisse participe-t-elle au bilan",
                        "Oui, dans le cadre de l’action sociale",
                        "Sofia Benali, siège CPAM action sociale",
                    ),
                ),
            ),
        ),
        agreements=(
            AgreementFacts("Médecin traitant", "donné", date(2026, 2, 24)),
            AgreementFacts("Médecin-conseil", "durée compatible, avis rendu", date(2026, 3, 3)),
        ),
        quorum="Atteint\u00a0: quatre sièges délibératifs sur six\u00a0; les trois services siègent.",
        votes=votes(
            "Pour",
            "Pour",
            "Pour, sous conditions",
            "Absent",
            "Pour",
            "Ne prend pas part",
            text={2: "Bilan compatible avec les horaires de soins."},
        ),
        consultative=(
            VoteFacts("SPST", SPST, "favorable"),
            VoteFacts("Cap emploi", CAP_EMPLOI, "favorable sous réserve", "après un entretien d’orientation"),
        ),
        discussion="Échange sur le calendrier du bilan et la reprise du commerce.",
        tally="Quatre voix pour, dont une sous conditions\u00a0; aucune contre\u00a0; aucune abstention.",
        opinion=OpinionFacts(
            OpinionCode.FAVOURABLE_WITH_CONDITIONS,
            "Avis favorable sous réserve",
            conditions=("entretien d’orientation avec Cap emploi avant le début du bilan",),
        ),
        actions=(
            ActionFacts(CAP_EMPLOI, "Cap emploi", "entretien d’orientation", date(2026, 3, 20)),
            ActionFacts(CPAM, "CPAM", "décision à notifier à l’assuré"),
        ),
        decision=DecisionFacts(
            "CPAM",
            "participation accordée",
            date(2026, 3, 13),
            date(2026, 3, 16),
            ("le bilan prépare une reprise compatible avec l’état de santé",),
        ),
        readers={CAP_EMPLOI: ALL_SHARED, SPST: frozenset({Label.REQUEST, Label.OPINION})},
    )


def valerie() -> ItemFacts:
    return ItemFacts(
        position=3,
        case_reference="2026-0118",
        case_id="case-valerie",
        person_initials="V. L.",
        person_name="Valérie Lambert",
        dispositif="Essai encadré",
        question="La cellule est-elle favorable à un essai encadré de quatorze jours au poste d’accueil\u00a0?",
        statuses=(StatusFacts(StatusGroup.SALARIE, "Salariée"),),
        period_start=date(2026, 4, 1),
        period_end=date(2026, 4, 16),
        eligibility=(
            EligibilityFacts(
                StatusGroup.SALARIE,
                "Salariée",
                "Pièce manquante",
                "l’accord du médecin-conseil n’est pas au dossier",
                "doctrine régionale",
                ("EE-E-05",),
            ),
        ),
        agreements=(
            AgreementFacts("Médecin traitant", "donné", date(2026, 3, 2)),
            AgreementFacts("Médecin-conseil", "manquant", detail="demandé le 5 mars"),
            AgreementFacts("Entreprise d’accueil", "donné", date(2026, 3, 9)),
        ),
        quorum="Atteint\u00a0: six sièges délibératifs sur six.",
        votes=votes("Pour", "Pour", "Abstention", "Pour", "Pour", "Pour"),
        consultative=(VoteFacts("SPST", SPST, "favorable"),),
        tally="Cinq voix pour\u00a0; aucune contre\u00a0; une abstention.",
        opinion=OpinionFacts(
            OpinionCode.ADJOURNED, "Avis ajourné", reasons=("l’accord du médecin-conseil est attendu",)
        ),
        actions=(ActionFacts(SOCIAL, "Service social", "relancer le médecin-conseil", date(2026, 3, 19)),),
        readers={SPST: ALL_SHARED},
    )


def gilles() -> ItemFacts:
    return ItemFacts(
        position=4,
        case_reference="2026-0102",
        case_id="case-gilles",
        person_initials="G. R.",
        person_name="Gilles Rousseau",
        dispositif="Temps partiel thérapeutique",
        question="La cellule est-elle favorable à une reprise à mi-temps pendant trois mois\u00a0?",
        statuses=(StatusFacts(StatusGroup.SALARIE, "Salarié"), StatusFacts(StatusGroup.TI, "TI")),
        eligibility=(
            EligibilityFacts(
                StatusGroup.SALARIE, "Salarié", "Éligible", "les huit conditions sont réunies", "doctrine régionale"
            ),
            EligibilityFacts(
                StatusGroup.TI,
                "TI",
                "Non éligible",
                "la note régionale réserve ce dispositif aux salariés",
                "doctrine régionale",
                ("TPT-S-00",),
                divergence="Selon l’article D. 622-10 du code de la sécurité sociale, le TI serait éligible",
                overrides=(
                    OverrideFacts(
                        "Hélène Caron, service social, siège 1",
                        "l’article D. 622-10 ouvre ce droit aux travailleurs indépendants",
                        ("TPT-S-00",),
                    ),
                ),
            ),
        ),
        agreements=(AgreementFacts("Employeur", "donné", date(2026, 3, 5)),),
        quorum="Atteint\u00a0: cinq sièges délibératifs sur six.",
        votes=votes(
            "Pour",
            "Contre",
            "Pour",
            "Absent",
            "Contre",
            "Pour",
            text={1: "Durée trop longue.", 4: "Reprise prématurée."},
        ),
        tally="Trois voix pour\u00a0; deux contre\u00a0; aucune abstention.",
        opinion=OpinionFacts(OpinionCode.FAVOURABLE, "Avis favorable", reasons=("reprise progressive possible",)),
        dissents=(DissentFacts("Sofia Benali, CPAM action sociale", "une reprise à ce rythme paraît prématurée"),),
        actions=(ActionFacts(CPAM, "CPAM", "calculer les indemnités", date(2026, 3, 27)),),
    )


def meeting(*items: ItemFacts) -> MeetingFacts:
    return MeetingFacts(
        cellule="Cellule PDP de l’Assurance Maladie",
        caisse="caisse de démonstration",
        number="2026-03",
        held_on=date(2026, 3, 12),
        opened_at=at(14, 2),
        closed_at=at(16, 21),
        place="salle du conseil",
        mode="en présence et en visioconférence",
        president=Person("Hélène Caron", "responsable du service social"),
        secretary=Person("Nadia Roche", "coordination de la cellule"),
        composed_at=datetime(2026, 3, 13, 9, 12, tzinfo=PARIS),
        attendance=attendance(),
        governance=(
            "Il faut trois sièges délibératifs sur six et au moins un siège de chacun des trois services. "
            "Il est vérifié pour chaque dossier."
        ),
        points=(
            PointFacts(
                1,
                "Approbation du procès-verbal précédent",
                "Le procès-verbal du 12 février 2026 est approuvé sans observation.",
            ),
        ),
        items=items or (paul(), valerie(), gilles()),
        next_meeting_on=date(2026, 4, 9),
        fictitious=True,
    )
