"""The use cases of séances. Their signatures are listed in the docstring of `pdp.meetings`."""

from pdp.meetings.service.actions import add_action, complete_action, declare_unmet, read_action
from pdp.meetings.service.agenda import add_to_agenda, move_item, remove_from_agenda, select_item
from pdp.meetings.service.alternatives import link_alternative, unlink_alternative
from pdp.meetings.service.attendance import correct_attendance, seat_titulaires, set_attendance, set_chair
from pdp.meetings.service.ballots import ClosedBallot, MissingVotes, close_ballot, open_ballot
from pdp.meetings.service.cancelling import cancel_meeting
from pdp.meetings.service.decisions import record_decision
from pdp.meetings.service.fast_track import (
    Approval,
    approve_fast_track,
    ask_to_discuss,
    mark_fast_track,
    read_fast_track,
)
from pdp.meetings.service.modes import ask_for_vote, reset_ballot
from pdp.meetings.service.notes import Keep, read_note, save_discussion
from pdp.meetings.service.opinions import record_opinion
from pdp.meetings.service.pace import pause, read_pace, resume
from pdp.meetings.service.planning import close_meeting, open_meeting, plan_meeting, reschedule
from pdp.meetings.service.points import add_point, edit_point, remove_point, save_resolution
from pdp.meetings.service.reading import (
    ballot_state,
    is_consultation,
    list_meetings,
    meeting_state,
    my_ballot,
    read_console,
    read_meeting,
    read_room,
)
from pdp.meetings.service.setting_aside import read_recusals, set_aside, take_back
from pdp.meetings.service.sitting import Sitting, read_sitting
from pdp.meetings.service.telling import calendar_entry
from pdp.meetings.service.voting import VoteReceipt, cast_vote, recuse, type_all_for, type_vote

__all__ = [
    "Approval",
    "ClosedBallot",
    "Keep",
    "MissingVotes",
    "Sitting",
    "VoteReceipt",
    "add_action",
    "add_point",
    "add_to_agenda",
    "approve_fast_track",
    "ask_for_vote",
    "ask_to_discuss",
    "ballot_state",
    "calendar_entry",
    "cancel_meeting",
    "cast_vote",
    "close_ballot",
    "close_meeting",
    "complete_action",
    "correct_attendance",
    "declare_unmet",
    "edit_point",
    "is_consultation",
    "link_alternative",
    "list_meetings",
    "mark_fast_track",
    "meeting_state",
    "move_item",
    "my_ballot",
    "open_ballot",
    "open_meeting",
    "pause",
    "plan_meeting",
    "read_action",
    "read_console",
    "read_fast_track",
    "read_meeting",
    "read_note",
    "read_pace",
    "read_recusals",
    "read_room",
    "read_sitting",
    "record_decision",
    "record_opinion",
    "recuse",
    "remove_from_agenda",
    "remove_point",
    "reschedule",
    "reset_ballot",
    "resume",
    "save_discussion",
    "save_resolution",
    "seat_titulaires",
    "select_item",
    "set_aside",
    "set_attendance",
    "set_chair",
    "take_back",
    "type_all_for",
    "type_vote",
    "unlink_alternative",
]
