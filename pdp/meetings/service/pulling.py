"""What the end of a sharing, or of a case, changes in the agendas to come: pulled, and the trace of it."""

from datetime import date

from pdp.audit import service as audit
from pdp.consent.enums import AgreementEnd
from pdp.consent.listeners import EndedSharing
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.meetings import hooks, queries
from pdp.meetings.enums import AgendaTraceKind
from pdp.meetings.models import AgendaItem, AgendaTrace, Meeting
from pdp.meetings.service.steps import bump, move_request
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.enums import RequestAction
from pdp.requests.rules.workflow import can_move


def on_sharing_ended(actor: Actor | None, ended: EndedSharing) -> None:
    """Pull from the agendas to come what the organisation had asked for; elsewhere, note that it lost its place.

    The end of the case itself is `on_case_ended`: it leaves nothing of the case to come.
    """
    if ended.kind is AgreementEnd.CASE_ENDED or Label.REQUEST not in ended.lost:
        return
    for item, meeting in queries.lock_coming_items(ended.cellule_id, ended.case_id):
        asked_by = item.request.created_by_organisation_id == ended.organisation_id
        kind = AgendaTraceKind.PULLED if asked_by else AgendaTraceKind.PLACE_LOST
        _trace(item, kind, ended.ended_on, ended.organisation_id)
        if asked_by:
            _pull(actor, item, meeting)
        else:
            audit.record(actor, "agenda.place_lost", case_id=ended.case_id, subject=item)
            hooks.tell(actor, meeting, hooks.Change.ITEM_REMOVED)


def on_case_ended(actor: Actor, case: CaseKey) -> None:
    """Pull everything of the case from the agendas to come."""
    _pull_all(actor, case, AgendaTraceKind.PULLED)


def on_processing_restricted(actor: Actor, case: CaseKey) -> None:
    """Pull everything of a case from the agendas to come: its person asked that nothing be done with it."""
    _pull_all(actor, case, AgendaTraceKind.SUSPENDED)


def _pull_all(actor: Actor, case: CaseKey, kind: AgendaTraceKind) -> None:
    for item, meeting in queries.lock_coming_items(case.cellule_id, case.case_id):
        _trace(item, kind, clock.today(), None)
        _pull(actor, item, meeting)


def _trace(item: AgendaItem, kind: AgendaTraceKind, ended_on: date, organisation_id: int | None) -> None:
    db.session().add(
        AgendaTrace(
            cellule_id=item.cellule_id,
            meeting_id=item.meeting_id,
            request_id=item.request_id,
            organisation_id=organisation_id,
            kind=kind,
            ended_on=ended_on,
            at=clock.now(),
        )
    )


def _pull(actor: Actor | None, item: AgendaItem, meeting: Meeting) -> None:
    session = db.session()
    if can_move(item.request.status, RequestAction.UNSCHEDULE):
        move_request(item.request, RequestAction.UNSCHEDULE)
    if meeting.current_item_id == item.id:
        meeting.current_item_id = None
    audit.record(actor, "agenda.pull", case_id=item.request.case_id, subject=item, meeting=meeting.id)
    session.delete(item)
    session.flush()
    for rank, other in enumerate(queries.list_items(meeting), start=1):
        other.position = rank
    bump(meeting)
    hooks.tell(actor, meeting, hooks.Change.ITEM_REMOVED)
