"""« Qui voit quoi » of a case: on the page, and printed for the insured."""

from datetime import UTC, datetime, time
from typing import Any

from pdp.accounts import queries as accounts
from pdp.accounts.models import Cellule
from pdp.accounts.service import build_actor
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import Case
from pdp.cases.rules.view import CaseView
from pdp.cases.rules.who_sees import SHOWN, Access, Reader, WhoSees, who_sees
from pdp.cases.service.agreement_form import PrintedForm
from pdp.cases.service.reading import view_of
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.core.french import capital
from pdp.core.typeset import typeset
from pdp.policy.actor import Actor
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import OUTSIDE_ROLES

_CELL = {Access.WRITE: "lit, écrit", Access.READ: "lit", Access.OWN: "le sien", Access.HIDDEN: "masqué"}


def read_who_sees(actor: Actor, case_id: str) -> tuple[CaseView, WhoSees]:
    """Open « qui voit quoi » of a case, for the core; one journal entry. A partner is never told of the others."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = _case(actor, case_id)
        audit.record(actor, "sharing.who_sees", case_id=case.id, subject=case)
        return view_of(actor, case), _readers(case)


def print_who_sees(actor: Actor, case_id: str) -> PrintedForm:
    """Print « qui voit quoi » for the insured; one journal entry. The file is named after the reference alone."""
    ensure(actor, Permission.CASE_READ)
    with db.transaction(actor):
        case = _case(actor, case_id)
        audit.record(actor, "sharing.who_sees_print", case_id=case.id, subject=case)
        data = _printed(case, accounts.get_cellule(actor.cellule_id), _readers(case))
        made_at = datetime.combine(clock.today(), time(), UTC)
    return PrintedForm(typeset("who_sees.typ", data, made_at), f"qui-voit-quoi-{case.reference}.pdf")


def _case(actor: Actor, case_id: str) -> Case:
    if not actor.is_core:
        raise NotFound
    return queries.get_case(actor, case_id)


def _readers(case: Case) -> WhoSees:
    people = [
        build_actor(membership)
        for membership in accounts.list_people(case.cellule_id, clock.today())
        if membership.role not in OUTSIDE_ROLES
    ]
    return who_sees(people, queries.case_facts(case), clock.today())


def _printed(case: Case, cellule: Cellule, found: WhoSees) -> dict[str, Any]:
    today = clock.today()
    return {
        "title": f"Qui voit quoi – dossier {case.reference}",
        "description": f"{cellule.name}, {cellule.caisse_name}",
        "cellule": cellule.name,
        "caisse": cellule.caisse_name,
        "reference": case.reference,
        "day": f"{today:%d/%m/%Y}",
        "made": {"year": today.year, "month": today.month, "day": today.day},
        "restricted": found.restricted,
        "unaware": list(found.unaware),
        "readers": [_column(reader) for reader in found.readers],
        "lines": [
            {
                "label": capital(LABEL_NAMES[label]),
                "cells": [_CELL.get(reader.cells[label], "") for reader in found.readers],
            }
            for label in SHOWN
        ],
    }


def _column(reader: Reader) -> dict[str, Any]:
    until = "jusqu’à la fin de l’accompagnement" if reader.is_partner else ""
    return {
        "organisation": reader.organisation,
        "role": "référent du dossier" if reader.is_referent else reader.role,
        "people": list(reader.people),
        "until": f"jusqu’au {reader.until:%d/%m/%Y}" if reader.until else until,
    }
