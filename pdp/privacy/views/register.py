"""Pages of the register of requests: the list, a request, and the acts that move it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from pdp.cases import service as cases
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.policy.permissions import Permission
from pdp.privacy.enums.register import (
    AnswerMeans,
    Channel,
    ExtensionReason,
    IdentityProof,
    RefusalReason,
    RightKind,
)
from pdp.privacy.rules.register import Act
from pdp.privacy.schemas.register import (
    AnswerInput,
    AskIdentityInput,
    ExtendInput,
    IdentityGivenInput,
    RefuseInput,
    RegisterInput,
    RequestInput,
)
from pdp.privacy.service import register as service
from pdp.privacy.views import bp
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

_RECORDED = "La demande est enregistrée. Le délai d’un mois court depuis sa réception."
_WORDS = {
    "kinds": [(word.value, word.label) for word in RightKind],
    "channels": [(word.value, word.label) for word in Channel],
    "proofs": [(word.value, word.label) for word in IdentityProof],
    "extension_reasons": [(word.value, word.label) for word in ExtensionReason],
    "means": [(word.value, word.label) for word in AnswerMeans],
    "refusal_reasons": [(word.value, word.label) for word in RefusalReason],
}


@dataclass(frozen=True, slots=True)
class ActPage:
    """The page of an act: its words in the address, its form, what it does and what it says once done."""

    slug: str
    act: Act
    schema: type[Schema]
    do: Callable[..., None]
    done: str


ACT_PAGES = (
    ActPage(
        "preuve-demandee",
        Act.ASK_IDENTITY,
        AskIdentityInput,
        service.ask_identity,
        "C’est noté : le délai est suspendu jusqu’à l’arrivée de la preuve.",
    ),
    ActPage(
        "preuve-recue",
        Act.IDENTITY_GIVEN,
        IdentityGivenInput,
        service.identity_given,
        "L’identité est prouvée : le délai court de nouveau.",
    ),
    ActPage("prolongation", Act.EXTEND, ExtendInput, service.extend, "Le délai est prolongé de deux mois."),
    ActPage("reponse", Act.ANSWER, AnswerInput, service.answer, "La réponse est enregistrée. La demande est close."),
    ActPage("refus", Act.REFUSE, RefuseInput, service.refuse, "Le refus est enregistré. La demande est close."),
)
_BY_SLUG = {page.slug: page for page in ACT_PAGES}


@bp.get("/droits")
@requires(Permission.RIGHTS_REGISTER)
def list_register() -> str:
    """Show the register, by deadline, late requests first; or the closed ones."""
    over = request.args.get("etat") == "closes"
    after = request.args.get("apres", "")[:32] or None
    page = service.list_register(current_actor(), over=over, after=after)
    return render_template("privacy/register.html", page=page, over=over, after=after)


@bp.get("/droits/nouvelle")
@requires(Permission.RIGHTS_REGISTER)
def new_request() -> str:
    """Show the form that records a request from the register."""
    return _form_page(Form({"received_on": clock.today().isoformat()}))


@bp.post("/droits/nouvelle")
@requires(Permission.RIGHTS_REGISTER)
def record_request() -> Response | tuple[str, int]:
    """Record a request from the register."""
    form, created = forms.submit(RegisterInput(), lambda values: service.record_request(current_actor(), **values))
    if created is None:
        return _form_page(form), 422
    flash(_RECORDED, "success")
    return redirect(url_for("privacy.show_request", rights_id=created), 303)


@bp.get("/dossiers/<case_id>/droits/nouvelle")
@requires(Permission.RIGHTS_WRITE)
def new_case_request(case_id: str) -> str:
    """Show the form that records a request of the person of a case."""
    return _form_page(Form({"received_on": clock.today().isoformat()}), case_id)


@bp.post("/dossiers/<case_id>/droits/nouvelle")
@requires(Permission.RIGHTS_WRITE)
def record_case_request(case_id: str) -> Response | tuple[str, int]:
    """Record a request of the person of a case."""
    form, created = forms.submit(
        RequestInput(), lambda values: service.record_request(current_actor(), case_id, **values)
    )
    if created is None:
        return _form_page(form, case_id), 422
    flash(_RECORDED, "success")
    return redirect(url_for("privacy.show_request", rights_id=created), 303)


@bp.get("/droits/<rights_id>")
@requires(Permission.RIGHTS_READ)
def show_request(rights_id: str) -> str:
    """Show a request, its deadline and the acts open to the reader."""
    page = service.read_request(current_actor(), rights_id)
    acts = [(found.slug, found.act.value) for found in ACT_PAGES if found.act in page.acts]
    return render_template("privacy/request.html", page=page, acts=acts)


@bp.get("/droits/<rights_id>/acte/<act>")
@requires(Permission.RIGHTS_WRITE)
def show_act(rights_id: str, act: str) -> str:
    """Show the form of an act."""
    found = _act(act)
    page = service.read_request(current_actor(), rights_id)
    if found.act not in page.acts:
        raise NotFound
    today = clock.today().isoformat()
    typed = dict.fromkeys(("asked_on", "given_on", "told_on", "answered_on", "refused_on"), today)
    return _act_page(page, found, Form(typed))


@bp.post("/droits/<rights_id>/acte/<act>")
@requires(Permission.RIGHTS_WRITE)
def do_act(rights_id: str, act: str) -> Response | tuple[str, int]:
    """Do an act, then show the request."""
    found = _act(act)

    def run(values: dict[str, Any]) -> bool:
        found.do(current_actor(), rights_id, **values)
        return True

    form, done = forms.submit(found.schema(), run)
    if not done:
        return _act_page(service.read_request(current_actor(), rights_id), found, form), 422
    flash(found.done, "success")
    return redirect(url_for("privacy.show_request", rights_id=rights_id), 303)


def _act(slug: str) -> ActPage:
    if slug not in _BY_SLUG:
        raise NotFound
    return _BY_SLUG[slug]


def _act_page(page: service.RequestPage, found: ActPage, form: Form) -> str:
    return render_template(
        "privacy/act.html", page=page, act=found.act.value, form=form, limit=page.extension_limit, **_WORDS
    )


def _form_page(form: Form, case_id: str | None = None) -> str:
    case = cases.read_case(current_actor(), case_id, part="rights") if case_id else None
    return render_template("privacy/new_request.html", case=case, form=form, **_WORDS)
