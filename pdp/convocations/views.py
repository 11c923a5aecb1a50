"""Pages of convocations: the coordinator's, one's own in the site, and the one that the link of a mail opens."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.accounts import login
from pdp.convocations import service
from pdp.convocations.enums import Answer
from pdp.convocations.rules import WISH_LENGTH
from pdp.convocations.schemas import AnswerForInput, AnswerInput, RemindInput
from pdp.convocations.service.listening import said
from pdp.core.errors import RuleViolation
from pdp.core.french import NBSP
from pdp.notifications.enums import NoticeKind
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.filters import plural
from pdp.web.guards import current_actor, public, requires

bp = Blueprint("convocations", __name__)
_LABELS = {"answer": "Votre réponse", "wish": "Autre horaire souhaité", "substitute": "Votre suppléant"}


@bp.get("/seances/<meeting_id>/convocations")
@requires(Permission.MEETING_RUN)
def show(meeting_id: str) -> str:
    """Show who is convened, what they answered, and what is still to be sent."""
    return _board(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/convocations")
@requires(Permission.MEETING_RUN)
def send(meeting_id: str) -> Response:
    """Send the convocations, or what changed since."""
    try:
        counts = service.send_convocations(current_actor(), meeting_id)
        flash(_sent(counts), "success")
    except RuleViolation as error:
        flash(error.message, "warning")
    return redirect(url_for("convocations.show", meeting_id=meeting_id))


@bp.post("/seances/<meeting_id>/convocations/relance")
@requires(Permission.MEETING_RUN)
def remind(meeting_id: str) -> Response:
    """Remind those who have not answered, or one of them."""
    form, actor = forms.read(RemindInput()), current_actor()
    try:
        count = service.remind(actor, meeting_id, **form.values) if form.is_valid else 0
        flash(f"Relance envoyée à {plural(count, 'personne')}.", "success")
    except RuleViolation as error:
        flash(error.message, "warning")
    return redirect(url_for("convocations.show", meeting_id=meeting_id))


@bp.post("/seances/<meeting_id>/convocations/reponse")
@requires(Permission.MEETING_RUN)
def answer_for(meeting_id: str) -> Any:
    """Type an answer given by telephone."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        service.answer_for(actor, values.pop("convocation"), **values)
        return True

    form, done = forms.submit(AnswerForInput(), act)
    if not done:
        return _board(meeting_id, form), 422
    flash("La réponse est enregistrée.", "success")
    return redirect(url_for("convocations.show", meeting_id=meeting_id))


@bp.get("/seances/<meeting_id>/ma-reponse")
@requires(Permission.MEETING_READ)
def own(meeting_id: str) -> str:
    """Show one's own convocation and its answers."""
    return _own_page(service.read_own(current_actor(), meeting_id), forms.Form())


@bp.post("/seances/<meeting_id>/ma-reponse")
@requires(Permission.MEETING_READ)
def own_post(meeting_id: str) -> Any:
    """Answer one's own convocation."""
    actor = current_actor()
    form, done = _submit(lambda values: service.answer_own(actor, meeting_id, **values))
    if not done:
        return _own_page(service.read_own(actor, meeting_id), form), 422
    flash(f"Votre réponse est enregistrée{NBSP}: {said(form.values['answer'])}.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.get("/convocation/<token>")
@public
def open_link(token: str) -> str:
    """Show a convocation to whoever holds its link; nothing is written, since mail scanners follow links."""
    return _public_page(token, forms.Form())


@bp.post("/convocation/<token>")
@public
def answer_link(token: str) -> Any:
    """Answer by the link of a mail."""
    form, done = _submit(lambda values: service.answer(token, login.source(), **values))
    if not done:
        return _public_page(token, form), 422
    flash(f"Merci. Votre réponse{NBSP}: {said(form.values['answer'])}.", "success")
    return redirect(url_for("convocations.open_link", token=token))


@bp.post("/convocation/<token>/lue")
@public
def mark_read(token: str) -> Response:
    """Note that somebody has the page before them: a script asks it, which most scanners do not run."""
    service.mark_read(token)
    return Response(status=204)


def _submit(act: Callable[[dict[str, Any]], None]) -> tuple[forms.Form, bool | None]:
    def done(values: dict[str, Any]) -> bool:
        act(values)
        return True

    return forms.submit(AnswerInput(), done)


def _board(meeting_id: str, form: forms.Form) -> str:
    return render_template(
        "convocations/board.html",
        board=service.read_board(current_actor(), meeting_id),
        form=form,
        labels=_LABELS,
        answers=tuple(Answer),
        wish_length=WISH_LENGTH,
    )


def _own_page(card: service.Card, form: forms.Form) -> str:
    return render_template("convocations/own.html", card=card, form=form, labels=_LABELS, wish_length=WISH_LENGTH)


def _public_page(token: str, form: forms.Form) -> str:
    card = service.read_card(token)
    return render_template(
        "convocations/answer.html", card=card, form=form, labels=_LABELS, token=token, wish_length=WISH_LENGTH
    )


def _sent(counts: dict[NoticeKind, int]) -> str:
    parts = (
        (NoticeKind.CONVOCATION, "convocation envoyée", "convocations envoyées"),
        (NoticeKind.CONVOCATION_CHANGED, "changement d’horaire annoncé", "changements d’horaire annoncés"),
        (NoticeKind.CONVOCATION_ADDENDUM, "additif envoyé", "additifs envoyés"),
        (NoticeKind.CONVOCATION_CANCELLED, "convocation retirée", "convocations retirées"),
    )
    said_of = [plural(counts[kind], one, many) for kind, one, many in parts if counts[kind]]
    return f"{', '.join(said_of)}."
