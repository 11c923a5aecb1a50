"""Read the pieces of a case, and open one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pdp.audit import service as audit
from pdp.cases import service as cases
from pdp.cases.models import Case
from pdp.cases.queries import get_case
from pdp.cases.rules.view import CaseView
from pdp.consent.enums import DepartureKind
from pdp.consent.register import record_departure
from pdp.core import antivirus, clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.documents import hooks, queries
from pdp.documents.enums import MediaType, ReviewState, ScanState
from pdp.documents.models import Document
from pdp.documents.rules import access as rules
from pdp.documents.rules.access import Reader
from pdp.documents.rules.kinds import file_name
from pdp.documents.rules.view import DocumentLine, ExpectedLine, PiecesView
from pdp.documents.service import access, store
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.masking import organisation_name
from pdp.policy.permissions import Permission, ensure

_WAITS = (
    "Cette pièce attend encore le contrôle antivirus : elle s’ouvrira dès qu’il sera fait. "
    "Revenez dans quelques minutes ; si cela dure, prévenez l’administration technique."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it leaves."""

    file_name: str
    media: MediaType
    body: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """A proposal before its referent: the piece and the labels it may get."""

    case: CaseView
    line: DocumentLine
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Adding:
    """The form that adds a piece: the labels it may get, what is awaited, the version it would replace."""

    case: CaseView
    addable: frozenset[Label]
    expected: tuple[ExpectedLine, ...]
    former: DocumentLine | None


@dataclass(frozen=True, slots=True)
class ScannerState:
    """What the administrator reads of the antivirus."""

    name: str
    answers: bool
    waiting: int


def read_pieces(actor: Actor, case_id: str) -> tuple[CaseView, PiecesView]:
    """Open the « Pièces » tab and journal it. Raises `NotFound`."""
    ensure(actor, Permission.DOCUMENT_READ)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        view = cases.view_of(actor, case)
        if "documents" not in view.tabs:
            raise NotFound
        reader = access.reader_of(actor, case)
        lines = _lines(case, reader)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="documents", count=len(lines))
        arranged = _arranged(case, reader, lines, _expected(actor, case, reader, lines))
        return view, replace(arranged, filed=hooks.list_filed(actor, case))


def prepare(actor: Actor, case_id: str, *, replaces: str | None = None) -> Adding:
    """Open the form that adds a piece, or a newer version of one. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.DOCUMENT_ADD)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        access.ensure_open(case)
        reader = access.reader_of(actor, case)
        addable = access.addable(case, reader)
        lines = _lines(case, reader)
        former = next((line for line in lines if line.public_id == replaces and line.may_replace), None)
        if not addable or (replaces is not None and former is None):
            raise NotFound
        view = cases.view_of(actor, case)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="documents.new")
        expected = tuple(line for line in _expected(actor, case, reader, lines) if line.may_add and not line.received)
        return Adding(view, addable, expected, former)


def read_document(actor: Actor, document_id: str) -> tuple[CaseView, DocumentLine]:
    """Return what is known of a piece, to withdraw or replace it; journaled."""
    ensure(actor, Permission.DOCUMENT_READ)
    with db.transaction(actor):
        document, reader = _known(actor, document_id)
        view = cases.view_of(actor, document.case)
        audit.record(actor, "document.card", case_id=document.case_id, subject=document)
        return view, _line(reader, document)


def examine(actor: Actor, document_id: str) -> Examined:
    """Open a proposal to decide on it; journaled. Raises `NotFound` for who does not examine."""
    ensure(actor, Permission.DOCUMENT_REVIEW)
    with db.transaction(actor):
        document, reader = _known(actor, document_id)
        if not reader.examines:
            raise NotFound
        view = cases.view_of(actor, document.case)
        audit.record(actor, "document.examine", case_id=document.case_id, subject=document)
        return Examined(view, _line(reader, document), rules.spreadable(reader))


def open_document(actor: Actor, document_id: str) -> Opened:
    """Return a file to download, checked against its hash; one journal entry, and the register for a partner.

    Raises `NotFound` when it is not open to the actor, `RuleViolation` while the antivirus has not answered.
    """
    ensure(actor, Permission.DOCUMENT_READ)
    with db.transaction(actor):
        document, reader = _known(actor, document_id)
        if not rules.reaches(reader, access.facts_of(document)) or document.body_id is None:
            raise NotFound
        if document.scan is not ScanState.CLEAN:
            raise RuleViolation(_WAITS)
        row = queries.get_body(document.body_id, document.cellule_id)
        body = store.open_body(row)
        audit.record(actor, "document.read", case_id=document.case_id, subject=document, label=document.label.value)
        # One's own proposal leaves nothing that was not there before.
        if actor.is_partner and document.review is ReviewState.ACCEPTED:
            record_departure(
                actor,
                cellule_id=document.cellule_id,
                case_id=document.case_id,
                organisation_id=actor.organisation_id,
                what=DepartureKind.DOCUMENT,
                object_kind="document",
                object_id=document.id,
                version=row.digest[:16],
                labels=frozenset({document.label}),
            )
        name = file_name(document.case.reference, document.kind, document.media.value.replace("jpeg", "jpg"))
        return Opened(name, document.media, body)


def read_scanner(actor: Actor) -> ScannerState:
    """Return how the antivirus stands; a page of the installation, no case is read."""
    ensure(actor, Permission.CELLULE_READ)
    scanner = antivirus.installed()
    with db.reading(actor):
        waiting = queries.count_waiting(actor.cellule_id)
    return ScannerState(scanner.name, scanner.answers(), waiting)


def _known(actor: Actor, document_id: str) -> tuple[Document, Reader]:
    document = queries.find_document(actor, document_id)
    reader = access.reader_of(actor, document.case)
    if not rules.knows(reader, access.facts_of(document)):
        raise NotFound
    return document, reader


def _lines(case: Case, reader: Reader) -> list[DocumentLine]:
    return [_line(reader, document) for document in queries.list_documents(case, reader)]


def _line(reader: Reader, document: Document) -> DocumentLine:
    facts = access.facts_of(document)
    known = document.label in reader.readable
    return DocumentLine(
        public_id=document.public_id,
        kind=document.kind,
        precision=document.precision,
        media=document.media,
        size=document.size,
        label=document.label if known else None,
        added_by=document.added_by.full_name,
        organisation=organisation_name(reader.actor, document.organisation.facts),
        added_on=clock.local(document.added_at).date(),
        review=document.review,
        scan=document.scan,
        spread=None if reader.actor.is_partner else document.spread,
        refusal=document.refusal,
        withdrawn_at=document.withdrawn_at,
        withdrawal="" if reader.actor.is_partner else document.withdrawal,
        replaced=document.replaced_at is not None,
        is_newer=document.replaces_id is not None,
        version=document.version,
        about_ref=document.about_ref,
        may_open=rules.opens(reader, facts),
        may_review=reader.examines and known and document.review is ReviewState.PROPOSED and not facts.withdrawn,
        may_withdraw=rules.may_withdraw(reader, facts),
        may_replace=rules.may_replace(reader, facts) and document.replaced_at is None,
    )


def _expected(actor: Actor, case: Case, reader: Reader, lines: Sequence[DocumentLine]) -> tuple[ExpectedLine, ...]:
    addable = access.addable(case, reader)
    there = {
        line.about_ref: line
        for line in reversed(lines)
        if line.about_ref
        and line.withdrawn_at is None
        and not line.replaced
        and line.review is not ReviewState.REFUSED
        and line.scan is not ScanState.INFECTED
    }
    return tuple(
        ExpectedLine(
            piece.ref,
            piece.title,
            piece.wanted_for,
            piece.kind,
            piece.received,
            piece.asked_on,
            piece.endpoint,
            piece.target,
            piece.may_record,
            piece.one_click and piece.ref in there and there[piece.ref].review is ReviewState.ACCEPTED,
            piece.label in addable,
            there.get(piece.ref),
        )
        for piece in hooks.list_expected(actor, case)
    )


def _arranged(
    case: Case, reader: Reader, lines: Sequence[DocumentLine], expected: tuple[ExpectedLine, ...]
) -> PiecesView:
    partner = reader.actor.is_partner
    out = [line for line in lines if line.withdrawn_at is not None or line.review is ReviewState.REFUSED]
    settled = [line for line in lines if line.review is ReviewState.ACCEPTED and line.withdrawn_at is None]
    return PiecesView(
        to_review=tuple(line for line in lines if line.may_review),
        current=tuple(line for line in settled if not line.replaced and line.label is not None),
        own_proposals=tuple(
            line for line in lines if partner and (line.review is not ReviewState.ACCEPTED or line.label is None)
        ),
        former=tuple(line for line in settled if line.replaced and line.label is not None),
        withdrawn=() if partner else tuple(out),
        expected=expected,
        addable=access.addable(case, reader),
    )
