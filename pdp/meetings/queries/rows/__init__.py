"""What the pages of a séance show: frozen rows, instants in UTC, public ids, nothing left to load.

A field that its reader may not see is None or empty.
"""

from pdp.meetings.queries.rows.ballot import (
    BallotSeat,
    BallotState,
    BallotView,
    CarriedSeat,
    MyBallot,
    SeatAnswer,
    SeatState,
)
from pdp.meetings.queries.rows.console import (
    ActionView,
    ActivityView,
    Console,
    CorrectionMark,
    CurrentItem,
    OpinionView,
    PieceView,
)
from pdp.meetings.queries.rows.meeting import (
    AgendaRow,
    HolderRow,
    MeetingList,
    MeetingPage,
    MeetingRow,
    MeetingState,
    MeetingView,
    SeatRow,
    TraceRow,
)
from pdp.meetings.queries.rows.point import PointRow
from pdp.meetings.queries.rows.room import Room, RoomSeat
from pdp.meetings.queries.rows.timetable import PartnerWindow, Timetable

__all__ = [
    "ActionView",
    "ActivityView",
    "AgendaRow",
    "BallotSeat",
    "BallotState",
    "BallotView",
    "CarriedSeat",
    "Console",
    "CorrectionMark",
    "CurrentItem",
    "HolderRow",
    "MeetingList",
    "MeetingPage",
    "MeetingRow",
    "MeetingState",
    "MeetingView",
    "MyBallot",
    "OpinionView",
    "PartnerWindow",
    "PieceView",
    "PointRow",
    "Room",
    "RoomSeat",
    "SeatAnswer",
    "SeatRow",
    "SeatState",
    "Timetable",
    "TraceRow",
]
