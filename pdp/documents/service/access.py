"""From stored rows to what the rules of pieces judge."""

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.core import clock
from pdp.core.errors import Conflict, RuleViolation
from pdp.documents.models import Document
from pdp.documents.rules import access as rules
from pdp.documents.rules.access import Facts, Reader
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can
from pdp.policy.visibility import answers_for, readable_labels, writable_labels

STALE = (
    "Quelqu’un a examiné ou modifié cette pièce depuis que vous avez ouvert la page. "
    "Rien n’a été enregistré : voyez ci-dessous où elle en est."
)
_ENDED = frozenset({Stage.CLOSED, Stage.REORIENTED})
_OVER = "Ce dossier est clos ou réorienté : aucune pièce ne peut plus y être ajoutée. Rouvrez-le d’abord."


def reader_of(actor: Actor, case: Case) -> Reader:
    """Return what decides of the pieces of a loaded case for this person today."""
    facts, today = case_facts(case), clock.today()
    return Reader(
        actor,
        readable_labels(actor, facts, today),
        writable_labels(actor, facts, today),
        can(actor, Permission.DOCUMENT_REVIEW)
        and not actor.in_emergency
        and answers_for(actor, case.referent_user_id),
    )


def facts_of(document: Document) -> Facts:
    """Return what decides who reaches a piece."""
    return Facts(
        label=document.label,
        review=document.review,
        spread=document.spread,
        scan=document.scan,
        organisation_id=document.organisation_id,
        added_by_id=document.added_by_id,
        withdrawn=document.withdrawn_at is not None,
        destroyed=document.body_id is None,
    )


def addable(case: Case, reader: Reader) -> frozenset[Label]:
    """Return the labels under which the person may add a piece: none once the case is over."""
    return frozenset() if case.stage in _ENDED else rules.addable(reader)


def ensure_open(case: Case) -> None:
    """Refuse a case that is over. Raises `RuleViolation`."""
    if case.stage in _ENDED:
        raise RuleViolation(_OVER)


def ensure_fresh(document: Document, version: int) -> None:
    """Refuse a stale form. Raises `Conflict`."""
    if document.version != version:
        raise Conflict(STALE)
