"""Open a case from one form."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.cases import hooks, service
from pdp.cases.schemas import OpeningInput
from pdp.cases.views import bp, fields
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_SECTIONS = (
    ("Personne", None, ("family_name", "given_name", "birth_date", "nir", "town", "phone", "email")),
    ("Signalement", None, ("source", "axis", "signal_reason")),
    (
        "Situation professionnelle",
        "Une première activité ; les autres employeurs ou statuts s’ajoutent ensuite.",
        ("activity_status", "post", "employer", "working_time", "is_micro"),
    ),
    (
        "Arrêt de travail",
        "Laissez vide si la personne n’est pas en arrêt.",
        ("stoppage_starts_on", "stoppage_prescribed_end", "stoppage_origin", "stoppage_indemnified"),
    ),
)


@bp.get("/dossiers/nouveau")
@requires(Permission.CASE_OPEN)
def new_case() -> str:
    """Show the form of a new case."""
    return _page(forms.Form())


@bp.post("/dossiers/nouveau")
@requires(Permission.CASE_OPEN)
def open_case() -> Any:
    """Open the case."""
    actor = current_actor()
    form = forms.read(OpeningInput())
    alike = _alike(actor, form.values) if form.is_valid else ()
    if alike and not form.values["same_as"]:
        form.errors = {"same_as": ["Une fiche ressemble à celle-ci : dites si c’est la même personne."]}
        return _page(form, alike), 422
    form, case_id = forms.submit(OpeningInput(), lambda values: service.open_case(actor, **values))
    if case_id is None:
        return _page(form, alike), 422
    flash("Le dossier est ouvert.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


def _alike(actor: Actor, values: dict[str, Any]) -> tuple[Any, ...]:
    """Return the records that may be this person; none when a number says who it is."""
    if values["nir"]:
        return ()
    return hooks.find_homonyms(actor, values["family_name"], values["given_name"], values["birth_date"])


def _page(form: forms.Form, alike: tuple[Any, ...] = ()) -> str:
    found = fields.of(OpeningInput())
    named = {field.name: field for field in found}
    sections = [(title, hint, [named[name] for name in names]) for title, hint, names in _SECTIONS]
    return render_template(
        "cases/open.html",
        form=form,
        sections=sections,
        labels=fields.labels(found) | {"same_as": "Même personne"},
        take_charge=named["take_charge"],
        alike=alike,
    )
