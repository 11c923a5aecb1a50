"""The rules of the cellule: what they are, what others would have changed, and their history."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.accounts.enums import BallotMode, Silence
from pdp.core import clock
from pdp.core.enums import Labelled
from pdp.dispositifs.enums import Doctrine
from pdp.governance.schemas import RulesInput, WithdrawInput
from pdp.governance.service import rulebook as service
from pdp.governance.service.rulebook import Preview
from pdp.governance.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, requires


@bp.get("/cellule/regles")
@requires(Permission.CELLULE_READ)
def show_rules() -> str:
    """Show the rules in force, those to come and their history."""
    return _page(Form({}))


@bp.post("/cellule/regles")
@proven
@requires(Permission.GOVERNANCE_SET)
def set_rules() -> Any:
    """Show what new rules would have changed or, confirmed, record them."""
    actor = current_actor()
    act = service.set_rules if request.form.get("act") == "record" else service.preview_rules
    form, result = forms.submit(RulesInput(), lambda values: _done(act(actor, **values)))
    if result is None:
        return _page(form), 422
    if isinstance(result, Preview):
        return _page(form, result)
    flash("Les règles nouvelles sont enregistrées. Elles vaudront à partir du jour choisi.", "success")
    return redirect(url_for("governance.show_rules"), 303)


@bp.post("/cellule/regles/retrait")
@proven
@requires(Permission.GOVERNANCE_SET)
def withdraw_rules() -> Any:
    """Take back rules that have not begun."""
    form = forms.read(WithdrawInput())
    if not form.is_valid:
        return _page(form), 422
    service.withdraw_rules(current_actor(), **form.values)
    flash("Les règles à venir sont retirées.", "success")
    return redirect(url_for("governance.show_rules"), 303)


def _page(form: Form, preview: Preview | None = None) -> str:
    book = service.read_rulebook(current_actor())
    return render_template(
        "governance/rules.html",
        book=book,
        form=form,
        preview=preview,
        today_is=clock.today(),
        doctrines=_choices(Doctrine),
        modes=_choices(BallotMode),
        silences=_choices(Silence),
    )


def _choices(words: type[Labelled]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


def _done(result: Preview | None) -> Preview | bool:
    return True if result is None else result
