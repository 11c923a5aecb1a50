"""Words of opinions asked of partners."""

from pdp.core.enums import Labelled


class AdviceValue(Labelled):
    """What an organisation answers."""

    FAVOURABLE = "FAVOURABLE", "Favorable"
    RESERVED = "RESERVED", "Favorable avec réserves"
    UNFAVOURABLE = "UNFAVOURABLE", "Défavorable"
    NONE = "NONE", "Ne se prononce pas"


class AskState(Labelled):
    """Where a question put to one organisation stands on a day."""

    WAITING = "WAITING", "Attendu"
    LATE = "LATE", "En retard"
    ANSWERED = "ANSWERED", "Rendu"
    DECLINED = "DECLINED", "Décliné"
    REVOKED = "REVOKED", "Retiré"


class AskAct(Labelled):
    """What may be done with a question put to one organisation."""

    REPLY = "reply", "Rendre l’avis"
    DECLINE = "decline", "Décliner"
    REVOKE = "revoke", "Retirer la question"
