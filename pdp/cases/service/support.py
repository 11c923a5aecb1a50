"""Notes of a case, each under one label; a note is never edited, only added."""

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import CaseNote
from pdp.cases.rules.view import CaseView, NoteView
from pdp.cases.service.access import case_to_write
from pdp.cases.service.reading import view_of
from pdp.cases.tabs import NOTE_LABELS
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound
from pdp.core.french import capital
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.masking import UNNAMED
from pdp.policy.permissions import Permission, ensure


def read_support(actor: Actor, case_id: str) -> tuple[CaseView, list[NoteView]]:
    """Open the accompaniment of a case: the notes that the actor may read, newest first."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        view = view_of(actor, case)
        if "support" not in view.tabs:
            raise NotFound
        notes = queries.list_notes(case, view.labels & frozenset(NOTE_LABELS))
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="support", notes=len(notes))
        unnamed = accounts.find_unnamed(actor, {note.author_id for note in notes})
        return view, [_view(note, named=note.author_id not in unnamed) for note in notes]


def add_note(actor: Actor, case_id: str, *, label: Label, text: str) -> None:
    """Add a note under a label that the actor may write.

    Social notes are the referent's and their manager's, medical ones the service médical's.
    """
    if label not in NOTE_LABELS:
        raise InvalidInput({"label": ["Choisissez une rubrique de la liste."]})
    with db.transaction(actor):
        case = case_to_write(actor, case_id, label)
        note = CaseNote(
            cellule_id=case.cellule_id,
            case_id=case.id,
            label=label,
            text=text,
            author_id=actor.user_id,
            written_at=clock.now(),
        )
        db.session().add(note)
        audit.record(actor, "case.note", case_id=case.id, subject=note, label=label.value)


def _view(note: CaseNote, *, named: bool) -> NoteView:
    author = note.author.full_name if named else capital(UNNAMED)
    return NoteView(note.public_id, note.label, note.text, author, note.written_at)
