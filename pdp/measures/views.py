"""Pages of measures: the « Mesures » tab of a case, and the life of one measure."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import Conflict
from pdp.measures import service
from pdp.measures.enums import Achievement, Interruption, Objective
from pdp.measures.schemas import (
    CancelInput,
    FollowInput,
    InterruptionInput,
    PeriodInput,
    SignatureInput,
    StartInput,
    VersionInput,
    end_input,
    split_results,
)
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form, Input
from pdp.web.guards import current_actor, requires

bp = Blueprint("measures", __name__)


@bp.get("/dossiers/<case_id>/mesures")
@requires(Permission.CASE_READ)
def case_measures(case_id: str) -> str:
    """Show the measures granted in a case."""
    case, measures = service.read_case_measures(current_actor(), case_id)
    return render_template("measures/case.html", case=case, tab="measures", measures=measures)


@bp.get("/demandes/<request_id>/mesure")
@requires(Permission.REQUEST_READ)
def show_measure(request_id: str) -> str:
    """Show the life of a measure: periods, limits, convention, start, end."""
    return _page(request_id, Form())


@bp.post("/demandes/<request_id>/mesure/periodes")
@requires(Permission.OUTCOME_RECORD)
def plan(request_id: str) -> Response | tuple[str, int]:
    """Plan a period."""
    return _act(request_id, PeriodInput(), service.plan, "La période est prévue.")


@bp.post("/demandes/<request_id>/mesure/periodes/annulation")
@requires(Permission.OUTCOME_RECORD)
def cancel(request_id: str) -> Response | tuple[str, int]:
    """Call off a period."""
    return _act(request_id, CancelInput(), service.cancel, "La période est annulée.")


@bp.post("/demandes/<request_id>/mesure/convention")
@requires(Permission.OUTCOME_RECORD)
def write_convention(request_id: str) -> Response | tuple[str, int]:
    """Note that the convention is written."""
    done = "Le texte est établi : recueillez les signatures."
    return _act(request_id, VersionInput(), service.write_convention, done)


@bp.post("/demandes/<request_id>/mesure/signatures")
@requires(Permission.OUTCOME_RECORD)
def sign(request_id: str) -> Response | tuple[str, int]:
    """Note a signature."""
    return _act(request_id, SignatureInput(), service.sign, "La signature est notée.")


@bp.post("/demandes/<request_id>/mesure/debut")
@requires(Permission.OUTCOME_RECORD)
def start(request_id: str) -> Response | tuple[str, int]:
    """Note the first day."""
    return _act(request_id, StartInput(), service.start, "Le début de la mesure est noté.")


@bp.post("/demandes/<request_id>/mesure/interruption")
@requires(Permission.OUTCOME_RECORD)
def interrupt(request_id: str) -> Response | tuple[str, int]:
    """Note an interruption."""
    done = "L’interruption est notée : les jours prévus ensuite ne comptent plus."
    return _act(request_id, InterruptionInput(), service.interrupt, done)


@bp.post("/demandes/<request_id>/mesure/bilan")
@requires(Permission.OUTCOME_RECORD)
def end(request_id: str) -> Response | tuple[str, int]:
    """Write the end report."""
    done = "Le bilan est enregistré et la mesure est terminée. Relevez ensuite ce qu’est devenue la personne."
    return _act(request_id, end_input(), lambda *who, **values: service.end(*who, **split_results(values)), done)


@bp.post("/demandes/<request_id>/mesure/suite")
@requires(Permission.OUTCOME_RECORD)
def follow(request_id: str) -> Response | tuple[str, int]:
    """Ask for what follows the measure: the new request opens, prefilled."""
    actor = current_actor()
    form, created = _submit(FollowInput(), lambda values: service.follow(actor, request_id, **values))
    if created is None:
        return _page(request_id, form), 422
    flash("La demande est créée et reprend ce qui est connu. Complétez-la, puis déclarez-la prête.", "success")
    return redirect(url_for("requests.show", request_id=created), 303)


def _act(request_id: str, schema: Input, act: Callable[..., None], done: str) -> Response | tuple[str, int]:
    """Do an act from its form on the page of the measure, which comes back with what was typed if it is refused."""
    actor = current_actor()

    def run(values: dict[str, Any]) -> bool:
        act(actor, request_id, **values)
        return True

    form, accepted = _submit(schema, run)
    if not accepted:
        return _page(request_id, form), 422
    flash(done, "success")
    return redirect(url_for("measures.show_measure", request_id=request_id), 303)


def _submit(schema: Input, act: Callable[[dict[str, Any]], Any]) -> tuple[Form, Any]:
    """Submit one of the forms of the page; each names its own day, so that a refusal stands beside the right one."""
    try:
        form, result = forms.submit(schema, act)
    except Conflict as error:
        return Form(request.form, {"_form": [error.message]}), None
    named = {name: declared.data_key or name for name, declared in schema.fields.items()}
    form.errors = {named.get(name, name): found for name, found in form.errors.items()}
    return form, result


def _page(request_id: str, form: Form) -> str:
    return render_template(
        "measures/show.html",
        measure=service.read_measure(current_actor(), request_id),
        form=form,
        achievements=[(each.value, each.label) for each in Achievement],
        objectives=[(f"objective_{each.value}", each.label) for each in Objective],
        interruptions=[(each.value, each.label) for each in Interruption],
    )
