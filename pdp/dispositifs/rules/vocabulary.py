"""The facts that a rule may read: name, type, closed values and French label."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from pdp.dispositifs.enums import AgreementKind, AgreementState, DocumentKind, DocumentState, PersonStatus

UNKNOWN_WORD = "UNKNOWN"


class Kind(Enum):
    """What values a fact takes, beside null and UNKNOWN."""

    BOOLEAN = auto()
    NUMBER = auto()
    DATE = auto()
    TEXT = auto()
    ENUMERATED = auto()
    ENUMERATED_LIST = auto()
    ORGANISATION_LIST = auto()
    # One enumerated value per organisation code, read element by element inside `every`.
    BY_ORGANISATION = auto()


LIST_KINDS = frozenset({Kind.ENUMERATED_LIST, Kind.ORGANISATION_LIST})


@dataclass(frozen=True, slots=True)
class FactType:
    """The type of a fact."""

    kind: Kind
    label: str
    values: tuple[str, ...] = ()


def _of(kind: Kind, **labels: str) -> dict[str, FactType]:
    return {name.replace("__", "."): FactType(kind, label) for name, label in labels.items()}


def _one_of(label: str, *values: str) -> FactType:
    return FactType(Kind.ENUMERATED, label, values)


_FACTS: dict[str, FactType] = {
    "status": FactType(Kind.ENUMERATED_LIST, "statut professionnel", tuple(PersonStatus)),
    "scheme": _one_of("régime d’affiliation", "GENERAL", "MSA", "SPECIAL"),
    "case.axis": _one_of("axe d’accompagnement", "PDP", "SANTE"),
    "request.author": _one_of("auteur de la demande", "INSURED", "EMPLOYER", "SERVICE_SOCIAL", "OTHER"),
    "stoppage.origin": _one_of("origine de l’arrêt", "ILLNESS", "NON_OCC_ACCIDENT", "WORK_ACCIDENT", "OCC_DISEASE"),
    "boeth.kind": _one_of("nature du titre BOETH", "RQTH", "INVALIDITY_PENSION", "AT_MP_RENT_10", "OTHER"),
    "boeth.state": _one_of("état du titre BOETH", "HELD", "PENDING", "NONE"),
    "unfitness.state": _one_of("inaptitude", "DECLARED", "RISK_AT_PRE_RETURN", "NONE"),
    "host.type": _one_of("entreprise où se déroule la mesure", "OWN", "OTHER"),
    "prescriber": _one_of(
        "prescripteur",
        *("FRANCE_TRAVAIL", "MISSION_LOCALE", "CAP_EMPLOI", "SIAE", "DEPARTEMENT", "CEP", "DELEGATED"),
        *("CPAM", "CARSAT", "OTHER"),
    ),
    "pmsmp.objects": FactType(Kind.ENUMERATED_LIST, "objet de la PMSMP", ("DISCOVER", "CONFIRM", "HIRE")),
    "external_org_on_case": FactType(Kind.ORGANISATION_LIST, "partenaires associés au dossier"),
    "measure.orgs_needed": FactType(Kind.ORGANISATION_LIST, "partenaires dont l’acte est nécessaire"),
    "sharing_agreement": FactType(Kind.BY_ORGANISATION, "accord de partage", ("GIVEN", "MISSING", "WITHDRAWN")),
    **_of(
        Kind.BOOLEAN,
        is_micro="micro-entrepreneur",
        ald="affection de longue durée",
        work_exclusion_risk="risque de désinsertion professionnelle",
        insured__request="demande écrite ou adhésion de l’assuré",
        pension__invalidity="pension d’invalidité",
        pension__old_age="pension de retraite",
        stoppage__exists="existence d’un arrêt de travail",
        stoppage__active="arrêt de travail en cours",
        stoppage__indemnified="arrêt indemnisé",
        stoppage__full_time="arrêt à temps complet",
        stoppage__full_time_indemnified_just_before="arrêt indemnisé à temps complet juste avant la reprise",
        tpt__active="temps partiel thérapeutique en cours",
        social_evaluation__done="évaluation globale par le service social",
        fund__participates="participation de la caisse",
    ),
    **_of(
        Kind.NUMBER,
        affiliation__months="mois d’affiliation",
        measure__months="durée de la mesure en mois",
        trial__initial_working_days="jours ouvrables de la première période d’essai",
        trial__total_working_days_for_stoppage="jours ouvrables d’essai sur tout l’arrêt",
        tpt__total_days="jours de temps partiel thérapeutique",
        pay__before_stoppage="rémunération avant l’arrêt",
        pay__total_during="rémunération totale pendant la mesure",
    ),
    **_of(
        Kind.DATE,
        stoppage__start="début de l’arrêt",
        stoppage__prescribed_end="fin prescrite de l’arrêt",
        stoppage__end="fin de l’arrêt",
        boeth__valid_until="fin de validité du titre BOETH",
        unfitness__date="date du constat d’inaptitude ou du risque",
        contract__end="fin du contrat de travail",
        measure__start="début de la mesure",
        measure__end="fin de la mesure",
        trial__start="début de l’essai",
        trial__end="fin de l’essai",
        tpt__start="début du temps partiel thérapeutique",
        tpt__end="fin du temps partiel thérapeutique",
        cap__R323_3="limite de durée fixée par la CPAM",
    ),
    **_of(
        Kind.TEXT,
        trial__tutor_name="tuteur dans l’entreprise",
        funding__source="source de financement",
        human_check__PMSMP_SELF_EMPLOYED="accès d’un indépendant à la PMSMP, vérifié avec le prescripteur",
    ),
    **{
        f"agreement.{kind}": FactType(Kind.ENUMERATED, f"accord ({kind.label.lower()})", tuple(AgreementState))
        for kind in AgreementKind
    },
    **{
        f"document.{kind}": FactType(Kind.ENUMERATED, f"pièce ({kind.label})", tuple(DocumentState))
        for kind in DocumentKind
    },
}

VOCABULARY: Mapping[str, FactType] = MappingProxyType(_FACTS)
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        prefix: tuple(path for path in _FACTS if path.startswith(f"{prefix}."))
        for prefix in {path.partition(".")[0] for path in _FACTS if "." in path}
    }
)
# Absent, these lists are empty rather than unknown: no partner has to act.
EMPTY_WHEN_ABSENT = frozenset({"external_org_on_case", "measure.orgs_needed"})
SHARING = "sharing_agreement"


def type_of(path: str) -> FactType | None:
    """Return the type of a fact, `sharing_agreement.<organisation>` included; None if nothing is so named."""
    prefix, dot, organisation = path.partition(".")
    if prefix == SHARING and dot:
        shared = VOCABULARY[SHARING]
        return FactType(Kind.ENUMERATED, f"{shared.label} : {organisation}", shared.values) if organisation else None
    return VOCABULARY.get(path)
