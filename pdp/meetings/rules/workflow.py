"""The one table of what may be done in a séance, by its status, and of a ballot."""

from enum import StrEnum

from pdp.core.errors import RuleViolation
from pdp.meetings.enums import BallotStatus, MeetingStatus


class MeetingAction(StrEnum):
    """An act on a séance."""

    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    EDIT_AGENDA = "edit_agenda"
    SET_CHAIR = "set_chair"
    OPEN = "open"
    SET_ATTENDANCE = "set_attendance"
    SELECT_ITEM = "select_item"
    DISCUSS = "discuss"
    VOTE = "vote"
    GIVE_OPINION = "give_opinion"
    ADD_ACTION = "add_action"
    CLOSE = "close"


class BallotAction(StrEnum):
    """An act on a ballot."""

    CAST = "cast"
    CLOSE = "close"
    STOP = "stop"
    GIVE_OPINION = "give_opinion"


_PLANNED, _OPEN, _CLOSED = MeetingStatus.PLANNED, MeetingStatus.OPEN, MeetingStatus.CLOSED
_CANCELLED = MeetingStatus.CANCELLED

MEETING_MOVES: dict[tuple[MeetingStatus, MeetingAction], MeetingStatus] = {
    (_PLANNED, MeetingAction.RESCHEDULE): _PLANNED,
    (_PLANNED, MeetingAction.CANCEL): _CANCELLED,
    (_PLANNED, MeetingAction.EDIT_AGENDA): _PLANNED,
    (_PLANNED, MeetingAction.SET_CHAIR): _PLANNED,
    (_PLANNED, MeetingAction.OPEN): _OPEN,
    (_OPEN, MeetingAction.EDIT_AGENDA): _OPEN,
    (_OPEN, MeetingAction.SET_CHAIR): _OPEN,
    (_OPEN, MeetingAction.SET_ATTENDANCE): _OPEN,
    (_OPEN, MeetingAction.SELECT_ITEM): _OPEN,
    (_OPEN, MeetingAction.DISCUSS): _OPEN,
    (_OPEN, MeetingAction.VOTE): _OPEN,
    (_OPEN, MeetingAction.GIVE_OPINION): _OPEN,
    (_OPEN, MeetingAction.ADD_ACTION): _OPEN,
    (_OPEN, MeetingAction.CLOSE): _CLOSED,
}

BALLOT_MOVES: dict[tuple[BallotStatus, BallotAction], BallotStatus] = {
    (BallotStatus.OPEN, BallotAction.CAST): BallotStatus.OPEN,
    (BallotStatus.OPEN, BallotAction.CLOSE): BallotStatus.CLOSED,
    (BallotStatus.OPEN, BallotAction.STOP): BallotStatus.STOPPED,
    (BallotStatus.CLOSED, BallotAction.GIVE_OPINION): BallotStatus.CLOSED,
}

_WHY_NOT: dict[MeetingStatus, str] = {
    _PLANNED: "La séance n’est pas encore ouverte. Ouvrez-la, puis recommencez.",
    _OPEN: "La séance est déjà ouverte : cela ne se change plus.",
    _CLOSED: "La séance est close : plus rien n’y change.",
    _CANCELLED: "La séance est annulée : plus rien n’y change. Planifiez-en une autre.",
}

_BALLOT_WHY_NOT: dict[BallotAction, str] = {
    BallotAction.CAST: "Le scrutin est clos : ce vote n’est pas enregistré.",
    BallotAction.CLOSE: "Le scrutin est déjà clos : rien n’a changé.",
    BallotAction.STOP: "Le scrutin est clos : un débat oral ne peut plus être demandé.",
    BallotAction.GIVE_OPINION: "Le scrutin est encore ouvert. Fermez-le avant de rendre l’avis.",
}


_STOPPED = "Un membre a demandé un débat oral : ce point est renvoyé à la prochaine séance."


def can_act(status: MeetingStatus, action: MeetingAction) -> bool:
    """Tell whether the act is possible in a séance of this status."""
    return (status, action) in MEETING_MOVES


def next_status(status: MeetingStatus, action: MeetingAction) -> MeetingStatus:
    """Return the status after the act. Raises `RuleViolation` when it is not possible."""
    if not can_act(status, action):
        raise RuleViolation(_WHY_NOT[status])
    return MEETING_MOVES[status, action]


def next_ballot_status(status: BallotStatus, action: BallotAction) -> BallotStatus:
    """Return the status of the ballot after the act. Raises `RuleViolation` when it is not possible."""
    found = BALLOT_MOVES.get((status, action))
    if found is None and status is BallotStatus.STOPPED:
        raise RuleViolation(_STOPPED)
    if found is None:
        raise RuleViolation(_BALLOT_WHY_NOT[action])
    return found
