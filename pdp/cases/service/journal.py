"""The journal of a case: one's own entries, or all of them for the coordinator."""

from collections.abc import Sequence

from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.queries.journal import JournalRow
from pdp.cases.rules.view import CaseView
from pdp.cases.service.reading import view_of
from pdp.core import db
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure

PAGE = 50


def read_journal(actor: Actor, case_id: str, page: int = 1) -> tuple[CaseView, Sequence[JournalRow]]:
    """Open the journal of a case, newest first, 50 entries a page; one more tells that there is a next page."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        view = view_of(actor, case)
        user_id = None if Label.JOURNAL in view.labels else actor.user_id
        rows = queries.list_journal(case, user_id=user_id, skip=(max(page, 1) - 1) * PAGE, limit=PAGE + 1)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="journal")
        return view, rows
