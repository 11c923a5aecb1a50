"""Reads of minutes: what they are composed from, what was composed, and what became of it."""

from pdp.minutes.queries.find import (
    FileRow,
    MinutesRow,
    VersionRow,
    case_ids,
    find_awaiting,
    get_file,
    get_meeting,
    list_editions,
    list_versions,
    list_versions_about,
    meeting_of_version,
    next_number,
    version_content,
    was_one_held_since,
)
from pdp.minutes.queries.gather import gather
from pdp.minutes.queries.load import LoadedMeeting, load
from pdp.minutes.queries.register import (
    ObjectionRow,
    RecipientRow,
    add_once,
    contents,
    list_due,
    list_events,
    list_objections,
    list_recipients,
)

__all__ = [
    "FileRow",
    "LoadedMeeting",
    "MinutesRow",
    "ObjectionRow",
    "RecipientRow",
    "VersionRow",
    "add_once",
    "case_ids",
    "contents",
    "find_awaiting",
    "gather",
    "get_file",
    "get_meeting",
    "list_due",
    "list_editions",
    "list_events",
    "list_objections",
    "list_recipients",
    "list_versions",
    "list_versions_about",
    "load",
    "meeting_of_version",
    "next_number",
    "version_content",
    "was_one_held_since",
]
