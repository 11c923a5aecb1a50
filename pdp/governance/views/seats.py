"""The seats of the cellule: who holds them, from when to when."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.accounts.enums import HolderRank, Voice
from pdp.core import clock
from pdp.governance.schemas import EndMandateInput, EndSeatInput, NameHolderInput, SeatInput
from pdp.governance.service import seats as service
from pdp.governance.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, requires

_LABELS = {
    "organisation": "Organisme",
    "label": "Nom du siège",
    "voice": "Voix",
    "starts_on": "À partir du",
    "ends_on": "Dernier jour",
    "membership": "Personne",
    "rank": "Rang",
    "replaces": "Remplace le titulaire actuel",
}


@bp.get("/cellule/sieges")
@requires(Permission.MEMBER_READ)
def list_seats() -> str:
    """List the seats by organisation, with who holds them today."""
    return render_template("governance/seats.html", page=service.list_seats(current_actor()))


@bp.get("/cellule/sieges/nouveau")
@proven
@requires(Permission.GOVERNANCE_SET)
def add_seat() -> str:
    """Show the form that adds a seat."""
    return _add_page(Form({}))


@bp.post("/cellule/sieges/nouveau")
@proven
@requires(Permission.GOVERNANCE_SET)
def add_seat_post() -> Any:
    """Add a seat, then name who holds it."""
    actor = current_actor()
    form, seat = forms.submit(SeatInput(), lambda values: service.add_seat(actor, **values))
    if seat is None:
        return _add_page(form), 422
    flash("Le siège est créé. Nommez maintenant son titulaire.", "success")
    return redirect(url_for("governance.show_seat", seat_id=seat), 303)


@bp.get("/cellule/sieges/<seat_id>")
@requires(Permission.MEMBER_READ)
def show_seat(seat_id: str) -> str:
    """Show a seat with all its mandates, past and to come."""
    return _seat_page(seat_id, Form({}))


@bp.post("/cellule/sieges/<seat_id>/mandats")
@proven
@requires(Permission.GOVERNANCE_SET)
def name_holder(seat_id: str) -> Any:
    """Name a person in a seat."""
    return _act(seat_id, NameHolderInput(), service.name_holder, "Le mandat est enregistré.")


@bp.post("/cellule/sieges/<seat_id>/mandats/fin")
@proven
@requires(Permission.GOVERNANCE_SET)
def end_mandate(seat_id: str) -> Any:
    """End a mandate."""
    return _act(seat_id, EndMandateInput(), service.end_mandate, "La fin du mandat est enregistrée.")


@bp.post("/cellule/sieges/<seat_id>/fin")
@proven
@requires(Permission.GOVERNANCE_SET)
def end_seat(seat_id: str) -> Any:
    """End a seat and its mandates."""
    return _act(
        seat_id, EndSeatInput(), service.end_seat, "La fin du siège est enregistrée, ses mandats s’arrêtent avec lui."
    )


def _act(seat_id: str, schema: Any, act: Any, done: str) -> Any:
    def run(values: dict[str, Any]) -> bool:
        act(current_actor(), seat_id, **values)
        return True

    form, result = forms.submit(schema, run)
    if result is None:
        return _seat_page(seat_id, form), 422
    flash(done, "success")
    return redirect(url_for("governance.show_seat", seat_id=seat_id), 303)


def _seat_page(seat_id: str, form: Form) -> str:
    return render_template(
        "governance/seat.html",
        page=service.read_seat(current_actor(), seat_id),
        form=form,
        labels=_LABELS,
        ranks=[(rank.value, rank.label.capitalize()) for rank in HolderRank],
        today_is=clock.today(),
    )


def _add_page(form: Form) -> str:
    return render_template(
        "governance/seat_new.html",
        form=form,
        labels=_LABELS,
        bodies=[(body.public_id, body.name) for body in service.list_bodies(current_actor())],
        voices=[(voice.value, voice.label.capitalize()) for voice in Voice],
        today_is=clock.today(),
    )
