"""Accueil: what waits for the signed-in person."""

from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, url_for

from pdp.core import clock
from pdp.home import counters, service
from pdp.home.service import Deadline, Worklist
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.ACCOUNT_USE)
def index() -> str:
    """Show the worklist."""
    actor = current_actor()
    worklist = service.read_worklist(actor)
    groups = [(name, list(lines)) for name, lines in groupby(worklist.deadlines, key=lambda line: line.bucket)]
    return render_template(
        "home/index.html",
        actor=actor,
        counters=_counters(actor, worklist),
        groups=groups,
        meeting=worklist.meeting,
        examinations=worklist.examinations,
        link=_link,
        local=clock.local,
    )


def _counters(actor: Actor, worklist: Worklist) -> list[dict[str, Any]]:
    return [
        counters.words(counter, worklist.counts) | {"url": url_for(counter.endpoint, **counter.query)}
        for counter in counters.shown_to(actor.role, worklist.counts)
    ]


def _link(line: Deadline) -> str:
    values: dict[str, Any] = dict(line.target)
    return url_for(line.endpoint, **values)
