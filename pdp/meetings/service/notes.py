"""The note of a discussion: several people may type in it, and none of them loses a word."""

from enum import StrEnum

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict
from pdp.core.merge3 import merge
from pdp.meetings import queries
from pdp.meetings.queries.rows.note import NoteView
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_APART = "Le même paragraphe a changé pendant que vous écriviez. Choisissez ce qui doit rester : rien n’est perdu."


class Keep(StrEnum):
    """What a person chooses when two texts do not agree."""

    MINE = "mine"
    OTHER = "other"
    BOTH = "both"


def save_discussion(
    actor: Actor, item: str, *, discussion: str, base: str, ancestor: str = "", keep: Keep | None = None
) -> NoteView:
    """Keep the note of the discussion while the séance is open, and return it as stored.

    `base` is the stored text that the writer started from: what somebody else saved since is brought together
    with it. Raises `Conflict` when both changed the same paragraph; nothing is stored then, and the writer says
    what to `keep`, `base` being the other text and `ancestor` what both had started from.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_item(actor, item)
        next_status(held.meeting.status, MeetingAction.DISCUSS)
        row = held.item
        wanted = _chosen(discussion, base, ancestor, keep)
        found = merge(base, wanted, row.discussion)
        if not found.agreed:
            raise Conflict(_APART)
        if found.text != row.discussion:
            row.discussion = found.text
            row.note_version += 1
            row.note_at, row.note_by_id = clock.now(), actor.user_id
            audit.record(actor, "agenda.discussion", case_id=held.request.case_id, subject=row)
        return queries.note_view(actor, row, merged=found.text != wanted)


def read_note(actor: Actor, item: str) -> NoteView:
    """Return the note as stored, for who typed in it and was refused. Nothing is journaled: the case is open."""
    ensure(actor, Permission.MEETING_RUN)
    with db.reading(actor):
        return queries.note_view(actor, queries.lock_item(actor, item).item)


def _chosen(mine: str, other: str, ancestor: str, keep: Keep | None) -> str:
    if keep is Keep.OTHER:
        return other
    return merge(ancestor, mine, other).text if keep is Keep.BOTH else mine
