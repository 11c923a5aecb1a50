"""Submit minutes to objections, object to them, say that a séance approved them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from pdp.core import clock
from pdp.core.french import day
from pdp.minutes import service
from pdp.minutes.schemas import ApprovalInput, ObjectionInput, WindowInput
from pdp.minutes.service.register import said
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires


@bp.get("/seances/<meeting_id>/proces-verbal/approbation")
@requires(Permission.MINUTES_SEND)
def approving(meeting_id: str) -> str:
    """Offer the two ways of approving minutes."""
    return _page(meeting_id, forms.Form({"days": str(service.shortest_window(current_actor()))}))


@bp.post("/seances/<meeting_id>/proces-verbal/approbation")
@requires(Permission.MINUTES_SEND)
def approve(meeting_id: str) -> Any:
    """Write that a séance held since approved the minutes."""

    def act(values: dict[str, Any]) -> bool:
        service.approve_in_seance(current_actor(), meeting_id, **values)
        return True

    form, done = forms.submit(ApprovalInput(), act)
    if done is None:
        return _page(meeting_id, form), 422
    flash("L’approbation est inscrite au registre.", "success")
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


@bp.post("/seances/<meeting_id>/proces-verbal/delai")
@requires(Permission.MINUTES_SEND)
def open_window(meeting_id: str) -> Any:
    """Open the delay for objections."""
    form, closes_at = forms.submit(
        WindowInput(), lambda values: service.open_window(current_actor(), meeting_id, **values)
    )
    if closes_at is None:
        return _page(meeting_id, form), 422
    flash(
        f"Le délai d’objection court jusqu’au {day(clock.local(closes_at).date())}. Les membres et les destinataires "
        "sont prévenus.",
        "success",
    )
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


@bp.get("/seances/<meeting_id>/proces-verbal/objection")
@requires(Permission.MINUTES_OBJECT)
def objecting(meeting_id: str) -> str:
    """Ask what is objected to, while the delay runs."""
    return _objection(meeting_id, forms.Form())


@bp.post("/seances/<meeting_id>/proces-verbal/objection")
@requires(Permission.MINUTES_OBJECT)
def object_to(meeting_id: str) -> Any:
    """Send an objection to the coordinator."""

    def act(values: dict[str, Any]) -> bool:
        service.object_to(current_actor(), meeting_id, **values)
        return True

    form, done = forms.submit(ObjectionInput(), act)
    if done is None:
        return _objection(meeting_id, form), 422
    flash("Votre objection est transmise à la coordination, qui y répondra avant toute approbation.", "success")
    return _back(meeting_id)


def _back(meeting_id: str) -> Answer:
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)


def _page(meeting_id: str, form: forms.Form) -> str:
    found = service.read_register(current_actor(), meeting_id)
    return render_template(
        "minutes/approval.html",
        minutes=found.minutes,
        standing=found.approvals[0][1],
        said=said(found.approvals[0][1]),
        objections=[(row, clock.local(row.at)) for row in found.objections],
        meeting_id=meeting_id,
        form=form,
        held_on=clock.local(found.minutes.starts_at).date(),
    )


def _objection(meeting_id: str, form: forms.Form) -> str:
    minutes, standing = service.read_window(current_actor(), meeting_id)
    return render_template(
        "minutes/objection.html",
        minutes=minutes,
        said=said(standing),
        meeting_id=meeting_id,
        form=form,
        held_on=clock.local(minutes.starts_at).date(),
    )
