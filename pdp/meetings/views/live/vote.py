"""Vote on one's own device: one case, one question, five answers; the result once closed."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from pdp.meetings import service
from pdp.meetings.enums import BallotStatus, VoteValue
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live import polling
from pdp.meetings.views.live.attempt import Attempt, attempt
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

_NOTHING_TRIED = Attempt()


@bp.get("/seances/<meeting_id>/vote")
@requires(Permission.VOTE_CAST)
def wait_for_ballot(meeting_id: str) -> Any:
    """Go to the ballot that waits for one's vote, or wait for one."""
    state = service.meeting_state(current_actor(), meeting_id)
    if state.my_ballot:
        return redirect(url_for("meetings.vote", meeting_id=meeting_id, ballot_id=state.my_ballot), 303)
    if polling.is_fresh(state.shown):
        return polling.unchanged(state.shown)
    html = render_template("meetings/vote_wait.html", meeting_id=meeting_id, state=state)
    return polling.page(html, state.shown)


@bp.get("/seances/<meeting_id>/vote/<ballot_id>")
@requires(Permission.VOTE_CAST)
def vote(meeting_id: str, ballot_id: str) -> Any:
    """Show one's own place in a ballot: the choices, the vote given, or the result."""
    etag = _etag(meeting_id, ballot_id)
    if polling.is_fresh(etag):
        return polling.unchanged(etag)
    following = _following(meeting_id, ballot_id) if "HX-Request" in request.headers else None
    if following and service.ballot_state(current_actor(), ballot_id).status is BallotStatus.CLOSED:
        # The page that shows a result opens the next ballot by itself.
        return redirect(url_for("meetings.vote", meeting_id=meeting_id, ballot_id=following), 303)
    return polling.page(_page(meeting_id, ballot_id, etag), etag)


@bp.post("/seances/<meeting_id>/vote/<ballot_id>")
@requires(Permission.VOTE_CAST)
def cast_vote(meeting_id: str, ballot_id: str) -> Any:
    """Keep one's vote. A second submit of the same form is harmless."""
    tried = attempt(
        "vote", schemas.OwnVoteInput(), lambda values: service.cast_vote(current_actor(), ballot_id, **values)
    )
    if not tried.done:
        return _page(meeting_id, ballot_id, _etag(meeting_id, ballot_id), tried), tried.status
    if tried.form.values["value"] is VoteValue.RECUSED:
        flash("Vous vous êtes déporté : vous ne prenez plus part à ce dossier.", "success")
        return redirect(url_for("meetings.wait_for_ballot", meeting_id=meeting_id), 303)
    flash("Votre vote est enregistré.", "success")
    seat = tried.form.values["seat"]
    return redirect(url_for("meetings.vote", meeting_id=meeting_id, ballot_id=ballot_id, siege=seat), 303)


def _following(meeting_id: str, ballot_id: str) -> str | None:
    """Return the ballot now open for one's vote, when it is another one."""
    found = service.meeting_state(current_actor(), meeting_id).my_ballot
    return found if found != ballot_id else None


def vote_page(meeting_id: str, ballot_id: str, tried: Attempt) -> str:
    """Render one's own place in a ballot after an act that was refused."""
    return _page(meeting_id, ballot_id, _etag(meeting_id, ballot_id), tried)


def _etag(meeting_id: str, ballot_id: str) -> str:
    """Return a tag that moves with the ballot, the opinion that follows it and the next ballot."""
    actor = current_actor()
    state = service.meeting_state(actor, meeting_id)
    return f"{service.ballot_state(actor, ballot_id).etag}.{state.my_ballot or ''}.{state.shown}"


def _page(meeting_id: str, ballot_id: str, etag: str, tried: Attempt = _NOTHING_TRIED) -> str:
    actor = current_actor()
    mine = service.my_ballot(actor, ballot_id, tried.of("vote").value("seat") or request.args.get("siege"))
    return render_template(
        "meetings/vote.html",
        mine=mine,
        tried=tried,
        etag=etag,
        changing="changer" in request.args or tried.act == "vote",
        key=tried.of("vote").value("idempotency_key") or secrets.token_urlsafe(16),
        next_ballot=_following(meeting_id, ballot_id),
    )
