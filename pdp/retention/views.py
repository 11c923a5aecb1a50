"""Pages of retention: what is near its end, one case, the runs, the rules."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema

from pdp.core import clock
from pdp.policy.permissions import Permission
from pdp.retention import periods
from pdp.retention.schemas import MEANS, ContactInput, DisputeInput, HoldInput, LiftInput, ReasonInput, RulesInput
from pdp.retention.service import deciding, pages
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, requires

bp = Blueprint("retention", __name__)

_TABS = (
    ("Dossiers à échéance", "retention.list_cases", "retention.show_case"),
    ("Passages", "retention.list_runs", ""),
    ("Durées", "retention.show_rules", ""),
)


@bp.get("/conservation")
@requires(Permission.RETENTION_READ)
def list_cases() -> str:
    """List the cases whose time is nearly over, hidden or suspended."""
    asked = request.args.get("etat", "")
    tab = asked if asked in pages.TABS else "a-venir"
    return _page("retention/list.html", page=pages.list_cases(current_actor(), tab), tab=tab)


@bp.get("/conservation/dossiers/<case_id>")
@requires(Permission.RETENTION_READ)
def show_case(case_id: str) -> str:
    """Show the clock of a case."""
    return _case_page(case_id)


@bp.post("/conservation/dossiers/<case_id>/contact")
@requires(Permission.RETENTION_STEER)
def record_contact(case_id: str) -> Any:
    """Write down a contact with the person."""
    return _act(
        case_id,
        "contact",
        ContactInput(),
        deciding.record_contact,
        "Le contact est noté : la durée repart de ce jour.",
    )


@bp.post("/conservation/dossiers/<case_id>/retour")
@requires(Permission.RETENTION_STEER)
def bring_back(case_id: str) -> Any:
    """Show a hidden case again."""
    return _act(case_id, "back", ReasonInput(), deciding.bring_back, "Le dossier est rendu : chacun le retrouve.")


@bp.post("/conservation/dossiers/<case_id>/contentieux")
@requires(Permission.RETENTION_STEER)
def place_hold(case_id: str) -> Any:
    """Keep a case for a dispute."""
    return _act(case_id, "hold", DisputeInput(), deciding.place_hold, "Le dossier est conservé pour contentieux.")


@bp.post("/conservation/dossiers/<case_id>/contentieux/<hold_id>/revue")
@requires(Permission.RETENTION_STEER)
def review_hold(case_id: str, hold_id: str) -> Any:
    """Say that a dispute still stands."""
    done = "La revue est notée : la conservation vaut un an de plus."
    return _act(case_id, "review", HoldInput(), _on(deciding.review_hold, hold_id), done)


@bp.post("/conservation/dossiers/<case_id>/contentieux/<hold_id>/levee")
@requires(Permission.RETENTION_STEER)
def ask_lift(case_id: str, hold_id: str) -> Any:
    """Ask that a hold be lifted."""
    done = "La levée est demandée : une autre personne doit la confirmer."
    return _act(case_id, "lift", LiftInput(), _on(deciding.ask_lift, hold_id), done)


@bp.post("/conservation/dossiers/<case_id>/contentieux/<hold_id>/confirmation")
@requires(Permission.RETENTION_STEER)
@proven
def lift(case_id: str, hold_id: str) -> Any:
    """Lift a hold that another person asked to lift."""
    done = "La conservation pour contentieux est levée."
    return _act(case_id, "confirm", HoldInput(), _on(deciding.lift, hold_id), done)


@bp.get("/conservation/passages")
@requires(Permission.RETENTION_READ)
def list_runs() -> str:
    """List the last runs."""
    return _page("retention/runs.html", page=pages.list_runs(current_actor()))


@bp.post("/conservation/passages/<run_id>/confirmation")
@requires(Permission.RETENTION_CONFIRM)
@proven
def confirm_run(run_id: str) -> Any:
    """Confirm a run that was stopped."""
    both = deciding.confirm_run(current_actor(), run_id)
    flash(
        "Les deux confirmations sont données : le prochain passage reprendra."
        if both
        else "Votre confirmation est notée. Celle d’une seconde personne est attendue.",
        "success",
    )
    return redirect(url_for("retention.list_runs"), 303)


@bp.get("/conservation/durees")
@requires(Permission.RETENTION_READ)
def show_rules() -> str:
    """Show how long each thing is kept, and the history of the rules."""
    return _rules_page(Form({}))


@bp.post("/conservation/durees")
@requires(Permission.RETENTION_SETTLE)
@proven
def set_rules() -> Any:
    """Decide how long cases are kept."""
    actor = current_actor()
    form, done = forms.submit(RulesInput(), lambda values: _done(deciding.set_rules, actor, **values))
    if not done:
        return _rules_page(form), 422
    flash("La règle est enregistrée. Elle vaut à partir de la date choisie.", "success")
    return redirect(url_for("retention.show_rules"), 303)


def _act(case_id: str, name: str, schema: Schema, act: Callable[..., None], said: str) -> Any:
    actor = current_actor()
    form, done = forms.submit(schema, lambda values: _done(act, actor, case_id, **values))
    if not done:
        return _case_page(case_id, **{name: form}), 422
    flash(said, "success")
    return redirect(url_for("retention.show_case", case_id=case_id), 303)


def _done(act: Callable[..., None], *args: Any, **values: Any) -> bool:
    act(*args, **values)
    return True


def _on(act: Callable[..., None], hold_id: str) -> Callable[..., None]:
    return lambda actor, case_id, **values: act(actor, case_id, hold_id, **values)


def _case_page(case_id: str, **sent: Form) -> str:
    names = ("contact", "back", "hold", "review", "lift", "confirm")
    filled = {name: sent.get(name, Form({})) for name in names}
    errors: dict[str, list[str]] = {}
    for form in sent.values():
        errors |= form.errors
    return _page(
        "retention/case.html",
        page=pages.read_case(current_actor(), case_id),
        sent=filled,
        errors=errors,
        means=[(word.value, word.label) for word in MEANS],
    )


def _rules_page(form: Form) -> str:
    kept, history = pages.list_rules(current_actor())
    return _page("retention/rules.html", kept=kept, history=history, periods=periods.load(), form=form)


def _page(template: str, **values: Any) -> str:
    tabs = [
        {"label": label, "url": url_for(page), "current": request.endpoint in {page, below}}
        for label, page, below in _TABS
    ]
    return render_template(template, tabs_of_retention=tabs, today_date=clock.today(), **values)
