"""The « Droits » tab of a case: what the person asked, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.cases.queries import get_case
from pdp.cases.rules.view import CaseView
from pdp.cases.service import view_of
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import answers_for
from pdp.privacy.models import RightsRequest
from pdp.privacy.queries import register as queries
from pdp.privacy.service.rights_sections import Sections, sections_of

TAB = "rights"


@dataclass(frozen=True, slots=True)
class CaseRights:
    """What the tab shows. `requests` is None for a reader who does not follow them."""

    case: CaseView
    requests: Sequence[RightsRequest] | None
    may_record: bool
    sections: Sections


def read_case_rights(actor: Actor, case_id: str) -> CaseRights:
    """Open the « Droits » tab and journal it. Raises `NotFound`."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        view = view_of(actor, case)
        if TAB not in view.tabs:
            raise NotFound
        follows = can(actor, Permission.RIGHTS_REGISTER) or answers_for(actor, case.referent_user_id)
        requests = queries.list_of_case(actor, case.id) if follows else None
        sections = sections_of(actor, case, view)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part=TAB)
    return CaseRights(view, requests, can(actor, Permission.RIGHTS_WRITE) and follows, sections)
