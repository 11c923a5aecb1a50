"""What each dispositif asks besides its period: the fields of its form, named by the rules' vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from pdp.dispositifs.enums import Dispositif
from pdp.policy.labels import Label
from pdp.requests.rules.facts import RENEWAL


class FieldKind(Enum):
    """How a detail is typed."""

    TEXT = auto()
    CHOICE = auto()
    CHOICES = auto()
    AMOUNT = auto()
    DATE = auto()
    YES = auto()


@dataclass(frozen=True, slots=True)
class Detail:
    """One field; `options` are the stored words with their French label."""

    path: str
    label: str
    kind: FieldKind
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


_HOST = Detail(
    "host.type",
    "Où se déroule la mesure",
    FieldKind.CHOICE,
    options=(("OWN", "Dans l’entreprise d’origine"), ("OTHER", "Dans une autre entreprise")),
)
_FUNDING = Detail(
    "funding.source",
    "Qui finance",
    FieldKind.CHOICE,
    options=(
        ("CPF", "Compte personnel de formation"),
        ("EMPLOYER", "Employeur"),
        ("FRANCE_TRAVAIL", "France Travail"),
        ("FAF", "Fonds de formation des indépendants"),
        ("AMA", "Aide au maintien dans l’activité (CPAM)"),
        ("CPAM", "CPAM, action sociale"),
        ("OTHER", "Autre financeur"),
    ),
)
_PRESCRIBERS = (
    ("FRANCE_TRAVAIL", "France Travail"),
    ("CAP_EMPLOI", "Cap emploi"),
    ("MISSION_LOCALE", "Mission locale"),
    ("SIAE", "Structure d’insertion"),
    ("DEPARTEMENT", "Conseil départemental"),
    ("CEP", "Conseil en évolution professionnelle"),
    ("DELEGATED", "Organisme délégataire"),
    ("CPAM", "CPAM"),
    ("CARSAT", "Carsat"),
    ("OTHER", "Autre organisme"),
)

DETAILS: Mapping[Dispositif, tuple[Detail, ...]] = MappingProxyType(
    {
        Dispositif.ESSAI_ENCADRE: (
            _HOST,
            Detail("trial.tutor_name", "Tuteur dans l’entreprise", FieldKind.TEXT, "Prénom et nom, ou fonction."),
            Detail(
                RENEWAL,
                "C’est le renouvellement d’un premier essai",
                FieldKind.YES,
                "La première période compte 14 jours ouvrables au plus, et 28 avec le renouvellement.",
            ),
        ),
        Dispositif.CRPE: (
            _HOST,
            Detail("pay.before_stoppage", "Rémunération mensuelle avant l’arrêt, en euros", FieldKind.AMOUNT),
            Detail(
                "pay.total_during",
                "Rémunération mensuelle pendant la mesure, en euros",
                FieldKind.AMOUNT,
                "Salaire et indemnités journalières.",
            ),
        ),
        Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE: (
            Detail("cap.R323_3", "Durée fixée par la CPAM, jusqu’au", FieldKind.DATE, "Si elle est déjà connue."),
        ),
        Dispositif.INCLUPRO: (),
        Dispositif.BILAN_COMPETENCES: (_FUNDING,),
        Dispositif.PMSMP: (
            Detail("prescriber", "Prescripteur", FieldKind.CHOICE, options=_PRESCRIBERS),
            Detail(
                "pmsmp.objects",
                "Objet de la mise en situation",
                FieldKind.CHOICES,
                "Un seul objet par convention.",
                (
                    ("DISCOVER", "Découvrir un métier"),
                    ("CONFIRM", "Confirmer un projet"),
                    ("HIRE", "Amorcer un recrutement"),
                ),
            ),
        ),
        Dispositif.ACTION_REMOBILISATION: (),
    }
)


def detail_text(detail: Detail, value: Any) -> str:
    """Return how a page shows a detail."""
    words = dict(detail.options)
    match detail.kind:
        case FieldKind.CHOICE:
            return words.get(str(value), str(value))
        case FieldKind.CHOICES:
            return ", ".join(words.get(word, word) for word in value)
        case FieldKind.YES:
            return "Oui"
        case _:
            return str(value)


def shown_details(
    dispositif: Dispositif, values: Mapping[str, Any], readable: frozenset[Label]
) -> tuple[tuple[str, str], ...]:
    """Return the details of a request that a reader of these labels may read, as name and text."""
    shown = [
        detail
        for detail in DETAILS[dispositif]
        if detail.path in values and (Label.ALLOWANCE in readable or not detail.path.startswith("pay."))
    ]
    return tuple((detail.label, detail_text(detail, values[detail.path])) for detail in shown)
