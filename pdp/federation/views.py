"""Go to an identity provider and come back: to sign in, or to link an identity to one's account.

Leaving is a form of ours, sent from our own page; what comes back must be the answer to a trip that this
browser carries in its cookie. The page that leaves is shown, not redirected to: the content policy lets a
form go nowhere else, not even through a redirection.
"""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pdp.accounts import login
from pdp.accounts.login import limits_of
from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.federation import providers, service
from pdp.federation.client import Client, Unreachable, client_of
from pdp.federation.enums import Purpose, Reason
from pdp.federation.rules import Refused
from pdp.federation.trips import Trip
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, proven, public, requires
from pdp.web.pages import absolute_url

bp = Blueprint("federation", __name__)
_TRIP, _AFTER = "trip", "trip_after"
_SEEN_AS_UNKNOWN = frozenset({Reason.NOT_LINKED, Reason.NOT_OPEN})


@bp.app_context_processor
def helpers() -> dict[str, Any]:
    """Give the pages of accounts and factors, which know nothing of providers, what their includes need."""
    return {
        "identity_providers": providers.installed,
        "identity_label": providers.label_of,
        "own_identities": lambda: service.list_identities(current_actor()),
        "own_providers": lambda: service.list_providers_for(current_actor()),
    }


@bp.post("/connexion/fournisseur/<provider>")
@public
def begin(provider: str) -> Any:
    """Leave for a provider to sign in."""
    return _leave(provider, Purpose.SIGN_IN)


@bp.post("/mon-compte/fournisseurs/<provider>")
@requires(Permission.ACCOUNT_USE)
@proven
def begin_link(provider: str) -> Any:
    """Leave for a provider to prove an identity there, and link it."""
    return _leave(provider, Purpose.LINK)


@bp.get("/connexion/fournisseur/<provider>/retour")
@public
def come_back(provider: str) -> Any:
    """Take the answer of a provider: the sign-in goes on, or the identity waits for a yes.

    The protocol brings it by a GET; it is believed once, in the browser that left, and for that trip only.
    """
    found = providers.find(provider) or abort(404)
    trip, after = Trip.read(session.pop(_TRIP, None)), session.pop(_AFTER, None)
    source = login.source()
    try:
        if trip is None:
            raise Refused(Reason.NO_TRIP)
        identity = service.receive(
            client_of(found), trip, request.args, redirect_uri=_return_address(provider), source=source
        )
        if trip.purpose is Purpose.LINK:
            if not (current_user.is_authenticated and current_user.is_fresh):
                raise Refused(Reason.OTHER_SESSION)
            service.keep_offer(current_actor(), current_user.token, trip, identity)
            return redirect(url_for("federation.confirm"))
        token = service.sign_in(identity, limits_of(current_app.config["PDP"]), device=login.device())
    except Refused as refusal:
        service.note_refusal(found.name, refusal.reason, source)
        if refusal.reason in _SEEN_AS_UNKNOWN:
            return render_template("federation/not_linked.html", label=found.label), 403
        return render_template("federation/refused.html"), 403
    return login.admit(token, after)


@bp.get("/mon-compte/fournisseurs/rattachement")
@requires(Permission.ACCOUNT_USE)
def confirm() -> str:
    """Show the identity that was just proved and ask for a yes: the provider may have known somebody else."""
    return _confirm_page()


@bp.post("/mon-compte/fournisseurs/rattachement")
@requires(Permission.ACCOUNT_USE)
@proven
def link() -> Any:
    """Link the identity that this sign-in proved."""
    try:
        label = service.link(current_actor(), current_user.token)
    except RuleViolation as refusal:
        return _confirm_page(refusal.message), 422
    flash(
        f"Votre identité {label} est rattachée : elle ouvre désormais votre compte. Vos autres sessions sont fermées.",
        "success",
    )
    return redirect(url_for("factors.security"))


@bp.post("/mon-compte/identites/<identity_id>/detachement")
@requires(Permission.ACCOUNT_USE)
@proven
def unlink(identity_id: str) -> Response:
    """Unlink an identity of one's own."""
    label = service.unlink(current_actor(), current_user.token, identity_id)
    flash(
        f"Votre identité {label} est détachée : elle n’ouvre plus votre compte. Vos autres sessions sont fermées.",
        "success",
    )
    return redirect(url_for("factors.security"))


def _leave(name: str, purpose: Purpose) -> Any:
    found = providers.find(name) or abort(404)
    client: Client = client_of(found)
    sign_in = service.sign_in_name(current_user.token) if purpose is Purpose.LINK else ""
    trip = Trip.begin(name, purpose, clock.now(), sign_in)
    try:
        address = client.authorization_url(_return_address(name), trip.state, trip.nonce, trip.verifier)
    except Unreachable:
        return render_template("federation/down.html", label=found.label), 503
    session[_TRIP], session[_AFTER] = trip.write(), login.next_page()
    return render_template(
        "layout/away.html",
        heading=f"Vous allez vers {found.label}",
        message="Prouvez-y votre identité, puis vous reviendrez ici.",
        label=f"Continuer vers {found.label}",
        address=address,
    )


def _return_address(name: str) -> str:
    return absolute_url("federation.come_back", provider=name)


def _confirm_page(message: str = "") -> str:
    offer = service.find_offer(current_actor(), current_user.token)
    return render_template("federation/confirm.html", offer=offer, message=message)
