"""Pages of pieces: the tab of a case, the forms that add, examine and take out, and the file itself."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from pdp.cases.tabs import FILE_LABELS
from pdp.core.errors import Conflict, NotFound
from pdp.core.french import capital
from pdp.documents import service
from pdp.documents.enums import About, MediaType, PaperKind, ReviewDecision, ReviewState, ScanState, Spread
from pdp.documents.rules.inspection import Reason
from pdp.documents.rules.kinds import offered
from pdp.documents.rules.limits import Limits
from pdp.documents.rules.view import weight
from pdp.documents.schemas import AddInput, ReviewInput, WithdrawInput
from pdp.documents.service import Adding
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.web import forms, uploads
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

bp = Blueprint("documents", __name__)

# The only types ever sent, whatever a file may claim.
MEDIA_TYPES: dict[MediaType, str] = {
    MediaType.PDF: "application/pdf",
    MediaType.PNG: "image/png",
    MediaType.JPEG: "image/jpeg",
    MediaType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    MediaType.ODT: "application/vnd.oasis.opendocument.text",
    MediaType.TEXT: "text/plain; charset=utf-8",
}
# What the file picker offers; a phone adds its camera by itself.
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.odt,.txt"
LABELS = {
    "kind": "Nature de la pièce",
    "expected": "Pièce attendue",
    "label": "Rubrique",
    "spread": "Qui peut la lire",
    "precision": "Précision",
    "file": "Fichier",
    "decision": "Votre décision",
    "reason": "Motif",
}
_SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


@bp.get("/dossiers/<case_id>/pieces")
@requires(Permission.DOCUMENT_READ)
def case_documents(case_id: str) -> str:
    """Show the pieces of a case: to examine, there, awaited."""
    case, pieces = service.read_pieces(current_actor(), case_id)
    return render_template("pieces/list.html", case=case, tab="documents", pieces=pieces, label_names=LABEL_NAMES)


@bp.get("/dossiers/<case_id>/pieces/ajouter")
@requires(Permission.DOCUMENT_ADD)
def add(case_id: str) -> str:
    """Show the form that adds a piece, already filled for one that is awaited."""
    adding = service.prepare(current_actor(), case_id)
    wanted = next((line for line in adding.expected if line.ref == request.args.get("attendue")), None)
    known = {"expected": wanted.ref, "kind": wanted.kind or ""} if wanted else {}
    return _add_page(adding, Form(known))


@bp.post("/dossiers/<case_id>/pieces/ajouter")
@requires(Permission.DOCUMENT_ADD)
@uploads.accepts_file("largest_piece")
def add_post(case_id: str) -> Any:
    """Add a piece."""
    return _add(case_id, None)


@bp.get("/dossiers/<case_id>/pieces/<document_id>/remplacer")
@requires(Permission.DOCUMENT_ADD)
def replace(case_id: str, document_id: str) -> str:
    """Show the form that adds a newer version; the former one is kept."""
    adding = service.prepare(current_actor(), case_id, replaces=document_id)
    assert adding.former is not None
    known = {"kind": adding.former.kind, "label": adding.former.label, "precision": adding.former.precision}
    return _add_page(adding, Form(known))


@bp.post("/dossiers/<case_id>/pieces/<document_id>/remplacer")
@requires(Permission.DOCUMENT_ADD)
@uploads.accepts_file("largest_piece")
def replace_post(case_id: str, document_id: str) -> Any:
    """Add a newer version."""
    return _add(case_id, document_id)


@bp.get("/pieces/<document_id>")
@requires(Permission.DOCUMENT_READ)
def download(document_id: str) -> Response:
    """Send a file, always as an attachment, under a neutral name."""
    opened = service.open_document(current_actor(), document_id)
    answer = Response(opened.body, content_type=MEDIA_TYPES[opened.media])
    answer.headers.set("Content-Disposition", "attachment", filename=opened.file_name)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    return answer


@bp.get("/pieces/<document_id>/examen")
@requires(Permission.DOCUMENT_REVIEW)
def review(document_id: str) -> str:
    """Show a proposal to the person who decides on it."""
    return _review_page(document_id, Form())


@bp.post("/pieces/<document_id>/examen")
@requires(Permission.DOCUMENT_REVIEW)
def review_post(document_id: str) -> Any:
    """Accept a proposal, or refuse it."""
    status = 422
    try:
        form, decided = forms.submit(
            ReviewInput(), lambda values: service.review(current_actor(), document_id, **values)
        )
    except Conflict as error:
        form, decided, status = Form(request.form, {"_form": [error.message]}), None, 409
    if decided is None:
        return _review_page(document_id, form), status
    accepted = decided is ReviewState.ACCEPTED
    flash("La pièce est au dossier." if accepted else "La pièce n’est pas retenue. Le partenaire le voit.", "success")
    case, _ = service.read_document(current_actor(), document_id)
    return redirect(url_for("documents.case_documents", case_id=case.public_id), 303)


@bp.get("/pieces/<document_id>/retrait")
@requires(Permission.DOCUMENT_ADD)
def withdraw(document_id: str) -> str:
    """Say what taking a piece out will do."""
    return _withdraw_page(document_id, Form())


@bp.post("/pieces/<document_id>/retrait")
@requires(Permission.DOCUMENT_ADD)
def withdraw_post(document_id: str) -> Any:
    """Take a piece out."""
    status = 422
    try:
        form, case_id = forms.submit(
            WithdrawInput(), lambda values: service.withdraw(current_actor(), document_id, **values)
        )
    except Conflict as error:
        form, case_id, status = Form(request.form, {"_form": [error.message]}), None, 409
    if case_id is None:
        return _withdraw_page(document_id, form), status
    flash("La pièce est retirée : plus personne ne peut l’ouvrir. Sa trace reste au dossier.", "success")
    return redirect(url_for("documents.case_documents", case_id=case_id), 303)


@bp.get("/cellule/pieces")
@requires(Permission.CELLULE_READ)
def rules_of_files() -> str:
    """Say which files are accepted, and how the antivirus stands."""
    return render_template(
        "pieces/rules.html",
        scanner=service.read_scanner(current_actor()),
        limits=_limits(),
        largest=weight(_limits().largest),
        reasons=[reason.label for reason in Reason],
    )


def _limits() -> Limits:
    return Limits(largest=current_app.config["PDP"].largest_piece)


def _add(case_id: str, replaces: str | None) -> Answer | tuple[str, int]:
    actor = current_actor()
    form, added = forms.submit(AddInput(), lambda values: _store(case_id, replaces, values))
    if added is None:
        status = 413 if uploads.is_too_large() else 422
        return _add_page(service.prepare(actor, case_id, replaces=replaces), _with_file_error(form)), status
    flash(_said(added), "info" if added.existed else "success")
    return redirect(url_for("documents.case_documents", case_id=case_id), 303)


def _store(case_id: str, replaces: str | None, values: dict[str, Any]) -> service.Added | None:
    sent = uploads.file("file")
    if sent is None:
        return None
    expected = values.get("expected")
    return service.add_document(
        current_actor(),
        case_id,
        title_kind=values["kind"],
        label=values.get("label"),
        spread=values.get("spread", Spread.AGREED),
        precision=values.get("precision", ""),
        about=About.PIECE if expected else None,
        about_ref=expected,
        replaces=replaces,
        stream=sent.stream,
        file_name=sent.filename or "",
        limits=_limits(),
    )


def _with_file_error(form: Form) -> Form:
    """Say, beside the other errors, that the file is too heavy, missing, or to choose again."""
    if uploads.is_too_large():
        largest = weight(_limits().largest)
        form.errors["file"] = [
            f"Ce fichier dépasse {largest}. Numérisez la pièce moins finement, ou en deux fois, puis recommencez."
        ]
    elif uploads.file("file") is None:
        form.errors["file"] = ["Choisissez le fichier à ajouter."]
    elif "file" not in form.errors:
        form.errors["file"] = ["Choisissez de nouveau le fichier : le navigateur ne le garde pas."]
    return form


def _said(added: service.Added) -> str:
    if added.existed:
        return "Ce fichier était déjà au dossier : rien n’a été ajouté une seconde fois."
    if added.review is ReviewState.PROPOSED:
        return "La pièce est proposée. Le référent du dossier l’examine, puis décide de qui peut la lire."
    if added.scan is ScanState.WAITING:
        return "La pièce est ajoutée. Elle s’ouvrira quand l’antivirus l’aura contrôlée."
    return "La pièce est au dossier."


def _add_page(adding: Adding, form: Form) -> str:
    return render_template(
        "pieces/add.html",
        case=adding.case,
        former=adding.former,
        expected=[(line.ref, f"{line.title}, {line.wanted_for}") for line in adding.expected],
        kinds=[(group, [(kind.value, kind.label) for kind in kinds]) for group, kinds in _kinds_of(adding)],
        labels_offered=[
            (label.value, capital(LABEL_NAMES[label])) for label in FILE_LABELS if label in adding.addable
        ],
        spreads=[(spread.value, spread.label) for spread in Spread],
        form=form,
        labels=LABELS,
        accept=ACCEPT,
        largest=weight(_limits().largest),
        label_names=LABEL_NAMES,
    )


def _kinds_of(adding: Adding) -> list[tuple[str, list[PaperKind]]]:
    groups = offered(adding.addable)
    known = {kind for _, kinds in groups for kind in kinds}
    former = adding.former.kind if adding.former else None
    return groups if former is None or former in known else [("Même nature", [former]), *groups]


def _review_page(document_id: str, form: Form) -> str:
    examined = service.examine(current_actor(), document_id)
    return render_template(
        "pieces/review.html",
        case=examined.case,
        line=examined.line,
        labels_offered=[(label.value, capital(LABEL_NAMES[label])) for label in examined.labels],
        spreads=[(spread.value, spread.label) for spread in Spread],
        decisions=[(decision.value, decision.label) for decision in ReviewDecision],
        form=form,
        labels=LABELS,
        label_names=LABEL_NAMES,
    )


def _withdraw_page(document_id: str, form: Form) -> str:
    case, line = service.read_document(current_actor(), document_id)
    if not line.may_withdraw:
        raise NotFound
    return render_template("pieces/withdraw.html", case=case, line=line, form=form, labels=LABELS)
