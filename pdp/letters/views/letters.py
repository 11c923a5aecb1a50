"""The letters of a case: write one, look at it, keep it, record that it left."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for

from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.letters import service
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.schemas import LetterInput, SentInput
from pdp.letters.service.compose import Order
from pdp.letters.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

FORMATS = {"pdf": "PDF", "docx": "Word (DOCX)"}
_LABELS = {
    "organisation": "Organisme",
    "address": "Adresse, sous le nom",
    "agreed_on": "Jour où la personne a donné son accord",
    "sent_on": "Parti le",
    "means": "Comment",
}


@bp.get("/courriers")
@requires(Permission.LETTER_PRODUCE)
def list_letters() -> str:
    """Show the refusals whose letter has not left, then the register."""
    due, last = service.list_letters(current_actor())
    refusal = LetterKind.REFUSAL.value
    return render_template("letters/list.html", due=due, last=last, local=clock.local, refusal=refusal)


@bp.get("/dossiers/<case_id>/courriers")
@requires(Permission.CASE_READ)
def case_letters(case_id: str) -> str:
    """Show the letters of a case, and those that may be written."""
    case, page = service.read_case_letters(current_actor(), case_id)
    return render_template("letters/case.html", case=case, tab="letters", page=page, local=clock.local)


@bp.get("/demandes/<request_id>/courriers/<letter_kind>")
@requires(Permission.LETTER_PRODUCE)
def write_letter(request_id: str, letter_kind: str) -> str:
    """Show the letter as it would be produced now."""
    order = Order(_kind(letter_kind))
    prepared = service.prepare_letter(current_actor(), request_id, order, is_new=True)
    return _page(prepared, Form({}))


@bp.post("/demandes/<request_id>/courriers/<letter_kind>")
@requires(Permission.LETTER_PRODUCE)
def produce_letter(request_id: str, letter_kind: str) -> Any:
    """Show the letter again with what was typed or, asked to, keep it."""
    actor, kind = current_actor(), _kind(letter_kind)
    form = forms.read(LetterInput())
    order = Order(kind, **form.values) if form.is_valid else Order(kind)
    if form.raw.get("act") == "produce" and form.is_valid:
        fictitious = current_app.config["PDP"].demo
        form, made = forms.submit(
            LetterInput(), lambda _: service.produce_letter(actor, request_id, order, fictitious=fictitious)
        )
        if made is not None:
            flash("Le courrier est produit. Enregistrez son envoi une fois qu’il est parti.", "success")
            return redirect(url_for("letters.show_letter", letter_id=made), 303)
    prepared = service.prepare_letter(actor, request_id, order)
    return _page(prepared, form), 200 if form.is_valid and prepared.letter else 422


@bp.get("/courriers/<letter_id>")
@requires(Permission.LETTER_READ)
def show_letter(letter_id: str) -> str:
    """Show a letter that was produced, and where its sending stands."""
    return _letter_page(letter_id, Form({}))


@bp.post("/courriers/<letter_id>/envoi")
@requires(Permission.LETTER_PRODUCE)
def record_sent(letter_id: str) -> Any:
    """Record that a letter left."""
    form, case = forms.submit(SentInput(), lambda values: service.record_sent(current_actor(), letter_id, **values))
    if case is None:
        return _letter_page(letter_id, form), 422
    flash("L’envoi est enregistré.", "success")
    return redirect(url_for("letters.case_letters", case_id=case), 303)


@bp.get("/courriers/<letter_id>/fichier/<file_format>")
@requires(Permission.LETTER_READ)
def download(letter_id: str, file_format: str) -> Response:
    """Send a file of a letter, as an attachment."""
    file = service.download(current_actor(), letter_id, file_format)
    answer = Response(file.body, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer


def _kind(word: str) -> LetterKind:
    try:
        return LetterKind(word)
    except ValueError:
        raise NotFound from None


def _page(prepared: Any, form: Form) -> str:
    errors = form.errors or prepared.errors if form.raw else {}
    return render_template(
        "letters/write.html",
        page=prepared,
        form=form,
        errors=errors,
        labels=_LABELS,
        partners=[(one.public_id, one.short_name) for one in prepared.partners],
    )


def _letter_page(letter_id: str, form: Form) -> str:
    page = service.open_letter(current_actor(), letter_id)
    to_partner = page.line.kind is LetterKind.PARTNER
    return render_template(
        "letters/letter.html",
        page=page,
        form=form,
        labels=_LABELS,
        formats=FORMATS,
        local=clock.local,
        today_is=clock.today(),
        means=[(one.value, one.label) for one in SendingMeans if to_partner or one is not SendingMeans.SITE],
    )
