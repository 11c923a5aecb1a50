"""Open a case: one journal entry, and a view cut to the actor's labels."""

from dataclasses import replace

from pdp.audit import service as audit
from pdp.cases import hooks, queries
from pdp.cases.models import Case
from pdp.cases.rules.view import CaseView
from pdp.cases.service.projection import Rows, project
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels


def read_case(actor: Actor, public_id: str, *, part: str) -> CaseView:
    """Open the tab `part` of a case and journal it (`case.read`).

    Raises `NotFound` when the case, or that tab of it, is not open to the actor.
    """
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = queries.get_case(actor, public_id)
        view = view_of(actor, case)
        if part not in view.tabs:
            raise NotFound
        if part == "summary":
            view = replace(view, alerts=hooks.find_alerts(actor, case))
        audit.record(actor, "case.read", case_id=case.id, subject=case, part=part)
    return view


def view_of(actor: Actor, case: Case) -> CaseView:
    """Return the view of a case got with `get_case`, inside a transaction; the caller journals the reading."""
    today = clock.today()
    labels = readable_labels(actor, queries.case_facts(case), today)
    employment, stoppage = Label.EMPLOYMENT in labels, Label.STOPPAGE in labels
    rows = Rows(
        activities=queries.list_activities(case) if employment else (),
        stoppages=queries.list_stoppages(case) if stoppage else (),
        encounters=queries.list_encounters(case) if stoppage else (),
    )
    return replace(project(actor, case, rows, today), contested=hooks.find_contested(case, labels))
