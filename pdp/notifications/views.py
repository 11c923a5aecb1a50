"""The notices of the signed-in person, and their count at the top of every page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pdp.core import clock
from pdp.notifications import service, texts
from pdp.policy.permissions import Permission
from pdp.web.filters import plural
from pdp.web.guards import current_actor, requires

bp = Blueprint("notifications", __name__)


@bp.app_context_processor
def count() -> dict[str, Callable[[], int]]:
    """Give the layout a way to count; a page that does not show the count asks nothing."""
    return {"unread_notices": _unread}


@bp.get("/notifications")
@requires(Permission.ACCOUNT_USE)
def list_notices() -> str:
    """List what awaits the person, unread first."""
    notices = service.list_notices(current_actor())
    return render_template("notifications/list.html", notices=notices, sentences=texts.sentences, local=clock.local)


@bp.post("/notifications/<notice_id>")
@requires(Permission.ACCOUNT_USE)
def open_notice(notice_id: str) -> Response:
    """Mark one as seen, then lead to what it is about."""
    return redirect(service.open_notice(current_actor(), notice_id), 303)


@bp.post("/notifications")
@requires(Permission.ACCOUNT_USE)
def mark_all_seen() -> Any:
    """Mark them all as seen."""
    seen = service.mark_all_seen(current_actor())
    flash(f"{plural(seen, 'notification marquée')} comme {'lues' if seen > 1 else 'lue'}.", "success")
    return redirect(url_for("notifications.list_notices"), 303)


def _unread() -> int:
    return service.count_unread(current_user.actor) if current_user.is_authenticated else 0
