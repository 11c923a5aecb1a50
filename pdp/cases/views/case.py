"""The tabs of a case that this feature shows."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.cases import service
from pdp.cases.rules.journal import sentence
from pdp.cases.rules.view import CaseView, NoteView
from pdp.cases.schemas import NO_MEDICAL, NoteInput
from pdp.cases.service.journal import PAGE
from pdp.cases.tabs import NOTE_LABELS
from pdp.cases.views import bp
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission
from pdp.policy.roles import ROLE_NAMES
from pdp.web import forms
from pdp.web.guards import current_actor, requires

# Beyond any journal: what an address may ask for, so that no database is asked to skip more rows than it can count.
_LAST_PAGE = 100_000
NOTE_TITLES = {
    Label.PLAN: "Plan d’aide",
    Label.SOCIAL: "Diagnostic social et entretiens",
    Label.REQUEST: "Note pour la cellule",
    Label.EMPLOYMENT: "Poste et conditions de travail",
    Label.RESTRICTIONS: "Restrictions d’aptitude",
    Label.MEDICAL: "Zone médicale",
}


@bp.get("/dossiers/<case_id>")
@requires(Permission.CASE_READ)
def show_case(case_id: str) -> str:
    """Show the synthesis of a case."""
    case = service.read_case(current_actor(), case_id, part="summary")
    return render_template("cases/summary.html", case=case, tab="summary")


@bp.get("/dossiers/<case_id>/accompagnement")
@requires(Permission.CASE_READ)
def show_support(case_id: str) -> str:
    """Show the notes of a case, label by label."""
    case, notes = service.read_support(current_actor(), case_id)
    return _support_page(case, notes, forms.Form())


@bp.post("/dossiers/<case_id>/accompagnement")
@requires(Permission.CASE_WRITE)
def add_note(case_id: str) -> Any:
    """Add a note."""
    actor = current_actor()

    def add(values: dict[str, Any]) -> bool:
        service.add_note(actor, case_id, **values)
        return True

    form, done = forms.submit(NoteInput(), add)
    if not done:
        return _support_page(*service.read_support(actor, case_id), form), 422
    flash("La note est ajoutée.", "success")
    return redirect(url_for("cases.show_support", case_id=case_id), 303)


@bp.get("/dossiers/<case_id>/journal")
@requires(Permission.CASE_READ)
def show_journal(case_id: str) -> str:
    """Show who did what in the case: one's own entries, or all of them for the coordinator."""
    page = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    case, rows = service.read_journal(current_actor(), case_id, page)
    entries = [(row, sentence(row.action, row.detail)) for row in rows[:PAGE]]
    return render_template(
        "cases/journal.html",
        case=case,
        tab="journal",
        entries=entries,
        page=page,
        more=len(rows) > PAGE,
        role_names=ROLE_NAMES,
    )


def _support_page(case: CaseView, notes: list[NoteView], form: forms.Form) -> str:
    zones = [
        (label, NOTE_TITLES[label], [note for note in notes if note.label is label])
        for label in NOTE_LABELS
        if label in case.labels
    ]
    writable = [(label.value, NOTE_TITLES[label]) for label in NOTE_LABELS if label in case.writable]
    return render_template(
        "cases/support.html",
        case=case,
        tab="support",
        zones=[zone for zone in zones if zone[2] or zone[0] in case.writable],
        writable=writable,
        form=form,
        no_medical=NO_MEDICAL,
    )
