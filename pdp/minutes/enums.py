"""The coded facts that minutes are composed from."""

from enum import StrEnum


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
}

VOICE_NAMES: dict[Voice, str] = {
    Voice.DELIBERATIVE: "délibérative",
    Voice.CONSULTATIVE: "consultative",
}

CAPACITY_NAMES: dict[Capacity, str] = {
    Capacity.TITULAIRE: "titulaire",
    Capacity.SUPPLEANT: "suppléant",
}
