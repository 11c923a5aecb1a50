"""Pages of the partner's space, and the public page of an invitation."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pdp.core.errors import RuleViolation
from pdp.partners import service
from pdp.partners.schemas import AcceptanceInput, InvitationInput
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import current_actor, proven, public, requires

bp = Blueprint("partners", __name__)


@bp.get("/mon-organisme")
@requires(Permission.PARTNER_SPACE)
def space() -> str:
    """Show what concerns the organisation."""
    actor = current_actor()
    return render_template("partners/space.html", space=service.read_space(actor), actor=actor)


@bp.get("/mon-organisme/personnes")
@requires(Permission.PARTNER_SPACE)
def people() -> str:
    """Show the people of the organisation, and the form that invites one."""
    return _people_page(Form())


@bp.post("/mon-organisme/personnes")
@requires(Permission.PARTNER_SPACE)
@proven
def invite() -> str | tuple[str, int]:
    """Invite a person; the link is shown once."""
    form, token = forms.submit(InvitationInput(), lambda values: service.invite(current_actor(), **values))
    if token is None:
        return _people_page(form), 422
    link = url_for("partners.welcome", token=token, _external=True)
    return render_template("partners/invited.html", link=link, name=form.value("given_name"))


@bp.post("/mon-organisme/invitations/<invitation_id>/annulation")
@requires(Permission.PARTNER_SPACE)
@proven
def cancel(invitation_id: str) -> Response:
    """Make an invitation worthless."""
    service.cancel(current_actor(), invitation_id)
    flash("L’invitation est annulée : son lien ne sert plus.", "success")
    return redirect(url_for("partners.people"), 303)


@bp.get("/mon-organisme/personnes/<membership_id>/retrait")
@requires(Permission.PARTNER_SPACE)
@proven
def confirm_removal(membership_id: str) -> str:
    """Say what ending an access does, before it is done."""
    return _removal_page(membership_id, "")


@bp.post("/mon-organisme/personnes/<membership_id>/retrait")
@requires(Permission.PARTNER_SPACE)
@proven
def remove(membership_id: str) -> Response | tuple[str, int]:
    """End a person's access."""
    try:
        service.remove(current_actor(), membership_id)
    except RuleViolation as error:
        return _removal_page(membership_id, error.message), 422
    flash("L’accès est retiré : il n’ouvre plus rien dès maintenant.", "success")
    return redirect(url_for("partners.people"), 303)


@bp.get("/invitation/<token>")
@public
def welcome(token: str) -> str:
    """Show an invitation to whoever holds its link."""
    return render_template("partners/welcome.html", welcome=service.read_invitation(token), form=Form())


@bp.post("/invitation/<token>")
@public
def accept(token: str) -> Response | tuple[str, int]:
    """Accept an invitation."""

    def act(values: dict[str, str]) -> bool:
        service.accept(token, **values)
        return True

    form, done = forms.submit(AcceptanceInput(), act)
    if not done:
        # What was typed is a password: it is never shown again.
        shown = Form({}, form.errors)
        return render_template("partners/welcome.html", welcome=service.read_invitation(token), form=shown), 422
    flash("Votre accès est ouvert. Connectez-vous avec votre adresse et ce mot de passe.", "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _people_page(form: Form) -> str:
    return render_template("partners/people.html", page=service.read_people(current_actor()), form=form)


def _removal_page(membership_id: str, refusal: str) -> str:
    person = service.read_member(current_actor(), membership_id)
    return render_template("partners/remove.html", person=person, refusal=refusal)
