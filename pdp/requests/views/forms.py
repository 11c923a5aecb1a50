"""The form that asks for a dispositif: first which one, then what it needs; and the same form to change it."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif
from pdp.policy.permissions import Permission
from pdp.requests import service
from pdp.requests.enums import RequestAuthor
from pdp.requests.rules.details import DETAILS, FieldKind
from pdp.requests.schemas import DispositifInput, request_input, split_details
from pdp.requests.views import bp
from pdp.web import forms
from pdp.web.filters import date_digits
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

_LABELS = {
    "author": "Qui demande",
    "purpose": "Objet de la demande",
    "measure_start": "Premier jour de la mesure",
    "measure_end": "Dernier jour de la mesure",
}
_AUTHORS = tuple((author.name, author.label) for author in RequestAuthor)
_UNKNOWN = "Ce dispositif n’existe pas. Choisissez-en un dans la liste."


@bp.get("/dossiers/<case_id>/demandes/nouvelle")
@requires(Permission.REQUEST_CREATE)
def new(case_id: str) -> str | tuple[str, int]:
    """Show the dispositifs to choose from, or the form of the one chosen."""
    guidance = service.guide(current_actor(), case_id)
    if "dispositif" not in request.args:
        return render_template("requests/choose.html", guidance=guidance, error=None)
    chosen = _chosen(request.args)
    if chosen is None:
        return render_template("requests/choose.html", guidance=guidance, error=_UNKNOWN), 422
    return _new_page(guidance, chosen, Form({"author": RequestAuthor.INSURED.name}))


@bp.post("/dossiers/<case_id>/demandes/nouvelle")
@requires(Permission.REQUEST_CREATE)
def create(case_id: str) -> Response | tuple[str, int]:
    """Ask for the dispositif chosen."""
    chosen = _chosen(request.form)
    if chosen is None:
        guidance = service.guide(current_actor(), case_id)
        return render_template("requests/choose.html", guidance=guidance, error=_UNKNOWN), 422
    form, created = forms.submit(
        request_input(chosen),
        lambda values: service.create_request(
            current_actor(), case_id, dispositif=chosen, **split_details(chosen, values)
        ),
    )
    if created is None:
        return _new_page(service.guide(current_actor(), case_id), chosen, form), 422
    flash("La demande est créée. Recueillez les accords et les pièces, puis déclarez-la prête.", "success")
    return redirect(url_for("requests.show", request_id=created), 303)


@bp.get("/demandes/<request_id>/modifier")
@requires(Permission.REQUEST_WRITE)
def edit(request_id: str) -> str:
    """Show the form that changes what is asked."""
    stored = service.read_for_edit(current_actor(), request_id)
    return _edit_page(stored, Form(stored.values))


@bp.post("/demandes/<request_id>/modifier")
@requires(Permission.REQUEST_WRITE)
def edit_post(request_id: str) -> Response | str | tuple[str, int]:
    """Change what is asked; a stale form shows both versions."""
    stored = service.read_for_edit(current_actor(), request_id)
    try:
        form, done = forms.submit(
            request_input(stored.dispositif, versioned=True),
            lambda values: _edit(request_id, stored.dispositif, values),
        )
    except Conflict:
        return _conflict_page(stored), 409
    if not done:
        return _edit_page(stored, form), 422
    flash("La demande est enregistrée.", "success")
    return redirect(url_for("requests.show", request_id=request_id), 303)


def _edit(request_id: str, dispositif: Dispositif, values: dict[str, Any]) -> bool:
    service.edit(current_actor(), request_id, **split_details(dispositif, values))
    return True


def _chosen(raw: MultiDict[str, str]) -> Dispositif | None:
    try:
        found: Dispositif = DispositifInput().load(raw)["dispositif"]
    except ValidationError:
        return None
    return found


def _labels(dispositif: Dispositif) -> dict[str, str]:
    return _LABELS | {detail.path: detail.label for detail in DETAILS[dispositif]}


def _new_page(guidance: service.Guidance, chosen: Dispositif, form: Form) -> str:
    guide = next(each for each in guidance.guides if each.sheet.code is chosen)
    page = {"sheet": sheet(chosen), "details": DETAILS[chosen], "labels": _labels(chosen), "form": form}
    return render_template("requests/new.html", guidance=guidance, guide=guide, author_options=_AUTHORS, **page)


def _edit_page(stored: service.StoredRequest, form: Form) -> str:
    chosen = stored.dispositif
    page = {"sheet": sheet(chosen), "details": DETAILS[chosen], "labels": _labels(chosen), "form": form}
    return render_template("requests/edit.html", stored=stored, author_options=_AUTHORS, **page)


def _conflict_page(stored: service.StoredRequest) -> str:
    labels = _labels(stored.dispositif)
    typed = {name: request.form.getlist(name) or [""] for name in labels}
    kept = {name: _as_list(stored.values.get(name)) for name in labels}
    differing = [name for name in labels if typed[name] != kept[name]]
    several = {
        detail.path: detail.options for detail in DETAILS[stored.dispositif] if detail.kind is FieldKind.CHOICES
    }
    words = {detail.path: dict(detail.options) for detail in DETAILS[stored.dispositif]}
    words["author"] = {author.name: author.label for author in RequestAuthor}

    def shown(name: str, values: list[str]) -> str:
        return ", ".join(_french_day(words.get(name, {}).get(value, value)) for value in values if value) or "rien"

    return render_template(
        "requests/conflict.html",
        stored=stored,
        labels=labels,
        typed=typed,
        kept=kept,
        differing=differing,
        several=several,
        shown=shown,
    )


def _as_list(value: Any) -> list[str]:
    if value in (None, ""):
        return [""]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _french_day(text: str) -> str:
    try:
        return date_digits(date.fromisoformat(text))
    except ValueError:
        return text
