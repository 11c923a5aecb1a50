"""Séances: agenda, presence, ballots, votes, opinions, decisions and actions."""

from pdp.meetings.models.ballot import Ballot, BallotVoter, Vote
from pdp.meetings.models.correction import OpinionCorrection
from pdp.meetings.models.history import AttendanceEvent
from pdp.meetings.models.meeting import AgendaItem, AgendaTrace, Meeting
from pdp.meetings.models.outcome import Action, CelluleOpinion, FundDecision
from pdp.meetings.models.point import AgendaPoint
from pdp.meetings.models.presence import Attendance

__all__ = [
    "Action",
    "AgendaItem",
    "AgendaPoint",
    "AgendaTrace",
    "Attendance",
    "AttendanceEvent",
    "Ballot",
    "BallotVoter",
    "CelluleOpinion",
    "FundDecision",
    "Meeting",
    "OpinionCorrection",
    "Vote",
]
