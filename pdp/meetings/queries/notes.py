"""The note of a discussion, with who saved it last."""

from pdp.accounts.models import User
from pdp.core import db
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries.rows.note import NoteView
from pdp.policy.actor import Actor


def note_view(actor: Actor, item: AgendaItem, *, merged: bool = False) -> NoteView:
    """Return the note of an item; one statement when somebody else than the reader saved it last."""
    other = item.note_by_id if item.note_by_id not in (None, actor.user_id) else None
    author = db.session().get(User, other) if other is not None else None
    name = author.full_name if author else ""
    return NoteView(item.public_id, item.discussion, item.note_version, item.note_at, name, merged)
