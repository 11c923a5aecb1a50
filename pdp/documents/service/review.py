"""Examine what a partner proposes, and take out what should not be there."""

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.documents import queries
from pdp.documents.enums import ReviewDecision, ReviewState, ScanState, Spread
from pdp.documents.models import Document
from pdp.documents.rules import access as rules
from pdp.documents.service import access, notices
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure


def review(
    actor: Actor,
    document_id: str,
    *,
    version: int,
    decision: ReviewDecision,
    label: Label | None = None,
    spread: Spread | None = None,
    reason: str = "",
) -> ReviewState:
    """Accept a proposal under a label and as far as one says, or refuse it with a reason.

    Raises `NotFound` for who does not examine, `InvalidInput` for the values, `Conflict` on a stale form.
    """
    ensure(actor, Permission.DOCUMENT_REVIEW)
    with db.transaction(actor):
        document = queries.find_document(actor, document_id, lock=True)
        reader = access.reader_of(actor, document.case)
        if not reader.examines or document.label not in reader.readable:
            raise NotFound
        access.ensure_fresh(document, version)
        access.ensure_open(document.case)
        if document.review is not ReviewState.PROPOSED or document.withdrawn_at is not None:
            raise RuleViolation("Cette pièce a déjà été examinée ou retirée : il n’y a plus rien à décider.")
        if decision is ReviewDecision.ACCEPT:
            _accept(document, label, spread, rules.spreadable(reader))
        else:
            _refuse(document, reason)
        document.reviewed_by_id, document.reviewed_at = actor.user_id, clock.now()
        document.version += 1
        audit.record(
            actor,
            f"document.{decision.value}",
            case_id=document.case_id,
            subject=document,
            label=document.label.value,
            spread=document.spread.value,
        )
        notices.tell_author(document.case, document)
    return document.review


def withdraw(actor: Actor, document_id: str, *, version: int, reason: str) -> str:
    """Take a piece out of its case; it stays on record, closed to everyone. Return the case's public id."""
    ensure(actor, Permission.DOCUMENT_ADD)
    with db.transaction(actor):
        document = queries.find_document(actor, document_id, lock=True)
        reader, facts = access.reader_of(actor, document.case), access.facts_of(document)
        if not rules.knows(reader, facts) or not rules.may_withdraw(reader, facts):
            raise NotFound
        access.ensure_fresh(document, version)
        document.withdrawn_at, document.withdrawn_by_id = clock.now(), actor.user_id
        document.withdrawal = reason
        document.version += 1
        audit.record(actor, "document.withdraw", case_id=document.case_id, subject=document)
        return document.case.public_id


def _accept(document: Document, label: Label | None, spread: Spread | None, allowed: tuple[Label, ...]) -> None:
    errors: dict[str, list[str]] = {}
    if label not in allowed:
        errors["label"] = ["Choisissez la rubrique qui dit qui pourra lire la pièce."]
    if spread is None:
        errors["spread"] = ["Dites jusqu’où la pièce peut aller."]
    if errors:
        raise InvalidInput(errors)
    if document.scan is ScanState.INFECTED:
        raise RuleViolation("Cette pièce était dangereuse et a été détruite : elle ne peut pas entrer au dossier.")
    assert label is not None
    assert spread is not None
    document.review, document.label, document.spread = ReviewState.ACCEPTED, label, spread
    if document.former is not None and document.former.replaced_at is None:
        document.former.replaced_at = clock.now()
        document.former.version += 1


def _refuse(document: Document, reason: str) -> None:
    if not reason:
        raise InvalidInput({"reason": ["Dites en une phrase pourquoi : le partenaire la lira."]})
    document.review, document.refusal = ReviewState.REFUSED, reason
