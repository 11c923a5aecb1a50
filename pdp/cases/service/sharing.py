"""Sharing agreements of a case: the access check here, the agreement itself in `consent`."""

from typing import Any

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.audit import service as audit
from pdp.cases import hooks, queries
from pdp.cases.models import Case
from pdp.cases.rules.sharing import Register
from pdp.cases.rules.view import CaseView
from pdp.cases.service.access import ensure_not_frozen, open_case_only
from pdp.cases.service.reading import view_of
from pdp.cases.service.sharing_lines import departure_lines, recall_lines
from pdp.consent import queries as agreements
from pdp.consent import service as consent
from pdp.consent.rules import Terms, grantable
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def read_sharing(actor: Actor, case_id: str) -> tuple[CaseView, Register]:
    """Open the sharing tab: the case, and for the core what left of it and what was asked back."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        view = view_of(actor, case)
        if "sharing" not in view.tabs:
            raise NotFound
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="sharing")
        return view, _register(actor, case) if actor.is_core else Register()


def _register(actor: Actor, case: Case) -> Register:
    return Register(
        departure_lines(agreements.list_departures(case.cellule_id, case.id)),
        recall_lines(agreements.list_recalls(case.cellule_id, case.id), clock.today()),
        hooks.find_proofs(actor, case),
    )


def prepare_agreement(actor: Actor, case_id: str) -> tuple[CaseView, list[Organisation]]:
    """Open the form of a new agreement: the case, and the organisations that may need one."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = ensure_not_frozen(open_case_only(queries.get_case(actor, case_id)))
        partners = [
            found for found in accounts.list_organisations(actor.cellule_id, clock.today()) if grantable(found.kind)
        ]
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="sharing.new")
        return view_of(actor, case), partners


def record_agreement(
    actor: Actor, case_id: str, *, organisation: str, replaces: str | None = None, **terms: Any
) -> None:
    """Record an agreement of this case (`terms`: the fields of `consent.rules.Terms`)."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = ensure_not_frozen(open_case_only(queries.get_case(actor, case_id, lock=True)))
        consent.record_agreement(actor, _key(case), Terms(**terms), organisation=organisation, replaces=replaces)
        case.version += 1


def withdraw_agreement(actor: Actor, case_id: str, agreement_id: str, *, version: int, **withdrawal: Any) -> None:
    """Withdraw an agreement of this case (`withdrawal`: see `consent.service.withdraw_agreement`)."""
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id, lock=True)
        consent.withdraw_agreement(actor, _key(case), agreement_id, version=version, **withdrawal)
        case.version += 1


def _key(case: Case) -> CaseKey:
    return CaseKey(case.cellule_id, case.id)
