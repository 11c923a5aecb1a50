"""The one table of what a letter may name: a field, its label, and the letters that may hold it.

Nothing else of a case can be in a letter, whatever a template says: no note, no vote, nothing medical.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pdp.core.french import NBSP
from pdp.letters.enums import LetterKind
from pdp.policy.labels import Label

_K = LetterKind
_OPINIONS = frozenset({_K.FAVOURABLE, _K.CONDITIONS, _K.ADJOURNED})
_INSURED = _OPINIONS | {_K.REFUSAL}
_ALL = frozenset(LetterKind)


@dataclass(frozen=True, slots=True)
class Tag:
    """A field: what it is, the label that opens it (None: known with the case), and the letters it may be in."""

    name: str
    title: str
    label: Label | None
    kinds: frozenset[LetterKind]
    example: str


TAGS: tuple[Tag, ...] = (
    Tag("cellule", "le nom de la cellule", None, _ALL, "Cellule PDP du Ponant"),
    Tag("caisse", "le nom de la caisse", None, _ALL, "CPAM du Ponant"),
    Tag("reference", "la référence du dossier", None, _ALL, "PDP-2026-0042"),
    Tag("referent", "qui suit le dossier", None, _INSURED, "Claire Danjou"),
    Tag("personne", "le prénom et le nom de l’assuré", Label.IDENTITY, _ALL, "Camille Exemple"),
    Tag("partenaire", "le nom de l’organisme", None, frozenset({_K.PARTNER}), "Cap emploi du Ponant"),
    Tag("employeur", "le nom de l’employeur", Label.EMPLOYMENT, frozenset({_K.EMPLOYER}), "Boulangerie Exemple"),
    Tag("dispositif", "le dispositif demandé", Label.REQUEST, _ALL, "Essai encadré"),
    Tag("periode", "les dates de la mesure", Label.REQUEST, _ALL, f"du 7 au 20{NBSP}décembre 2026"),
    Tag("date_seance", "le jour de l’avis", Label.OPINION, _INSURED | {_K.PARTNER}, f"17{NBSP}novembre 2026"),
    Tag("avis", "l’avis de la cellule", Label.OPINION, _INSURED | {_K.PARTNER}, "favorable sous réserve"),
    Tag(
        "reserves",
        "les réserves de l’avis",
        Label.OPINION,
        frozenset({_K.CONDITIONS, _K.PARTNER}),
        "Le tuteur est désigné avant le premier jour.",
    ),
    Tag(
        "motifs_avis",
        "les motifs de l’avis",
        Label.OPINION,
        _OPINIONS,
        "Le projet répond à la situation et le poste d’essai est décrit.",
    ),
    Tag(
        "manque",
        "ce qui manque, pour un ajournement",
        Label.OPINION,
        frozenset({_K.ADJOURNED}),
        "La convention signée par l’entreprise d’accueil.",
    ),
    Tag("decision", "la décision", Label.DECISION, frozenset({_K.REFUSAL, _K.PARTNER}), "refusée"),
    Tag("date_decision", "le jour de la décision", Label.DECISION, _INSURED | {_K.PARTNER}, f"19{NBSP}novembre 2026"),
    Tag("decideur", "l’organisme qui décide", Label.DECISION, _INSURED | {_K.PARTNER}, "CPAM"),
    Tag(
        "motifs_refus",
        "les motifs du refus",
        Label.DECISION,
        frozenset({_K.REFUSAL}),
        "La durée demandée dépasse celle que le texte permet.",
    ),
    Tag(
        "voies_recours",
        "les voies et délais de recours",
        Label.DECISION,
        frozenset({_K.REFUSAL}),
        "Vous pouvez contester cette décision dans les deux mois qui suivent sa notification, devant la commission "
        "de recours amiable (CRA) de votre caisse.",
    ),
    Tag(
        "actions",
        "les actions qui reviennent à l’organisme",
        Label.ACTION,
        frozenset({_K.PARTNER}),
        f"Étudier le poste de travail, avant le 12{NBSP}décembre 2026.",
    ),
)
BY_NAME: Mapping[str, Tag] = {tag.name: tag for tag in TAGS}

# What the law or the meaning of a letter does not let a template leave out. A reasoned refusal with its routes of
# appeal: L. 211-7 CRPA, D. 323-6-4 and R. 142-1 CSS.
REQUIRED: Mapping[LetterKind, tuple[str, ...]] = {
    _K.FAVOURABLE: ("dispositif", "date_seance"),
    _K.CONDITIONS: ("dispositif", "date_seance", "reserves"),
    _K.ADJOURNED: ("dispositif", "date_seance", "manque"),
    _K.REFUSAL: ("dispositif", "decideur", "motifs_refus", "voies_recours"),
    _K.PARTNER: ("dispositif",),
    _K.EMPLOYER: ("dispositif", "personne"),
}


def allowed_in(kind: LetterKind) -> tuple[Tag, ...]:
    """Return the fields that a letter of this kind may hold, in the order of the table."""
    return tuple(tag for tag in TAGS if kind in tag.kinds)


def examples(kind: LetterKind) -> dict[str, str]:
    """Return the facts of a made-up case, by field."""
    return {tag.name: tag.example for tag in allowed_in(kind)}
