"""Come back to a page that asked for a recent proof."""

from typing import Any

from flask import redirect, url_for

from pdp.accounts import login
from pdp.factors.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import proven, requires


@bp.post("/confirmation")
@requires(Permission.ACCOUNT_USE)
@proven
def confirm() -> Any:
    """Lead back to the page that was asked for: the guard has just taken the proof."""
    return redirect(login.next_page() or url_for("home.index"), 303)
