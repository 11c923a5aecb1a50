"""Flask-Login over our stored sessions: the cookie carries a random token, the row its hash."""

from datetime import timedelta

from flask import Flask
from flask_login import LoginManager, UserMixin

from pdp.accounts import service
from pdp.accounts.rules import SessionLimits
from pdp.policy.actor import Actor
from pdp.settings import Settings


class SignedInUser(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries during a request: the token and the actor."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

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
        signed_in = service.resume(token, limits)
        return SignedInUser(token, signed_in.actor) if signed_in else None
