"""The printable agreement of a case, prefilled, with the information notice: a PDF of two pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import Case
from pdp.cases.service.access import ensure_not_frozen, open_case_only
from pdp.consent.enums import PurposeCode
from pdp.consent.notices import InformationNotice, notice_on
from pdp.consent.rules import grantable
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.core.french import capital
from pdp.core.typeset import typeset
from pdp.policy.actor import Actor
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.permissions import Permission, ensure

# What fits on one page: the columns of the table.
MOST_ORGANISATIONS = 5
_EXPLAINED = (
    "J’ai reçu et compris la notice au verso. Je sais que je peux refuser, que je peux retirer cet accord à tout "
    "moment, pour un seul organisme ou pour tous, sans donner de raison, et que cela n’a aucune conséquence sur mon "
    "arrêt de travail, mes indemnités ou l’aide du service social."
)


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """The file: it is named after the reference of the case alone."""

    body: bytes
    file_name: str


def print_form(actor: Actor, case_id: str, organisation_ids: Collection[str]) -> PrintedForm:
    """Print the agreement of a case with the organisations chosen, by public id; one journal entry.

    What is shared today is ticked. Raises `RuleViolation` when none, or too many, are chosen.
    """
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        case = ensure_not_frozen(open_case_only(queries.get_case(actor, case_id)))
        partners = [
            found
            for found in accounts.list_organisations(actor.cellule_id, clock.today())
            if grantable(found.kind) and found.public_id in organisation_ids
        ]
        if not 1 <= len(partners) <= MOST_ORGANISATIONS:
            raise RuleViolation(f"Choisissez de un à {MOST_ORGANISATIONS} organismes pour ce formulaire.")
        cellule = accounts.get_cellule(actor.cellule_id)
        audit.record(actor, "sharing.form", case_id=case.id, subject=case, organisations=len(partners))
        data = {
            **_head(cellule.name, cellule.caisse_name, case),
            **_choices(partners, _in_force(case, partners)),
            **_notice(notice_on(clock.today())),
        }
        day = clock.today()
    made_at = datetime.combine(day, time(), UTC)
    return PrintedForm(typeset("agreement.typ", data, made_at), f"accord-{case.reference}.pdf")


def _head(cellule: str, caisse: str, case: Case) -> dict[str, Any]:
    today = clock.today()
    return {
        "title": f"Accord de partage d’informations – dossier {case.reference}",
        "heading": "Accord de partage d’informations",
        "description": f"{cellule}, {caisse}",
        "cellule": cellule,
        "caisse": caisse,
        "reference": case.reference,
        "reference-line": f"Dossier {case.reference}",
        "date-line": f"Préparé le {today:%d/%m/%Y}",
        "made": {"year": today.year, "month": today.month, "day": today.day},
        "person": case.person.full_name,
        "born": f"{case.person.birth_date:%d/%m/%Y}",
        "referent": case.referent.full_name if case.referent else "",
        "explained": _EXPLAINED,
    }


def _in_force(case: Case, partners: Sequence[Organisation]) -> Mapping[int, frozenset[Label]]:
    today = clock.today()
    return {
        partner.id: frozenset().union(
            *(
                facts.labels
                for facts in queries.case_facts(case).agreements
                if facts.organisation_id == partner.id and facts.in_force(today)
            )
        )
        for partner in partners
    }


def _choices(partners: Sequence[Organisation], shared: Mapping[int, frozenset[Label]]) -> dict[str, Any]:
    rows = [label for label in Label if any(label in grantable(partner.kind) for partner in partners)]

    def cell(partner: Organisation, label: Label) -> str:
        if label not in grantable(partner.kind):
            return "never"
        return "yes" if label in shared[partner.id] else "no"

    return {
        "organisations": [partner.short_name for partner in partners],
        "lines": [
            {"label": capital(LABEL_NAMES[label]), "cells": [cell(partner, label) for partner in partners]}
            for label in rows
        ],
        "purposes": [capital(code.label) for code in PurposeCode],
    }


def _notice(notice: InformationNotice) -> dict[str, Any]:
    return {
        "notice-line": f"Notice d’information {notice.code}.",
        "notice": {
            "title": notice.title,
            "version": f"Notice {notice.code}",
            "sections": [{"title": section.title, "text": section.text} for section in notice.sections],
        },
    }
