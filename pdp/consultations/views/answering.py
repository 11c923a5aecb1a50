"""One question of a consultation: the vote, the oral debate, and what the coordinator records of it."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.consultations import service
from pdp.consultations.rules import SILENCE
from pdp.consultations.schemas import PhoneVoteInput, WrittenVoteInput
from pdp.consultations.views import bp
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.meetings import service as seances
from pdp.meetings.enums import VoteValue
from pdp.meetings.schemas.live import OpinionInput
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

_QUESTION = "/consultations/<consultation_id>/questions/<ballot_id>"


@bp.get(_QUESTION)
@requires(Permission.MEETING_READ)
def show_question(consultation_id: str, ballot_id: str) -> str:
    """Show a question: one's own vote, or the result once it has ended."""
    return _page(consultation_id, ballot_id)


@bp.post(f"{_QUESTION}/vote")
@requires(Permission.VOTE_CAST)
def cast(consultation_id: str, ballot_id: str) -> Any:
    """Keep one's vote. A second submit of the same form is harmless."""
    form = forms.read(WrittenVoteInput())
    refused = _try(form, lambda: service.cast(current_actor(), ballot_id, **form.values))
    if refused:
        return _page(consultation_id, ballot_id, vote=form), refused
    recused = form.values["value"] is VoteValue.RECUSED
    flash(
        "Votre déport est enregistré." if recused else "Votre vote est enregistré, modifiable jusqu’à la fin.",
        "success",
    )
    if recused:
        # The case is closed to who takes no part in it; a partner may have had no other in this consultation.
        return redirect(url_for("consultations.list_consultations"), 303)
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


@bp.get(f"{_QUESTION}/debat-oral")
@requires(Permission.VOTE_CAST)
def evoke(consultation_id: str, ballot_id: str) -> str:
    """Ask before stopping a question for an oral debate."""
    page = service.read_question(current_actor(), consultation_id, ballot_id)
    return render_template("consultations/evoke.html", page=page, view=page.view)


@bp.post(f"{_QUESTION}/debat-oral")
@requires(Permission.VOTE_CAST)
def evoke_post(consultation_id: str, ballot_id: str) -> Response:
    """Stop a question: it goes to the next séance."""
    try:
        service.evoke(current_actor(), ballot_id)
        flash("Le débat oral est demandé. Cette question passe à la prochaine séance.", "success")
    except RuleViolation as error:
        flash(error.message, "error")
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


@bp.get(f"{_QUESTION}/telephone")
@requires(Permission.MEETING_RUN)
def phone_vote(consultation_id: str, ballot_id: str) -> str:
    """Show the form of a vote said on the telephone."""
    return _phone_page(consultation_id, ballot_id, Form())


@bp.post(f"{_QUESTION}/telephone")
@requires(Permission.MEETING_RUN)
def phone_vote_post(consultation_id: str, ballot_id: str) -> Any:
    """Type a vote said on the telephone."""
    form = forms.read(PhoneVoteInput())
    refused = _try(form, lambda: service.type_phone_vote(current_actor(), ballot_id, **form.values))
    if refused:
        return _phone_page(consultation_id, ballot_id, form), refused
    flash("Le vote est enregistré. La personne est prévenue : elle peut le confirmer ou le changer.", "success")
    return redirect(url_for("consultations.show_question", consultation_id=consultation_id, ballot_id=ballot_id), 303)


@bp.post(f"{_QUESTION}/avis/<item_id>")
@requires(Permission.MEETING_RUN)
def record_opinion(consultation_id: str, ballot_id: str, item_id: str) -> Any:
    """Record the opinion of the cellule on a question that has ended."""
    form = forms.read(OpinionInput())
    refused = _try(form, lambda: seances.record_opinion(current_actor(), item_id, **form.values))
    if refused:
        return _page(consultation_id, ballot_id, opinion=form), refused
    flash("L’avis est enregistré.", "success")
    return redirect(url_for("consultations.show", consultation_id=consultation_id), 303)


def _try(form: Form, act: Any) -> int:
    """Run an act on a form; return 0 when it is done, else the status of the page that shows why not."""
    if not form.is_valid:
        return 422
    try:
        act()
    except InvalidInput as error:
        form.errors = error.errors
        return 422
    except (Conflict, RuleViolation) as error:
        form.errors = {"_form": [error.message]}
        return 409 if isinstance(error, Conflict) else 422
    return 0


def _phone_page(consultation_id: str, ballot_id: str, form: Form) -> str:
    page = service.read_question(current_actor(), consultation_id, ballot_id)
    return render_template("consultations/phone.html", page=page, view=page.view, form=form)


def _page(consultation_id: str, ballot_id: str, *, vote: Form | None = None, opinion: Form | None = None) -> str:
    page = service.read_question(current_actor(), consultation_id, ballot_id)
    vote = vote or Form()
    return render_template(
        "consultations/question.html",
        page=page,
        view=page.view,
        mine=page.mine,
        silence=SILENCE[page.view.silence],
        vote=vote,
        opinion=opinion or Form(),
        changing="changer" in request.args or bool(vote.raw),
        key=vote.value("idempotency_key") or secrets.token_urlsafe(16),
    )
