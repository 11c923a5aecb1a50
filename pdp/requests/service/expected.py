"""Tell the « Pièces » tab what the requests of a case require, and record a piece found there."""

from collections.abc import Sequence

from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.core.french import capital
from pdp.dispositifs.catalogue import sheet
from pdp.documents import queries as documents
from pdp.documents.enums import About, ReviewState, ScanState
from pdp.documents.hooks import ExpectedPiece
from pdp.documents.rules.kinds import kind_answering
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can
from pdp.policy.visibility import readable_labels, writable_labels
from pdp.requests import queries
from pdp.requests.enums import PieceNature, PieceState
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules import pieces as rules
from pdp.requests.rules.findings import piece_phrase
from pdp.requests.service.pieces import record_piece, writer_of

_RECEIVED = frozenset({PieceState.GIVEN, PieceState.REFUSED, PieceState.PRESENT})
_FROM_THE_FILE = "pièce versée au dossier"


def list_expected(actor: Actor, case: Case) -> Sequence[ExpectedPiece]:
    """Return what the requests under way of a case require, for who reads requests and agreements."""
    facts, today = case_facts(case), clock.today()
    if not {Label.REQUEST, Label.AGREEMENTS} <= readable_labels(actor, facts, today):
        return ()
    writes = Label.AGREEMENTS in writable_labels(actor, facts, today) and can(actor, Permission.REQUEST_WRITE)
    return [
        _expected(actor, request, piece, writes=writes)
        for request in queries.list_pieces_of_case(case)
        for piece in request.pieces
    ]


def record_from_document(actor: Actor, request_id: str, piece_id: str, document_id: str) -> str:
    """Record a required document as received, from the piece of the case that answers it; return the case's id.

    An agreement is not recorded so: somebody must say whether it was given. Raises `NotFound`, `RuleViolation`.
    """
    with db.transaction(actor):
        document = documents.find_document(actor, document_id)
        request = queries.get_request(actor, request_id)
        piece = queries.find_piece(request, piece_id)
        answers = document.about is About.PIECE and document.about_ref == piece.public_id
        if document.case_id != request.case_id or not answers or document.withdrawn_at is not None:
            raise NotFound
        if document.review is not ReviewState.ACCEPTED or document.scan is not ScanState.CLEAN:
            raise RuleViolation("Cette pièce n’est pas encore au dossier : elle doit être examinée et contrôlée.")
        if piece.nature is not PieceNature.DOCUMENT:
            raise RuleViolation("Un accord s’enregistre à la main : dites s’il est donné ou refusé.")
        record_piece(
            actor,
            request_id,
            piece_id,
            version=piece.version,
            state=PieceState.PRESENT,
            dated=clock.local(document.added_at).date(),
            comment=_FROM_THE_FILE,
        )
        return document.case.public_id


def _expected(actor: Actor, request: DispositifRequest, piece: RequiredPiece, *, writes: bool) -> ExpectedPiece:
    allowed = writes and rules.why_not(writer_of(actor), piece.nature, piece.kind) is None
    phrase = piece_phrase(piece.kind)
    return ExpectedPiece(
        ref=piece.public_id,
        title=capital(phrase.removeprefix("l’").removeprefix("la ").removeprefix("le ")),
        wanted_for=sheet(request.dispositif).label,
        kind=kind_answering(piece.kind),
        received=piece.state in _RECEIVED,
        asked_on=piece.asked_on,
        label=Label.AGREEMENTS,
        endpoint="requests.piece",
        target=(("request_id", request.public_id), ("piece_id", piece.public_id)),
        may_record=allowed,
        one_click=allowed and piece.nature is PieceNature.DOCUMENT,
    )
