"""The coded facts that minutes are composed from, and the words of their register."""

from enum import StrEnum

from pdp.core.enums import Labelled


class PresenceState(StrEnum):
    """How a seat was held during the séance."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
    REPRESENTED = "represented"


class PresenceMode(StrEnum):
    """By which means a present person took part."""

    ROOM = "room"
    VIDEO = "video"
    PHONE = "phone"
    WRITTEN = "written"


class Voice(StrEnum):
    """What the voice of a seat is worth."""

    DELIBERATIVE = "deliberative"
    CONSULTATIVE = "consultative"


class Capacity(StrEnum):
    """In which capacity a person holds a seat."""

    TITULAIRE = "titulaire"
    SUPPLEANT = "suppleant"


class StatusGroup(StrEnum):
    """The status groups that eligibility tells apart; any other situation is evaluated by a person."""

    SALARIE = "salarie"
    TI = "ti"
    AUTRE = "autre"


class OpinionCode(StrEnum):
    """The opinion of the cellule; its tone on paper follows from it."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_CONDITIONS = "favourable_with_conditions"
    UNFAVOURABLE = "unfavourable"
    ADJOURNED = "adjourned"
    NO_OBJECT = "no_object"
    REORIENTED = "reoriented"


STATE_NAMES: dict[PresenceState, str] = {
    PresenceState.PRESENT: "toute la séance",
    PresenceState.EXCUSED: "excusé",
    PresenceState.ABSENT: "absent",
    PresenceState.REPRESENTED: "représenté",
}

MODE_NAMES: dict[PresenceMode, str] = {
    PresenceMode.ROOM: "",
    PresenceMode.VIDEO: "en visioconférence",
    PresenceMode.PHONE: "par téléphone",
    PresenceMode.WRITTEN: "par écrit",
}

VOICE_NAMES: dict[Voice, str] = {
    Voice.DELIBERATIVE: "délibérative",
    Voice.CONSULTATIVE: "consultative",
}

CAPACITY_NAMES: dict[Capacity, str] = {
    Capacity.TITULAIRE: "titulaire",
    Capacity.SUPPLEANT: "suppléant",
}


class MinutesEventKind(Labelled):
    """What became of an edition of minutes, or of one of its versions."""

    PREPARED = "prepared", "envoi préparé"
    CANCELLED = "cancelled", "envoi annulé avant son départ"
    SENT = "sent", "envoyé"
    HELD = "held", "retenu au départ"
    RECALLED = "recalled", "rappelé"
    OPENED = "opened", "première ouverture"
    DOWNLOADED = "downloaded", "premier téléchargement"
    WINDOW_OPENED = "window_opened", "délai d’objection ouvert"
    CONTESTED = "contested", "délai clos avec objection"
    APPROVED = "approved", "approuvé"


class EventReason(Labelled):
    """Why a version is not sent, or how minutes were approved."""

    REPLACED = "replaced", "un erratum a remplacé cette édition : préparez l’envoi de la nouvelle"
    SHARING_ENDED = "sharing_ended", "un partage sur lequel cette version repose a pris fin"
    RESTRICTED = "restricted", "un dossier de cette version est passé à huis clos depuis sa composition"
    NO_ACCOUNT = "no_account", "personne, chez ce destinataire, n’a de compte ouvert pour la lire"
    IN_SEANCE = "in_seance", "par la séance suivante"
    WITH_CHANGES = "with_changes", "par la séance suivante, avec des corrections"
    BY_SILENCE = "by_silence", "sans objection dans le délai"


class SendingState(Labelled):
    """Where the sending of a version to its recipient stands."""

    NOT_SENT = "not_sent", "non envoyée"
    WAITING = "waiting", "envoi en attente"
    SENT = "sent", "envoyée"
    HELD = "held", "envoi retenu"
    RECALLED = "recalled", "rappelée"


class ApprovalState(Labelled):
    """Where the approval of an edition stands."""

    AWAITED = "awaited", "à approuver"
    OPEN = "open", "délai d’objection en cours"
    CONTESTED = "contested", "objections à examiner"
    APPROVED = "approved", "approuvé"
