"""The words of merging: traits, how two of them compare, states of a proposal."""

from enum import StrEnum

from pdp.core.enums import Labelled


class Likeness(Labelled):
    """How one trait of two persons compares."""

    IDENTICAL = "identical", "Identique"
    CLOSE = "close", "Proche"
    DIFFERENT = "different", "Différent"
    UNKNOWN = "unknown", "Inconnu"


class Trait(Labelled):
    """The five traits by which two records are told apart or recognised."""

    FAMILY_NAME = "family_name", "Nom"
    GIVEN_NAME = "given_name", "Prénom"
    BIRTH_DATE = "birth_date", "Date de naissance"
    TOWN = "town", "Commune"
    NIR = "nir", "Numéro de sécurité sociale"


class Side(Labelled):
    """Whose value of a trait is retained."""

    KEPT = "kept", "Fiche conservée"
    ABSORBED = "absorbed", "Fiche rattachée"


class ProposalState(Labelled):
    """Where a proposal stands; `DISTINCT` says that the two are different persons, without a proposal."""

    WAITING = "waiting", "À confirmer"
    CONFIRMED = "confirmed", "Fusion faite"
    REFUSED = "refused", "Refusée"
    UNDONE = "undone", "Fusion annulée"
    DISTINCT = "distinct", "Personnes différentes"


class LineKind(StrEnum):
    """What a line of a merge tells: a row moved or left where it was, an identity kept as an alias, a value."""

    MOVED = "moved"
    STAYED = "stayed"
    ALIAS = "alias"
    VALUE = "value"
