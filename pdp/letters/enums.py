"""Words of letters and of standard texts."""

from pdp.core.enums import Labelled


class TextKind(Labelled):
    """Where a text of the cellule is used."""

    REASONS = "motifs", "Motifs d’un avis ou d’un refus"
    CONDITIONS = "reserves", "Réserves"
    AWAITED = "manque", "Ce qui manque, pour un ajournement"
    NOTE = "note", "Phrases pour la note de séance"
    LETTER = "courrier", "Modèle de courrier"


class LetterKind(Labelled):
    """What a letter says, and to whom; the value is the word of its address."""

    FAVOURABLE = "avis-favorable", "Avis favorable, à l’assuré"
    CONDITIONS = "avis-sous-reserve", "Avis favorable sous réserve, à l’assuré"
    ADJOURNED = "ajournement", "Ajournement, à l’assuré"
    REFUSAL = "refus", "Refus, à l’assuré"
    PARTNER = "partenaire", "Suites de la séance, à un partenaire"
    EMPLOYER = "employeur", "Information de l’employeur"


class SendingMeans(Labelled):
    """How a letter reached its recipient."""

    POST = "post", "par la poste"
    REGISTERED = "registered", "en recommandé avec avis de réception"
    HAND = "hand", "remise en main propre"
    SITE = "site", "ouverte dans le site, avec un message neutre"
