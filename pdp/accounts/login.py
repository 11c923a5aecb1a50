"""Flask-Login over our stored sessions: the cookie carries a random token, the row its hash."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user
from werkzeug.wrappers import Response

from pdp.accounts import devices, remembering, rules, service
from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.rules import SessionLimits
from pdp.accounts.service import Pending
from pdp.core import clock
from pdp.policy.actor import Actor
from pdp.settings import Settings

# Where a sign-in on its way goes on. An open one is Flask-Login's own; the other token opens nothing.
_STEPS = {SignInStage.SECOND_FACTOR: "factors.challenge", SignInStage.UNDERTAKING: "accounts.undertaking"}
_TOKEN, _AFTER = "sign_in", "sign_in_after"


class SignedInUser(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries during a request: the token, the actor, and what the sign-in proved."""

    def __init__(
        self, token: str, actor: Actor, proofs: frozenset[Proof] = frozenset(), proven_at: datetime | None = None
    ) -> None:
        self.token = token
        self.actor = actor
        self.proofs = proofs
        self.proven_at = proven_at

    @property
    def is_fresh(self) -> bool:
        """Tell whether two factors were proved recently enough for a grave act."""
        return rules.is_fresh(self.proofs, self.proven_at, clock.now())

    def get_id(self) -> str:
        """Return the session token, never the person's id."""
        return self.token


def limits_of(settings: Settings) -> SessionLimits:
    """Return the session limits of an installation."""
    return SessionLimits(timedelta(minutes=settings.idle_minutes), timedelta(minutes=settings.absolute_minutes))


def install(app: Flask, settings: Settings) -> None:
    """Resume the session of each request from its token."""
    manager = LoginManager(app)
    manager.session_protection = None
    limits = limits_of(settings)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedInUser | None:
        return _user_of(token, limits)


def admit(token: str, after: str | None = None) -> Response:
    """Put a sign-in's token in a new cookie and lead to its next step, or to the page asked for once it is open.

    Nothing that was in the cookie before survives.
    """
    after = after or session.get(_AFTER)
    session.clear()
    user = _user_of(token, limits_of(current_app.config["PDP"]))
    if user is not None:
        login_user(user)
        home = redirect(after or url_for("home.index"))
        return remembering.keep(home, user.actor.user_id) if Proof.PASSWORD in user.proofs else home
    pending = service.find_pending(token)
    if pending is None:
        return redirect(url_for("accounts.sign_in"))
    session[_TOKEN] = token
    if after:
        session[_AFTER] = after
    return redirect(url_for(_STEPS[pending.stage]))


def renew(token: str) -> None:
    """Put the new token of an open sign-in in the cookie: it is drawn again at each proof and change of role."""
    user = _user_of(token, limits_of(current_app.config["PDP"]))
    if user is not None:
        login_user(user)


def device() -> str:
    """Return what to call the browser of this request in the list of one's sign-ins."""
    return devices.describe(request.user_agent.string)


def source() -> str:
    """Return where this request comes from, as wrong tries are counted."""
    return rules.place_of(request.remote_addr or "")


def next_page() -> str | None:
    """Return the page asked for before sign-in, if it is a path of this site."""
    wanted = request.values.get("suite", "")
    parts = urlsplit(wanted)
    is_local = (
        wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return wanted if is_local else None


def pending_token() -> str:
    """Return the token of the sign-in on its way in this browser; empty without one."""
    return str(session.get(_TOKEN, ""))


def pending() -> Pending | None:
    """Return how far the sign-in of this browser has come, None when none is on its way."""
    return service.find_pending(pending_token()) if pending_token() else None


def _user_of(token: str, limits: SessionLimits) -> SignedInUser | None:
    found = service.resume(token, limits)
    return SignedInUser(token, found.actor, found.proofs, found.proven_at) if found else None
