"""Words of the scheduled work."""

from pdp.core.enums import Labelled


class SlotOutcome(Labelled):
    """What became of a slot; one that is running has none yet."""

    BEGUN = "begun", "suivi commencé"
    DONE = "done", "fait"
    FAILED = "failed", "en échec"
    OVERTAKEN = "overtaken", "remplacé par un passage plus récent"
    LOST = "lost", "interrompu"


class Days(Labelled):
    """On which days a job runs, in metropolitan France."""

    ALL = "all", "chaque jour"
    WORKING = "working", "chaque jour de bureau"
    FIRST_OF_MONTH = "first_of_month", "le premier de chaque mois"


class Standing(Labelled):
    """How a job stands, in a word."""

    WAITING = "waiting", "À l’heure"
    RUNNING = "running", "En cours"
    LATE = "late", "En retard"
    FAILED = "failed", "En échec"
    UNKNOWN = "unknown", "Jamais suivi"
