"""Ways of voting: a vote asked for, a ballot begun again, alternatives tied together."""

from typing import Any

from flask import flash, redirect, url_for

from pdp.meetings import service
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.acts import act
from pdp.meetings.views.live.attempt import attempt
from pdp.meetings.views.live.vote import vote_page
from pdp.policy.permissions import Permission
from pdp.web.forms import Input
from pdp.web.guards import current_actor, requires

_ITEM = "/seances/<meeting_id>/points/<item_id>"
_BALLOT = f"{_ITEM}/scrutin/<ballot_id>"


@bp.post(f"{_BALLOT}/demande-de-vote")
@requires(Permission.MEETING_RUN)
def type_vote_request(meeting_id: str, item_id: str, ballot_id: str) -> Any:
    """Note that a seat asked aloud for a vote instead of an agreement."""
    return act(
        meeting_id,
        item_id,
        "ask",
        schemas.AskVoteInput(),
        lambda values: service.ask_for_vote(current_actor(), ballot_id, **values),
        "Un vote est demandé : le scrutin nominatif est ouvert.",
    )


@bp.post("/seances/<meeting_id>/vote/<ballot_id>/demande")
@requires(Permission.VOTE_CAST)
def ask_for_vote(meeting_id: str, ballot_id: str) -> Any:
    """Ask for a vote, from one's own device."""
    tried = attempt("ask", Input(), lambda _values: service.ask_for_vote(current_actor(), ballot_id))
    if not tried.done:
        return vote_page(meeting_id, ballot_id, tried), tried.status
    flash("Votre demande est reçue : le vote est ouvert.", "success")
    return redirect(url_for("meetings.vote", meeting_id=meeting_id, ballot_id=ballot_id), 303)


@bp.post(f"{_BALLOT}/reprise")
@requires(Permission.MEETING_RUN)
def reset_ballot(meeting_id: str, item_id: str, ballot_id: str) -> Any:
    """Begin an open ballot again, with the reason that the minutes print."""
    return act(
        meeting_id,
        item_id,
        "reset",
        schemas.ResetInput(),
        lambda values: service.reset_ballot(current_actor(), ballot_id, **values),
        "Le scrutin reprend : les votes donnés restent dans l’historique et ne comptent plus.",
    )


@bp.post(f"{_ITEM}/alternative")
@requires(Permission.MEETING_RUN)
def link_alternative(meeting_id: str, item_id: str) -> Any:
    """Declare another item of the same case as an alternative."""
    return act(
        meeting_id,
        item_id,
        "link",
        schemas.LinkInput(),
        lambda values: service.link_alternative(current_actor(), item_id, **values),
    )


@bp.post(f"{_ITEM}/alternative/separer")
@requires(Permission.MEETING_RUN)
def unlink_alternative(meeting_id: str, item_id: str) -> Any:
    """Say that an item is no alternative of others any more."""
    return act(
        meeting_id,
        item_id,
        "link",
        schemas.VersionInput(),
        lambda values: service.unlink_alternative(current_actor(), item_id, **values),
    )
