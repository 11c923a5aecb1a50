"""Who may open a page: every view is stamped, an unstamped one keeps the app from booting."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure

# Called for a visitor whose proof is too old: None once the request brought a new one, else the page that asks it.
AskAgain = Callable[[], ResponseReturnValue | None]
View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UnstampedView(RuntimeError):
    """A view declares no permission: a programming error found at boot."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Stamp a view with the permission that its visitor must hold."""

    def stamp(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return stamp


def public(view: View) -> View:
    """Stamp a view that anyone may open, signed in or not."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def proven(view: View) -> View:
    """Stamp a view whose visitor must have proved two factors recently: a grave act, an export, a change of rights."""
    view.proven = True  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Return the signed-in actor. Raises `NotFound` when nobody is signed in."""
    if not current_user.is_authenticated:
        raise NotFound
    actor: Actor = current_user.actor
    return actor


def allows(permission: str) -> bool:
    """Tell a template whether the signed-in person may attempt an act."""
    return current_user.is_authenticated and can(current_user.actor, Permission(permission))


def access_of(app: Flask, endpoint: str) -> Permission | str | None:
    """Return what an endpoint is stamped with; None when it is not."""
    return getattr(app.view_functions[endpoint], "access", None)


def is_proven(app: Flask, endpoint: str) -> bool:
    """Tell whether an endpoint asks for a recent proof of two factors."""
    return bool(getattr(app.view_functions[endpoint], "proven", False))


def install(app: Flask, ask_again: AskAgain) -> None:
    """Check every stamp now, and every visitor at each request; `ask_again` asks for the proof of `proven` views."""
    unstamped = sorted(name for name in app.view_functions if access_of(app, name) is None)
    if unstamped:
        raise UnstampedView(", ".join(unstamped))
    app.before_request(_check_visitor)
    app.before_request(partial(_check_proof, ask_again))


def _check_visitor() -> Response | None:
    if request.endpoint is None:
        return None
    # No address of ours holds a control character, and PostgreSQL refuses to compare one.
    if any(_CONTROL.search(part) for part in (request.path, *request.args.values())):
        raise NotFound
    access = access_of(current_app, request.endpoint)
    if access == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", suite=_come_back()))  # type: ignore[return-value]
    ensure(current_user.actor, Permission(str(access)))
    return None


def _check_proof(ask_again: AskAgain) -> ResponseReturnValue | None:
    if request.endpoint is None or not is_proven(current_app, request.endpoint):
        return None
    return None if current_user.is_fresh else ask_again()


def _come_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
