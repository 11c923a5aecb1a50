"""Words of access packs."""

from pdp.core.enums import Labelled


class Part(Labelled):
    """A part of the pack of one case: each is released by those who may read it, and by nobody else."""

    GENERAL = "general", "Dossier"
    SOCIAL = "social", "Notes sociales"
    MEDICAL = "medical", "Partie médicale"


class PartState(Labelled):
    """Where a part is."""

    TO_RELEASE = "to_release", "À relire"
    RELEASED = "released", "Relue"
    WITHHELD = "withheld", "Réservée"


class WithheldReason(Labelled):
    """Why a part does not leave in the pack."""

    PHYSICIAN = "physician", "Remise par le médecin que la personne désigne"
    ADVISED = "advised", "Remise lors d’un entretien, à la demande de la personne"


class MaskReason(Labelled):
    """Why a passage is hidden from the person (art. 15.4, code des relations public-administration L. 311-6)."""

    THIRD_PARTY = "third_party", "nomme ou décrit une autre personne"
    INSURED = "insured", "concerne un autre assuré"
    SECRET = "secret", "relève du secret professionnel d’un tiers"
