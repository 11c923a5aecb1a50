"""Record who agreed to what, and which document is in the file."""

from datetime import date

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.requests import queries
from pdp.requests.enums import PieceState, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules import pieces as rules
from pdp.requests.rules import workflow
from pdp.requests.rules.pieces import Writer
from pdp.requests.service import access
from pdp.requests.service.appraisal import take_snapshot

# A request declared ready, on an agenda, or adjourned.
_DECLARED = frozenset({RequestStatus.READY, RequestStatus.SCHEDULED, RequestStatus.ADJOURNED})
_AWAITED = frozenset({PieceState.MISSING, PieceState.ABSENT})


def record_piece(
    actor: Actor,
    public_id: str,
    piece_public_id: str,
    *,
    version: int,
    state: PieceState,
    dated: date | None = None,
    comment: str = "",
) -> None:
    """Record the state of an agreement or a document of a request.

    Raises `RuleViolation` when this kind is not the actor's to record, `InvalidInput` for the values,
    `Conflict` on a stale form.
    """
    ensure(actor, Permission.REQUEST_WRITE)
    with db.transaction(actor):
        request, piece = writable_piece(actor, public_id, piece_public_id)
        access.ensure_fresh(piece, version)
        rules.ensure_recordable(
            writer_of(actor), piece.nature, piece.kind, state=state, dated=dated, comment=comment, today=clock.today()
        )
        awaited = state in _AWAITED
        piece.state, piece.comment = state, comment
        piece.dated = None if awaited else dated
        piece.recorded_by_id = actor.user_id
        piece.version += 1
        _keep_verdict(request)
        audit.record(
            actor, "request.piece", case_id=request.case_id, subject=piece, kind=piece.kind, state=state.value
        )


def ask_piece(actor: Actor, public_id: str, piece_public_id: str) -> None:
    """Note that a missing piece was asked for today, so that everyone sees since when it is awaited."""
    ensure(actor, Permission.REQUEST_WRITE)
    with db.transaction(actor):
        request, piece = writable_piece(actor, public_id, piece_public_id)
        if piece.state not in _AWAITED:
            raise RuleViolation("Cette pièce est déjà au dossier : il n’y a rien à demander.")
        piece.asked_on = clock.today()
        piece.version += 1
        _keep_verdict(request)
        audit.record(actor, "request.ask_piece", case_id=request.case_id, subject=piece, kind=piece.kind)


def writer_of(actor: Actor) -> Writer:
    """Return what the rules of pieces read of an actor."""
    return Writer(actor.role, actor.is_physician)


def writable_piece(actor: Actor, public_id: str, piece_id: str) -> tuple[DispositifRequest, RequiredPiece]:
    """Return a piece that the actor may write, locked with its request. Raises `RuleViolation` or `NotFound`."""
    request = queries.get_request(actor, public_id, lock=True)
    access.ensure_case_open(request.case)
    piece = queries.find_piece(request, piece_id)
    if not access.may_write(actor, request.case, Label.AGREEMENTS):
        _refuse(actor, request, piece)
    workflow.ensure_open(request.status)
    return request, piece


def _keep_verdict(request: DispositifRequest) -> None:
    """Keep the eligibility anew once a request is declared ready: agendas and lists show the one last kept."""
    if request.status in _DECLARED:
        take_snapshot(request, SnapshotReason.CHECKED)


def _refuse(actor: Actor, request: DispositifRequest, piece: RequiredPiece) -> None:
    # A core member reads the table, hence may be told whose act it is; to anyone else it does not exist.
    if actor.is_core:
        refusal = rules.why_not(writer_of(actor), piece.nature, piece.kind)
        raise RuleViolation(refusal or "Les pièces sont enregistrées par le service social ou le service médical.")
    access.ensure_writes(actor, request.case, Label.AGREEMENTS)
