"""Record an agreement or a document, or note that it was asked for."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict
from pdp.policy.permissions import Permission
from pdp.requests import service
from pdp.requests.schemas import PieceInput
from pdp.requests.views import bp
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires


@bp.get("/demandes/<request_id>/pieces/<piece_id>")
@requires(Permission.REQUEST_WRITE)
def piece(request_id: str, piece_id: str) -> str:
    """Show the form that records a piece."""
    panel, line, stored = service.read_piece(current_actor(), request_id, piece_id)
    known = {"state": line.state.name, "dated": line.dated.isoformat() if line.dated else "", "comment": line.comment}
    return render_template(
        "requests/piece.html", panel=panel, line=line, stored=stored, options=_options(stored), form=Form(known)
    )


@bp.post("/demandes/<request_id>/pieces/<piece_id>")
@requires(Permission.REQUEST_WRITE)
def record_piece(request_id: str, piece_id: str) -> Response | tuple[str, int]:
    """Record a piece."""
    status = 422
    try:
        form, done = forms.submit(PieceInput(), lambda values: _record(request_id, piece_id, values))
    except Conflict as error:
        # The page shows what is stored now beside what was typed, which is still in the form.
        form, done, status = Form(request.form, {"_form": [error.message]}), None, 409
    if not done:
        panel, line, stored = service.read_piece(current_actor(), request_id, piece_id)
        page = {"panel": panel, "line": line, "stored": stored, "options": _options(stored)}
        return render_template("requests/piece.html", form=form, **page), status
    flash("La pièce est enregistrée.", "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


@bp.post("/demandes/<request_id>/pieces/<piece_id>/relance")
@requires(Permission.REQUEST_WRITE)
def ask_piece(request_id: str, piece_id: str) -> Response:
    """Note that a missing piece was asked for today."""
    service.ask_piece(current_actor(), request_id, piece_id)
    flash("La date de la demande est notée : chacun voit depuis quand la pièce est attendue.", "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


@bp.post("/demandes/<request_id>/pieces/<piece_id>/depuis/<document_id>")
@requires(Permission.REQUEST_WRITE)
def record_from_document(request_id: str, piece_id: str, document_id: str) -> Response:
    """Record a required document as received, from the piece of the case that answers it."""
    case_id = service.record_from_document(current_actor(), request_id, piece_id, document_id)
    flash("La pièce est notée reçue : la demande la compte.", "success")
    return redirect(url_for("documents.case_documents", case_id=case_id), 303)


def _record(request_id: str, piece_id: str, values: dict[str, Any]) -> bool:
    service.record_piece(current_actor(), request_id, piece_id, **values)
    return True


def _options(stored: service.StoredPiece) -> list[tuple[str, str]]:
    return [(state.name, state.label) for state in stored.states]
