"""Open a request, or the requests of a case: cut to the actor's labels, one journal entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.core.errors import Forbidden, NotFound, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels
from pdp.requests import queries
from pdp.requests.enums import PieceState, RequestAction
from pdp.requests.hooks import summarise_advice
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer, RequiredPiece
from pdp.requests.rules import pieces as piece_rules
from pdp.requests.rules import workflow
from pdp.requests.rules.details import shown_details
from pdp.requests.rules.findings import read_stored
from pdp.requests.rules.panel import HistoryLine, PieceLine, RequestLine, RequestPanel, RuleLine, group_panels
from pdp.requests.rules.standing import stand
from pdp.requests.service import access
from pdp.requests.service.appraisal import answers_of, appraise
from pdp.requests.service.pieces import writable_piece, writer_of

_AWAITED = frozenset({PieceState.MISSING, PieceState.ABSENT})


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """What is asked, with the values that its form shows again, by field name."""

    public_id: str
    case: str
    case_reference: str
    dispositif: Dispositif
    version: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """What the form of a piece needs besides its line."""

    version: int
    states: tuple[PieceState, ...]
    names_document: bool


def read_request(actor: Actor, public_id: str) -> RequestPanel:
    """Open a request and journal it (`request.read`)."""
    ensure(actor, Permission.REQUEST_READ)
    with db.transaction(actor):
        request = queries.get_request(actor, public_id)
        panel = panel_of(actor, request)
        audit.record(actor, "request.read", case_id=request.case_id, subject=request)
    return panel


def read_case_requests(actor: Actor, case_public_id: str) -> tuple[tuple[RequestLine, ...], RequestPanel | None]:
    """Return the requests of a case, newest first, and the newest one open; opening the case journals it."""
    ensure(actor, Permission.REQUEST_READ)
    with db.reading(actor):
        case = queries.get_case(actor, case_public_id)
        requests = queries.list_case_requests(case.cellule_id, case.id)
        first = next((request for request in requests if request.status in workflow.OPEN), None)
        panel = panel_of(actor, first or requests[0]) if requests else None
        readable = readable_labels(actor, case_facts(case), clock.today())
        lines = tuple(_line(request, requests, readable) for request in requests)
    return lines, panel


def panel_of(actor: Actor, request: DispositifRequest) -> RequestPanel:
    """Return a loaded request as the actor may see it, in the transaction under way."""
    day = clock.today()
    readable = readable_labels(actor, case_facts(request.case), day)
    snapshots = queries.list_snapshots(request)
    siblings = queries.list_other_requests(request)
    frozen = request.status not in workflow.OPEN and bool(snapshots)
    found = appraise(request, others=siblings)
    results = read_stored(snapshots[0].results) if frozen else found.results
    answers = answers_of(request)
    standing = stand(results, answers)
    may_settle = request.status in workflow.OPEN and _may_settle(actor, request, day)
    about = sheet(request.dispositif)
    return RequestPanel(
        public_id=request.public_id,
        version=request.version,
        case=request.case.public_id,
        case_reference=request.case.reference,
        dispositif=request.dispositif,
        title=_title(request, [*siblings, request]),
        status=workflow.shown_status(request.status, readable),
        author=request.author,
        purpose=request.purpose,
        start=request.measure_start,
        end=request.measure_end,
        details=shown_details(request.dispositif, request.details, readable),
        decided_by=about.decided_by,
        legal_basis=about.legal_basis,
        evaluated_on=results[0].evaluated_on,
        doctrine=results[0].doctrine,
        kept=frozen,
        standing=standing,
        groups=group_panels(results, standing, answers, readable, may_settle=may_settle, is_core=actor.is_core),
        trial=found.trial if Label.STOPPAGE in readable else None,
        pieces=_pieces(actor, request) if Label.AGREEMENTS in readable else None,
        actions=_actions(actor, request),
        may_edit=request.status in workflow.EDITABLE and access.may_touch(actor, request),
        may_decline=_may(actor, request, RequestAction.DECLINE),
        decline_reason=request.decline_reason,
        has_measure=request.status in workflow.GRANTED and Label.OUTCOME in readable,
        advice=summarise_advice(actor, request),
        history=_history(request, snapshots, queries.list_answers(request)) if actor.is_core else (),
    )


def _may_settle(actor: Actor, request: DispositifRequest, day: date) -> bool:
    if not can(actor, Permission.VERDICT_OVERRIDE) or not access.may_write(actor, request.case, Label.REQUEST):
        return False
    return queries.deliberative_seat(actor, day) is not None


def _actions(actor: Actor, request: DispositifRequest) -> tuple[RequestAction, ...]:
    return tuple(action for action in workflow.ON_PAGE if _may(actor, request, action))


def _may(actor: Actor, request: DispositifRequest, action: RequestAction) -> bool:
    return (
        workflow.can_move(request.status, action)
        and can(actor, workflow.move(request.status, action).permission)
        and access.may_act(actor, request, action)
    )


def _pieces(actor: Actor, request: DispositifRequest) -> tuple[PieceLine, ...]:
    writes = request.status in workflow.OPEN and access.may_write(actor, request.case, Label.AGREEMENTS)
    notes = {
        document.kind.value: document.note
        for needs in sheet(request.dispositif).groups.values()
        for document in needs.documents
    }
    return tuple(_piece(actor, piece, notes.get(piece.kind, ""), writes=writes) for piece in request.pieces)


def _piece(actor: Actor, piece: RequiredPiece, note: str, *, writes: bool) -> PieceLine:
    own = piece_rules.why_not(writer_of(actor), piece.nature, piece.kind) is None
    return PieceLine(
        public_id=piece.public_id,
        nature=piece.nature,
        name=piece_rules.piece_name(piece.nature, piece.kind),
        note=note,
        state=piece.state,
        dated=piece.dated,
        asked_on=piece.asked_on,
        comment=piece.comment,
        may_record=writes and own,
        may_ask=writes and not own and actor.is_core and piece.state in _AWAITED,
    )


def _line(
    request: DispositifRequest, requests: Sequence[DispositifRequest], readable: frozenset[Label]
) -> RequestLine:
    return RequestLine(
        public_id=request.public_id,
        title=_title(request, [each for each in requests if each.dispositif is request.dispositif]),
        status=workflow.shown_status(request.status, readable),
        start=request.measure_start,
        end=request.measure_end,
        purpose=request.purpose,
    )


def _title(request: DispositifRequest, same: Sequence[DispositifRequest]) -> str:
    label = sheet(request.dispositif).label
    rank = sorted(each.id for each in same).index(request.id) + 1
    if len(same) == 1:
        return label
    return f"{label}, {rank}{'re' if rank == 1 else 'e'} demande"


def _history(
    request: DispositifRequest, snapshots: Sequence[EligibilitySnapshot], answers: Sequence[HumanAnswer]
) -> tuple[HistoryLine, ...]:
    lines = [HistoryLine(clock.local(request.created_at), f"Demande créée par {request.created_by.full_name}.")]
    lines += [
        HistoryLine(clock.local(snapshot.taken_at), f"Éligibilité conservée ({snapshot.reason.label.lower()}).")
        for snapshot in snapshots
    ]
    lines += [HistoryLine(clock.local(answer.answered_at), _answer_text(answer)) for answer in answers]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _answer_text(answer: HumanAnswer) -> str:
    who = f"{answer.answered_by.full_name}, {answer.seat_label}"
    if answer.is_override:
        return f"Règle {answer.rule_id} écartée par {who}."
    word = "condition remplie" if answer.accepted else "condition non remplie"
    return f"Règle {answer.rule_id} : {word}, selon {who}."


def read_for_edit(actor: Actor, public_id: str) -> StoredRequest:
    """Return what is asked, as a form shows it again; the reading is journaled.

    Raises `RuleViolation` when the request may not be changed any more, `Forbidden` when not by this actor.
    """
    ensure(actor, Permission.REQUEST_WRITE)
    with db.transaction(actor):
        request = queries.get_request(actor, public_id)
        access.ensure_case_open(request.case)
        workflow.ensure_editable(request.status)
        if not access.may_touch(actor, request):
            raise Forbidden(Permission.REQUEST_WRITE)
        audit.record(actor, "request.read", case_id=request.case_id, subject=request, part="form")
    days = {"measure_start": request.measure_start, "measure_end": request.measure_end}
    values: dict[str, Any] = {name: day.isoformat() if day else "" for name, day in days.items()}
    values |= {"author": request.author.name, "purpose": request.purpose}
    values |= {path: "1" if value is True else value for path, value in request.details.items()}
    return StoredRequest(
        request.public_id,
        request.case.public_id,
        request.case.reference,
        request.dispositif,
        request.version,
        values,
    )


def read_piece(actor: Actor, public_id: str, piece_public_id: str) -> tuple[RequestPanel, PieceLine, StoredPiece]:
    """Return a request and one of its pieces for the form that records it; the reading is journaled.

    Raises `RuleViolation` when this piece is not the actor's to record.
    """
    ensure(actor, Permission.REQUEST_WRITE)
    with db.transaction(actor):
        request, piece = writable_piece(actor, public_id, piece_public_id)
        refusal = piece_rules.why_not(writer_of(actor), piece.nature, piece.kind)
        if refusal:
            raise RuleViolation(refusal)
        panel = panel_of(actor, request)
        audit.record(actor, "request.read", case_id=request.case_id, subject=request, part="piece")
    line = next(each for each in panel.pieces or () if each.public_id == piece_public_id)
    named = piece_rules.must_name_document(writer_of(actor), piece.nature, PieceState.GIVEN)
    return panel, line, StoredPiece(piece.version, piece_rules.STATES[piece.nature], named)


def read_finding(actor: Actor, public_id: str, group: StatusGroup, rule_id: str) -> tuple[RequestPanel, RuleLine]:
    """Return a request and one of its rules that a member may settle; the reading is journaled.

    Raises `NotFound` when there is nothing to settle there for this actor.
    """
    ensure(actor, Permission.VERDICT_OVERRIDE)
    panel = read_request(actor, public_id)
    for each in panel.groups:
        for line in each.failed if each.result.group is group else ():
            if line.finding.id == rule_id and (line.may_answer or line.may_override):
                return panel, line
    raise NotFound
