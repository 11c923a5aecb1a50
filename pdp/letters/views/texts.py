"""« Textes et courriers »: what the cellule writes once, previewed, with its history."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.core.errors import Conflict
from pdp.dispositifs.enums import Dispositif
from pdp.letters import service
from pdp.letters.enums import TextKind
from pdp.letters.reference import letter_of
from pdp.letters.rules.tags import REQUIRED, allowed_in
from pdp.letters.schemas import TemplateInput, TextInput
from pdp.letters.service.texts import Preview
from pdp.letters.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

_LABELS = {
    "kind": "Où ce texte est proposé",
    "dispositif": "Pour quel dispositif",
    "title": "Titre",
    "body": "Texte",
    "source": "Référence légale",
    "active": "Proposé aux personnes qui saisissent",
}


@bp.get("/cellule/textes")
@requires(Permission.TEXT_SET)
def list_texts() -> str:
    """List the letters and the standard sentences of the cellule."""
    return _said(render_template("letters/texts.html", texts=service.list_texts(current_actor()), kinds=TextKind))


@bp.get("/cellule/textes/nouveau")
@requires(Permission.TEXT_SET)
def add_text() -> str:
    """Show the form of a new sentence."""
    return _page(None, Form({}), None)


@bp.post("/cellule/textes/nouveau")
@requires(Permission.TEXT_SET)
def add_text_post() -> Any:
    """Show what a new sentence gives, or keep it."""
    return _submitted(None)


@bp.get("/cellule/textes/<text_code>")
@requires(Permission.TEXT_SET)
def show_text(text_code: str) -> str:
    """Show a text to edit, what it gives, and its versions."""
    return _page(text_code, Form({}), None)


@bp.post("/cellule/textes/<text_code>")
@requires(Permission.TEXT_SET)
def save_text(text_code: str) -> Any:
    """Show what a text gives, or keep it as a new version."""
    return _submitted(text_code)


def _submitted(code: str | None) -> Any:
    actor = current_actor()
    schema = TemplateInput() if code and letter_of(code) else TextInput()
    if request.form.get("act") != "save":
        form, preview = forms.submit(
            schema, lambda values: service.preview_text(actor, code, title=values["title"], body=values["body"])
        )
        return _page(code, form, preview), 200 if preview else 422
    try:
        form, saved = forms.submit(schema, lambda values: service.save_text(actor, code, **values))
    except Conflict as stale:
        # What was typed stays, beside the version saved meanwhile, which the history shows.
        return _page(code, Form(request.form, {"_form": [stale.message]}), None, is_stale=True), 409
    if saved is None:
        return _page(code, form, None), 422
    flash("Le texte est enregistré. L’ancienne version reste dans son historique.", "success")
    return redirect(url_for("letters.show_text", text_code=saved), 303)


def _page(code: str | None, form: Form, preview: Preview | None, *, is_stale: bool = False) -> str:
    actor = current_actor()
    text, versions = service.read_text(actor, code) if code else (None, ())
    if preview is None and text is not None and not form.raw:
        preview = service.preview_text(actor, code, title=text.title, body=text.body)
    letter = text.letter if text else None
    page = render_template(
        "letters/text.html",
        code=code,
        text=text,
        letter=letter,
        versions=versions,
        form=form,
        edition=form.value("edition") if form.raw and not is_stale else (text.edition if text else 0),
        preview=preview,
        labels=_LABELS | ({"title": "Objet"} if letter else {}),
        tags=allowed_in(letter) if letter else (),
        required=REQUIRED[letter] if letter else (),
        kinds=[(kind.value, kind.label) for kind in TextKind if kind is not TextKind.LETTER],
        dispositifs=[(one.value, one.label) for one in Dispositif],
    )
    return _said(page)


def _said(page: str) -> str:
    """Write double braces as character references: in a page they are text, for whatever reads it."""
    return page.replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;")
