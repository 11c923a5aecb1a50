"""Sharing agreements of a case: the access check here, the agreement itself in `consent`."""

from typing import Any

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import Case
from pdp.cases.rules.view import CaseView
from pdp.cases.service.access import open_case_only
from pdp.cases.service.reading import view_of
from pdp.consent import service as consent
from pdp.consent.rules import grantable
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def prepare_agreement(actor: Actor, case_id: str) -> tuple[CaseView, list[Organisation]]:
    """Open the form of a new agreement: the case, and the organisations that may need one."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = open_case_only(queries.get_case(actor, case_id))
        partners = [
            found for found in accounts.list_organisations(actor.cellule_id, clock.today()) if grantable(found.kind)
        ]
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="sharing.new")
        return view_of(actor, case), partners


def record_agreement(actor: Actor, case_id: str, **values: Any) -> None:
    """Record an agreement of this case (values: see `consent.service.record_agreement`)."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = open_case_only(queries.get_case(actor, case_id, lock=True))
        consent.record_agreement(actor, _key(case), **values)
        case.version += 1


def withdraw_agreement(actor: Actor, case_id: str, agreement_id: str, *, version: int) -> None:
    """Withdraw an agreement of this case, even of one that is over."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id, lock=True)
        consent.withdraw_agreement(actor, _key(case), agreement_id, version=version)
        case.version += 1


def _key(case: Case) -> CaseKey:
    return CaseKey(case.cellule_id, case.id)
