"""Who sits: one small form per seat, the quorum said after each, and the seat that chairs."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from pdp.meetings import service
from pdp.meetings.enums import AttendanceMode, AttendanceState
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import Attempt, attempt
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

_NOTHING_TRIED = Attempt()


@bp.get("/seances/<meeting_id>/presences")
@requires(Permission.MEETING_RUN)
def attendance(meeting_id: str) -> str:
    """Show how each seat is held."""
    return _page(meeting_id)


@bp.post("/seances/<meeting_id>/presences/<seat_id>")
@requires(Permission.MEETING_RUN)
def set_attendance(meeting_id: str, seat_id: str) -> Any:
    """Say how a seat is held from now on."""
    tried = attempt(
        seat_id,
        schemas.AttendanceInput(),
        lambda values: service.set_attendance(current_actor(), meeting_id, seat=seat_id, **values),
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id, _anchor=f"siege-{seat_id}"), 303)


@bp.post("/seances/<meeting_id>/presences/<seat_id>/correction")
@requires(Permission.MEETING_RUN)
def correct_attendance(meeting_id: str, seat_id: str) -> Any:
    """Take back the last thing noted of a seat, noted by mistake."""
    tried = attempt(
        seat_id,
        schemas.VersionInput(),
        lambda values: service.correct_attendance(current_actor(), meeting_id, seat=seat_id, **values),
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    flash("La dernière saisie de ce siège est annulée. Elle reste dans l’historique.", "success")
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id, _anchor=f"siege-{seat_id}"), 303)


@bp.post("/seances/<meeting_id>/presences")
@requires(Permission.MEETING_RUN)
def seat_titulaires(meeting_id: str) -> Any:
    """Mark present the titulaires of the seats not yet recorded; exceptions are said afterwards."""
    tried = attempt(
        "all", schemas.VersionInput(), lambda values: service.seat_titulaires(current_actor(), meeting_id, **values)
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    flash("Les titulaires sont notés présents. Corrigez les exceptions, siège par siège.", "success")
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id), 303)


@bp.post("/seances/<meeting_id>/presidence")
@requires(Permission.MEETING_RUN)
def set_chair(meeting_id: str) -> Any:
    """Name the seat that chairs the séance."""
    tried = attempt(
        "chair", schemas.ChairInput(), lambda values: service.set_chair(current_actor(), meeting_id, **values)
    )
    if not tried.done:
        return _page(meeting_id, tried), tried.status
    flash("La présidence est enregistrée.", "success")
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id), 303)


def _page(meeting_id: str, tried: Attempt = _NOTHING_TRIED) -> str:
    page = service.read_meeting(current_actor(), meeting_id)
    sitting = service.read_sitting(current_actor(), meeting_id)
    return render_template(
        "meetings/attendance.html",
        page=page,
        sitting=sitting,
        windows={window.name: window.slot for window in page.timetable.windows},
        tried=tried,
        presence=AttendanceState,
        modes=AttendanceMode,
    )
