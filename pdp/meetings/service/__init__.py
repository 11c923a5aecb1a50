"""The use cases of séances. Their signatures are listed in the docstring of `pdp.meetings`."""

from pdp.meetings.service.actions import add_action, complete_action
from pdp.meetings.service.agenda import add_to_agenda, move_item, remove_from_agenda, save_discussion, select_item
from pdp.meetings.service.attendance import seat_titulaires, set_attendance, set_chair
from pdp.meetings.service.ballots import ClosedBallot, MissingVotes, close_ballot, open_ballot
from pdp.meetings.service.decisions import record_decision
from pdp.meetings.service.opinions import record_opinion
from pdp.meetings.service.planning import close_meeting, open_meeting, plan_meeting, reschedule
from pdp.meetings.service.points import add_point, edit_point, remove_point, save_resolution
from pdp.meetings.service.reading import (
    ballot_state,
    list_meetings,
    meeting_state,
    my_ballot,
    read_console,
    read_meeting,
    read_room,
)
from pdp.meetings.service.telling import calendar_entry
from pdp.meetings.service.voting import VoteReceipt, cast_vote, recuse, type_all_for, type_vote

__all__ = [
    "ClosedBallot",
    "MissingVotes",
    "VoteReceipt",
    "add_action",
    "add_point",
    "add_to_agenda",
    "ballot_state",
    "calendar_entry",
    "cast_vote",
    "close_ballot",
    "close_meeting",
    "complete_action",
    "edit_point",
    "list_meetings",
    "meeting_state",
    "move_item",
    "my_ballot",
    "open_ballot",
    "open_meeting",
    "plan_meeting",
    "read_console",
    "read_meeting",
    "read_room",
    "record_decision",
    "record_opinion",
    "recuse",
    "remove_from_agenda",
    "remove_point",
    "reschedule",
    "save_discussion",
    "save_resolution",
    "seat_titulaires",
    "select_item",
    "set_attendance",
    "set_chair",
    "type_all_for",
    "type_vote",
]
