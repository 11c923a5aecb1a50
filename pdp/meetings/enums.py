"""Words of séances, presence, ballots, opinions, decisions and actions."""

from pdp.core.enums import Labelled


class MeetingKind(Labelled):
    """How the cellule gives its opinions: together, or in writing between two séances."""

    SEANCE = "SEANCE", "Séance"
    WRITTEN = "WRITTEN", "Consultation écrite"


class MeetingStatus(Labelled):
    """Where a séance stands."""

    PLANNED = "PLANNED", "Prévue"
    OPEN = "OPEN", "Ouverte"
    CLOSED = "CLOSED", "Close"
    CANCELLED = "CANCELLED", "Annulée"


class PointKind(Labelled):
    """What a point without a case is about; the name is its usual title."""

    APPROVAL = "APPROVAL", "Approbation du procès-verbal de la séance précédente"
    ACTIONS = "ACTIONS", "Revue des actions en cours"
    INFORMATION = "INFORMATION", "Information"
    CONSULTATIONS = "CONSULTATIONS", "Avis rendus par consultation écrite"


class PointPlace(Labelled):
    """Where a point without a case stands, the requests being between."""

    OPENING = "OPENING", "avant les demandes"
    CLOSING = "CLOSING", "après les demandes"


class AttendanceState(Labelled):
    """Whether a seat is occupied."""

    AWAITED = "AWAITED", "Sans réponse"
    PRESENT = "PRESENT", "Présent"
    EXCUSED = "EXCUSED", "Excusé"
    ABSENT = "ABSENT", "Absent"
    REPRESENTED = "REPRESENTED", "Représenté"


class AttendanceMode(Labelled):
    """How the person takes part."""

    ROOM = "ROOM", "en salle"
    VIDEO = "VIDEO", "en visioconférence"
    PHONE = "PHONE", "par téléphone"


class PresenceKind(Labelled):
    """What happened to a seat during a séance."""

    ARRIVED = "ARRIVED", "Arrivée"
    LEFT = "LEFT", "Départ"
    RETURNED = "RETURNED", "Retour"
    SUBSTITUTED = "SUBSTITUTED", "Suppléance"
    MODE = "MODE", "Autre façon d’assister"
    EXCUSED = "EXCUSED", "Excusé"
    ABSENT = "ABSENT", "Absent"
    REPRESENTED = "REPRESENTED", "Pouvoir"
    PROXY_ENDED = "PROXY_ENDED", "Fin du pouvoir"
    CORRECTED = "CORRECTED", "Correction"


class BallotStatus(Labelled):
    """Whether votes are received."""

    OPEN = "OPEN", "Ouvert"
    CLOSED = "CLOSED", "Clos"
    # A member asked for an oral debate: the votes received stay in the history, uncounted and unread.
    STOPPED = "STOPPED", "Interrompu"


class AgendaTrack(Labelled):
    """Whether a request is discussed, or approved with others in one act."""

    DISCUSSED = "DISCUSSED", "Examiné en séance"
    FAST = "FAST", "Sans débat"
    ASKED = "ASKED", "Débat demandé"


class VoteValue(Labelled):
    """What a seat answers to the question."""

    FOR = "FOR", "Pour"
    FOR_WITH_CONDITIONS = "FOR_WITH_CONDITIONS", "Pour, sous conditions"
    AGAINST = "AGAINST", "Contre"
    ABSTAIN = "ABSTAIN", "Abstention"
    RECUSED = "RECUSED", "Ne prend pas part"


class VoteChannel(Labelled):
    """How a vote was given."""

    OWN_DEVICE = "own_device", "voté par la personne"
    TYPED = "typed", "saisi par le secrétariat"
    PHONE = "phone", "donné par téléphone"
    # Written at the deadline of a consultation, where the rules of the cellule make silence an assent.
    SILENCE = "silence", "réputé favorable"


class OpinionCode(Labelled):
    """The cellule's opinion: never a decision."""

    FAVOURABLE = "FAVOURABLE", "Favorable"
    FAVOURABLE_WITH_CONDITIONS = "FAVOURABLE_WITH_CONDITIONS", "Favorable sous réserve"
    UNFAVOURABLE = "UNFAVOURABLE", "Défavorable"
    ADJOURNED = "ADJOURNED", "Ajourné"
    NO_OBJECT = "NO_OBJECT", "Sans objet"
    REORIENTED = "REORIENTED", "Réorienté"


class CorrectionState(Labelled):
    """Where a correction after the closing of a ballot stands; without an answer in time it is over."""

    WAITING = "WAITING", "À confirmer"
    CONFIRMED = "CONFIRMED", "Confirmée"
    REFUSED = "REFUSED", "Refusée"
    EXPIRED = "EXPIRED", "Sans réponse dans le délai"


class DecisionOutcome(Labelled):
    """What the deciding body decided."""

    GRANTED = "GRANTED", "Accordé"
    REFUSED = "REFUSED", "Refusé"


class ActionKind(Labelled):
    """What a thing to do is for."""

    TASK = "TASK", "Action"
    # The opinion is favourable under this condition.
    CONDITION = "CONDITION", "Réserve"
    # The opinion was adjourned until this is brought.
    MISSING = "MISSING", "Élément attendu"


class ActionState(Labelled):
    """Whether a thing to do is done; a condition done is « levée »."""

    OPEN = "OPEN", "À faire"
    DONE = "DONE", "Faite"
    UNMET = "UNMET", "Non remplie"
    # The opinion that asked for it was corrected.
    DROPPED = "DROPPED", "Sans objet"


class ReserveState(Labelled):
    """Where the conditions of an opinion stand, taken together."""

    OPEN = "OPEN", "Réserve à lever"
    LIFTED = "LIFTED", "Réserve levée"
    BROKEN = "BROKEN", "Réserve non remplie"


class AgendaTraceKind(Labelled):
    """What an agenda lost."""

    PULLED = "PULLED", "Retiré de l’ordre du jour"
    PLACE_LOST = "PLACE_LOST", "Examiné sans ce partenaire"
    SUSPENDED = "SUSPENDED", "Retiré : le traitement est limité"
    # A request moved by hand: one trace in each séance, dated of the other one.
    MOVED_AWAY = "MOVED_AWAY", "Renvoyé à une autre séance"
    MOVED_HERE = "MOVED_HERE", "Venu d’une autre séance"
