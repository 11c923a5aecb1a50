"""Ask for a dispositif, change what is asked, and move the request along its life."""

from datetime import date
from typing import Any

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.errors import Forbidden, InvalidInput
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.requests import queries
from pdp.requests.enums import (
    PieceNature,
    PieceState,
    RequestAction,
    RequestAuthor,
    RequestStatus,
    SnapshotReason,
)
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules import workflow
from pdp.requests.service import access, notices
from pdp.requests.service.appraisal import take_snapshot


def create_request(
    actor: Actor,
    case_public_id: str,
    *,
    dispositif: Dispositif,
    author: RequestAuthor,
    purpose: str = "",
    measure_start: date | None = None,
    measure_end: date | None = None,
    details: dict[str, Any] | None = None,
) -> str:
    """Ask for a dispositif with its matrix of required pieces; a partner's request is a proposal.

    Returns the public id. Raises `InvalidInput` for a period that ends before it starts.
    """
    ensure(actor, Permission.REQUEST_CREATE)
    with db.transaction(actor) as session:
        case = queries.get_case(actor, case_public_id)
        access.ensure_case_open(case)
        access.ensure_writes(actor, case, Label.REQUEST)
        _check_period(measure_start, measure_end)
        request = DispositifRequest(
            cellule_id=case.cellule_id,
            case_id=case.id,
            dispositif=dispositif,
            status=RequestStatus.PROPOSED if actor.is_partner else RequestStatus.DRAFT,
            author=author,
            purpose=purpose,
            measure_start=measure_start,
            measure_end=measure_end,
            details=details or {},
            created_by_id=actor.user_id,
            created_by_organisation_id=actor.organisation_id,
            created_at=clock.now(),
        )
        session.add(request)
        session.flush()
        session.add_all(_required_pieces(request, case))
        if actor.is_partner:
            notices.tell_referent(case, request)
        audit.record(actor, "request.create", case_id=case.id, subject=request, dispositif=dispositif.value)
        return request.public_id


def edit(
    actor: Actor,
    public_id: str,
    *,
    version: int,
    author: RequestAuthor,
    purpose: str = "",
    measure_start: date | None = None,
    measure_end: date | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Change what is asked. Raises `Conflict` when someone else did meanwhile."""
    ensure(actor, Permission.REQUEST_WRITE)
    with db.transaction(actor):
        request = queries.get_request(actor, public_id, lock=True)
        access.ensure_case_open(request.case)
        if not access.may_touch(actor, request):
            raise Forbidden(Permission.REQUEST_WRITE)
        workflow.ensure_editable(request.status)
        access.ensure_fresh(request, version)
        _check_period(measure_start, measure_end)
        request.author = author
        request.purpose = purpose
        request.measure_start, request.measure_end = measure_start, measure_end
        request.details = details or {}
        request.version += 1
        audit.record(actor, "request.edit", case_id=request.case_id, subject=request)


def confirm(actor: Actor, public_id: str, *, version: int | None = None) -> None:
    """Take a partner's proposal over: an act of the referent of the case, or of the manager."""
    move(actor, public_id, RequestAction.CONFIRM, version=version)


def decline(actor: Actor, public_id: str, *, version: int, reason: str) -> None:
    """Do not take a partner's proposal over, and say why: an act of the referent of the case, or of the manager."""
    with db.transaction(actor):
        request = queries.get_request(actor, public_id, lock=True)
        access.ensure_fresh(request, version)
        workflow.move(request.status, RequestAction.DECLINE)
        if not access.may_act(actor, request, RequestAction.DECLINE):
            raise Forbidden(Permission.REQUEST_WRITE)
        advance(actor, request, RequestAction.DECLINE)
        request.decline_reason = reason
        notices.tell_author(request)
        audit.record(actor, "request.move", case_id=request.case_id, subject=request, move=RequestAction.DECLINE.value)


def submit(actor: Actor, public_id: str, *, version: int | None = None) -> None:
    """Declare a request ready for a séance; its eligibility is kept as found."""
    move(actor, public_id, RequestAction.SUBMIT, version=version)


def withdraw(actor: Actor, public_id: str, *, version: int | None = None) -> None:
    """Take a request back; it stays readable."""
    move(actor, public_id, RequestAction.WITHDRAW, version=version)


def move(actor: Actor, public_id: str, action: RequestAction, *, version: int | None = None) -> None:
    """Make a move of the life cycle from its own page, with one journal entry.

    Raises `RuleViolation` when the status does not allow it, `Conflict` on a stale page.
    """
    with db.transaction(actor):
        request = queries.get_request(actor, public_id, lock=True)
        workflow.ensure_on_page(action)
        access.ensure_fresh(request, version)
        workflow.move(request.status, action)
        if not access.may_act(actor, request, action):
            raise Forbidden(Permission.REQUEST_WRITE)
        advance(actor, request, action)
        if action is RequestAction.CONFIRM:
            notices.tell_author(request)
        if action is RequestAction.SUBMIT:
            take_snapshot(request, SnapshotReason.SUBMITTED)
        audit.record(actor, "request.move", case_id=request.case_id, subject=request, move=action.value)


def advance(actor: Actor, request: DispositifRequest, action: RequestAction) -> None:
    """Make a move in the transaction under way, whose caller checked the case and records the journal."""
    found = workflow.move(request.status, action)
    ensure(actor, found.permission)
    request.status = found.target
    request.version += 1


def _check_period(start: date | None, end: date | None) -> None:
    if end is not None and start is None:
        raise InvalidInput({"measure_start": ["Indiquez aussi le premier jour de la mesure."]})
    if start is not None and end is not None and end < start:
        raise InvalidInput({"measure_end": ["La fin précède le début. Vérifiez les deux dates."]})


def _required_pieces(request: DispositifRequest, case: Case) -> list[RequiredPiece]:
    """Return the matrix of the dispositif over the statuses of the person, each piece once, in the order shown."""
    wanted: dict[str, tuple[PieceNature, PieceState]] = {}
    found = {activity.status.group for activity in case.activities}
    for group in (each for each in StatusGroup if each in found):
        needs = sheet(request.dispositif).requirements(group)
        wanted |= {kind.value: (PieceNature.AGREEMENT, PieceState.MISSING) for kind in needs.agreements}
        wanted |= {each.kind.value: (PieceNature.DOCUMENT, PieceState.ABSENT) for each in needs.documents}
    return [
        RequiredPiece(
            cellule_id=request.cellule_id,
            request_id=request.id,
            position=position,
            nature=nature,
            kind=kind,
            state=state,
        )
        for position, (kind, (nature, state)) in enumerate(wanted.items(), start=1)
    ]
