"""The séances: their list, one of them with its agenda, and the form that plans one."""

from datetime import date, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.core import clock
from pdp.core.errors import Conflict, NotFound
from pdp.meetings import hooks, service
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.queries.rows import MeetingView
from pdp.meetings.rules.ordering import OrderRule
from pdp.meetings.schemas.planning import PlanInput, RescheduleInput
from pdp.meetings.service import forecasting, worklists
from pdp.meetings.views import bp
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

# Those to come are all shown: nobody plans further ahead.
_COMING = 100
_LABELS = {
    "day": "Date",
    "start": "Début",
    "end": "Fin",
    "place": "Lieu",
    "video_link": "Lien de visioconférence",
}


@bp.get("/seances")
@requires(Permission.MEETING_LIST)
def list_meetings() -> str:
    """List the séances to come, then a page of the past ones."""
    actor, after = current_actor(), request.args.get("apres")
    coming = None if after else service.list_meetings(actor, limit=_COMING)
    past = service.list_meetings(actor, past=True, after=after)
    return render_template("meetings/list.html", coming=coming, past=past, after=after)


@bp.get("/seances/nouvelle")
@requires(Permission.MEETING_RUN)
def plan_meeting() -> str:
    """Show the form that plans a séance."""
    return _form_page(forms.Form())


@bp.post("/seances/nouvelle")
@requires(Permission.MEETING_RUN)
def plan_meeting_post() -> Any:
    """Plan a séance, then prepare its agenda."""
    actor = current_actor()
    form, meeting_id = forms.submit(PlanInput(), lambda values: service.plan_meeting(actor, **values))
    if meeting_id is None:
        return _form_page(form), 422
    flash("La séance est planifiée. Inscrivez maintenant les demandes à l’ordre du jour.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.get("/seances/<meeting_id>")
@requires(Permission.MEETING_READ)
def show(meeting_id: str) -> Any:
    """Show a séance: to the coordinator its preparation, to the others what concerns them.

    Minutes lead here, those of a written consultation too: it has a page of its own.
    """
    actor = current_actor()
    try:
        return meeting_page(actor, meeting_id, forms.Form())
    except NotFound:
        if service.is_consultation(actor, meeting_id):
            return redirect(url_for("consultations.list_consultations"))
        raise


@bp.get("/seances/<meeting_id>/modifier")
@requires(Permission.MEETING_RUN)
def reschedule(meeting_id: str) -> str:
    """Show the form that changes when and where a séance is held."""
    meeting = service.read_meeting(current_actor(), meeting_id).meeting
    return _form_page(forms.Form(_stored(meeting)), meeting, meeting.version)


@bp.post("/seances/<meeting_id>/modifier")
@requires(Permission.MEETING_RUN)
def reschedule_post(meeting_id: str) -> Any:
    """Change when and where a séance is held; a stale form shows both texts."""
    actor = current_actor()

    def act(values: dict[str, Any]) -> bool:
        service.reschedule(actor, meeting_id, **values)
        return True

    try:
        form, done = forms.submit(RescheduleInput(), act)
    except Conflict:
        return _conflict_page(service.read_meeting(actor, meeting_id).meeting), 409
    if done is None:
        meeting = service.read_meeting(actor, meeting_id).meeting
        return _form_page(form, meeting, form.value("version")), 422
    flash("La séance est modifiée.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def meeting_page(actor: Actor, meeting_id: str, form: forms.Form) -> str:
    """Render a séance; `form` holds what was typed when a request could not be put on the agenda."""
    page = service.read_meeting(actor, meeting_id)
    meeting, status = page.meeting, page.meeting.status
    planned = status is MeetingStatus.PLANNED
    preparing = page.can_run and status in (MeetingStatus.PLANNED, MeetingStatus.OPEN)
    return render_template(
        "meetings/meeting.html",
        page=page,
        meeting=meeting,
        backlog=worklists.list_backlog(actor, [row.request for row in page.items]) if preparing else None,
        expected=forecasting.forecast_quorum(actor, meeting_id) if actor.is_core and planned else None,
        own_reply=hooks.find_own_reply(actor, meeting_id) if planned else None,
        my_ballot=service.meeting_state(actor, meeting_id).my_ballot if status is MeetingStatus.OPEN else None,
        planned=page.timetable.planned,
        undo=_undo(meeting),
        order_rules=tuple(OrderRule),
        available=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        form=form,
    )


def _undo(meeting: MeetingView) -> str:
    """Return the order to go back to, while nothing changed since the agenda was put in order."""
    is_last = request.args.get("version") == str(meeting.version)
    return request.args.get("avant", "") if is_last else ""


def _form_page(form: forms.Form, meeting: MeetingView | None = None, version: Any = None) -> str:
    return render_template("meetings/form.html", form=form, meeting=meeting, version=version, labels=_LABELS)


def _conflict_page(meeting: MeetingView) -> str:
    """Show, field by field, what was typed and what someone else stored meanwhile."""
    typed, stored = _texts(**forms.read(PlanInput()).values), _stored(meeting)
    return render_template(
        "meetings/conflict.html",
        meeting=meeting,
        typed=typed,
        stored=stored,
        differing=[name for name in _LABELS if typed[name] != stored[name]],
        labels=_LABELS,
    )


def _stored(meeting: MeetingView) -> dict[str, str]:
    start, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    return _texts(start.date(), start.time(), end.time(), meeting.place, meeting.video_link)


def _texts(day: date, start: time, end: time, place: str, video_link: str) -> dict[str, str]:
    """Return the values of a séance as its form holds them."""
    return {
        "day": day.isoformat(),
        "start": start.strftime("%H:%M"),
        "end": end.strftime("%H:%M"),
        "place": place,
        "video_link": video_link,
    }
