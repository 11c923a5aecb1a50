"""Pages of opinions asked: those of a request, the form that asks, and the partner's answer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.advice import service
from pdp.advice.enums import AdviceValue
from pdp.advice.schemas import AskInput, DeclineInput, ExtensionInput, ReplyInput, RevocationInput
from pdp.core.errors import Conflict
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

bp = Blueprint("advice", __name__)

VALUES = tuple((value.value, value.label) for value in AdviceValue)


@bp.get("/demandes/<request_id>/avis-demandes")
@requires(Permission.ADVICE_READ)
def request_advice(request_id: str) -> str:
    """Show the opinions asked on a request."""
    return render_template("advice/list.html", page=service.read_request_advice(current_actor(), request_id))


@bp.get("/demandes/<request_id>/avis-demandes/nouvelle")
@requires(Permission.ADVICE_ASK)
def new(request_id: str) -> str:
    """Show the form that puts a question."""
    return _ask_page(request_id, Form())


@bp.post("/demandes/<request_id>/avis-demandes/nouvelle")
@requires(Permission.ADVICE_ASK)
def create(request_id: str) -> Response | tuple[str, int]:
    """Put a question to organisations."""
    form, created = forms.submit(AskInput(), lambda values: service.ask(current_actor(), request_id, **values))
    if created is None:
        return _ask_page(request_id, form), 422
    flash("La question est posée. Chaque organisme la trouve dans son espace et reçoit un avis neutre.", "success")
    return redirect(url_for("advice.request_advice", request_id=request_id), 303)


@bp.get("/avis-demandes/<ask_id>")
@requires(Permission.ADVICE_READ)
def show(ask_id: str) -> str:
    """Show a question put to one organisation, and the form of its answer."""
    return _answer_page(ask_id, Form())


@bp.post("/avis-demandes/<ask_id>")
@requires(Permission.ADVICE_ANSWER)
def reply(ask_id: str) -> Response | tuple[str, int]:
    """Give the organisation's opinion."""
    form, done = _submitted(ReplyInput(), lambda values: service.reply(current_actor(), ask_id, **values))
    if not done:
        return _answer_page(ask_id, form), _status(form)
    flash("Votre avis est rendu. Merci.", "success")
    return redirect(url_for("advice.show", ask_id=ask_id), 303)


@bp.get("/avis-demandes/<ask_id>/declin")
@requires(Permission.ADVICE_ANSWER)
def confirm_decline(ask_id: str) -> str:
    """Show the form that declines."""
    subject, found, line = service.read_ask(current_actor(), ask_id)
    return render_template("advice/decline.html", subject=subject, round=found, ask=line, form=Form())


@bp.post("/avis-demandes/<ask_id>/declin")
@requires(Permission.ADVICE_ANSWER)
def decline(ask_id: str) -> Response | tuple[str, int]:
    """Say that the organisation will not answer."""
    form, done = _submitted(DeclineInput(), lambda values: service.decline(current_actor(), ask_id, **values))
    if not done:
        subject, found, line = service.read_ask(current_actor(), ask_id)
        page = {"subject": subject, "round": found, "ask": line}
        return render_template("advice/decline.html", form=form, **page), _status(form)
    flash("La cellule est prévenue que votre organisme ne se prononcera pas.", "success")
    return redirect(url_for("advice.show", ask_id=ask_id), 303)


@bp.get("/avis-demandes/<ask_id>/retrait")
@requires(Permission.ADVICE_ASK)
def confirm_revocation(ask_id: str) -> str:
    """Say what taking a question back does."""
    subject, found, line = service.read_ask(current_actor(), ask_id)
    return render_template("advice/revoke.html", subject=subject, round=found, ask=line, refusal=None)


@bp.post("/avis-demandes/<ask_id>/retrait")
@requires(Permission.ADVICE_ASK)
def revoke(ask_id: str) -> Response | tuple[str, int]:
    """Take a question back."""
    form, request_id = _submitted(RevocationInput(), lambda values: service.revoke(current_actor(), ask_id, **values))
    if request_id is None:
        subject, found, line = service.read_ask(current_actor(), ask_id)
        refusal = " ".join(text for texts in form.errors.values() for text in texts)
        page = {"subject": subject, "round": found, "ask": line}
        return render_template("advice/revoke.html", refusal=refusal, **page), _status(form)
    flash("La question est retirée : l’organisme ne la trouve plus dans son espace.", "success")
    return redirect(url_for("advice.request_advice", request_id=request_id), 303)


@bp.get("/avis-demandes/tour/<round_id>/echeance")
@requires(Permission.ADVICE_ASK)
def show_extension(round_id: str) -> str:
    """Show the form that gives more time."""
    subject, found = service.read_round(current_actor(), round_id)
    return render_template("advice/extend.html", subject=subject, round=found, form=Form())


@bp.post("/avis-demandes/tour/<round_id>/echeance")
@requires(Permission.ADVICE_ASK)
def extend(round_id: str) -> Response | tuple[str, int]:
    """Give the organisations of a round more time."""
    form, request_id = _submitted(ExtensionInput(), lambda values: service.extend(current_actor(), round_id, **values))
    if request_id is None:
        subject, found = service.read_round(current_actor(), round_id)
        return render_template("advice/extend.html", subject=subject, round=found, form=form), _status(form)
    flash("La nouvelle échéance est enregistrée.", "success")
    return redirect(url_for("advice.request_advice", request_id=request_id), 303)


def _ask_page(request_id: str, form: Form) -> str:
    return render_template("advice/ask.html", page=service.prepare(current_actor(), request_id), form=form)


def _answer_page(ask_id: str, form: Form) -> str:
    subject, found, line = service.read_ask(current_actor(), ask_id)
    return render_template("advice/answer.html", subject=subject, round=found, ask=line, form=form, values=VALUES)


def _submitted(schema: Any, act: Any) -> tuple[Form, Any]:
    """Submit the form; what a colleague did meanwhile comes back as an error beside what was typed."""
    try:
        return forms.submit(schema, lambda values: act(values) or True)
    except Conflict as error:
        return Form(request.form, {"_conflict": [error.message]}), None


def _status(form: Form) -> int:
    return 409 if "_conflict" in form.errors else 422
