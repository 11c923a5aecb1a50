"""Reads of minutes: what they are composed from, and what was composed."""

from pdp.minutes.queries.find import (
    FileRow,
    MinutesRow,
    VersionRow,
    case_ids,
    find_minutes,
    get_file,
    get_meeting,
    list_versions,
    next_number,
    version_content,
)
from pdp.minutes.queries.gather import gather
from pdp.minutes.queries.load import LoadedMeeting, load

__all__ = [
    "FileRow",
    "LoadedMeeting",
    "MinutesRow",
    "VersionRow",
    "case_ids",
    "find_minutes",
    "gather",
    "get_file",
    "get_meeting",
    "list_versions",
    "load",
    "next_number",
    "version_content",
]
