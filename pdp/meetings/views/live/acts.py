"""What the coordinator does from the console: each act is a plain form that comes back to the case."""

from collections.abc import Callable
from typing import Any

from flask import flash
from marshmallow import Schema

from pdp.meetings import service
from pdp.meetings.schemas import live as schemas
from pdp.meetings.views import bp
from pdp.meetings.views.live.attempt import attempt
from pdp.meetings.views.live.console import back_to_case, console_page
from pdp.policy.permissions import Permission
from pdp.requests import service as requests
from pdp.web.forms import Input
from pdp.web.guards import current_actor, requires

_ITEM = "/seances/<meeting_id>/points/<item_id>"
_BALLOT = f"{_ITEM}/scrutin/<ballot_id>"


@bp.post(f"{_ITEM}/presenter")
@requires(Permission.MEETING_RUN)
def select_item(meeting_id: str, item_id: str) -> Any:
    """Bring a case under discussion: the room's screen follows."""
    return act(meeting_id, item_id, "select", Input(), lambda _values: service.select_item(current_actor(), item_id))


@bp.post(f"{_ITEM}/actions")
@requires(Permission.MEETING_RUN)
def add_action(meeting_id: str, item_id: str) -> Any:
    """Add a thing to do that follows from the case."""
    return act(
        meeting_id,
        item_id,
        "action",
        schemas.ActionInput(),
        lambda values: service.add_action(current_actor(), item_id, **values),
        "L’action est ajoutée.",
    )


@bp.post(f"{_ITEM}/regle/<request_id>")
@requires(Permission.VERDICT_OVERRIDE)
def answer_rule(meeting_id: str, item_id: str, request_id: str) -> Any:
    """Settle a point to check, in the name of the member who answers."""
    return act(
        meeting_id,
        item_id,
        "rule",
        schemas.RuleAnswerInput(),
        lambda values: requests.answer_rule(current_actor(), request_id, **values),
        "La réponse est enregistrée.",
    )


@bp.post(f"{_ITEM}/regle/<request_id>/ecarter")
@requires(Permission.VERDICT_OVERRIDE)
def override_rule(meeting_id: str, item_id: str, request_id: str) -> Any:
    """Set aside an ineligibility that is no text of law, with a written reason."""
    return act(
        meeting_id,
        item_id,
        "override",
        schemas.OverrideInput(),
        lambda values: requests.override(current_actor(), request_id, **values),
        "La règle est écartée. Le motif sera imprimé au procès-verbal.",
    )


@bp.post(f"{_ITEM}/scrutin")
@requires(Permission.MEETING_RUN)
def open_ballot(meeting_id: str, item_id: str) -> Any:
    """Put the question to the vote."""
    return act(
        meeting_id,
        item_id,
        "open",
        schemas.OpenBallotInput(),
        lambda values: service.open_ballot(current_actor(), item_id, **values),
    )


@bp.post(f"{_BALLOT}/votes")
@requires(Permission.MEETING_RUN)
def type_vote(meeting_id: str, item_id: str, ballot_id: str) -> Any:
    """Type the vote that a seat said aloud."""
    return act(
        meeting_id,
        item_id,
        "vote",
        schemas.TypedVoteInput(),
        lambda values: service.type_vote(current_actor(), ballot_id, **values),
    )


@bp.post(f"{_BALLOT}/tous-pour")
@requires(Permission.MEETING_RUN)
def type_all_for(meeting_id: str, item_id: str, ballot_id: str) -> Any:
    """Type *pour* for every seat that has not answered; exceptions come next."""
    return act(meeting_id, item_id, "all", Input(), lambda _values: service.type_all_for(current_actor(), ballot_id))


@bp.post(f"{_BALLOT}/cloture")
@requires(Permission.MEETING_RUN)
def close_ballot(meeting_id: str, item_id: str, ballot_id: str) -> Any:
    """Close the ballot; while a vote is missing, say whose and ask."""
    return act(
        meeting_id,
        item_id,
        "close",
        schemas.CloseBallotInput(),
        lambda values: service.close_ballot(current_actor(), ballot_id, **values),
    )


@bp.post(f"{_ITEM}/avis")
@requires(Permission.MEETING_RUN)
def record_opinion(meeting_id: str, item_id: str) -> Any:
    """Record the opinion of the cellule: once, never changed."""
    return act(
        meeting_id,
        item_id,
        "opinion",
        schemas.OpinionInput(),
        lambda values: service.record_opinion(current_actor(), item_id, **values),
    )


def act(
    meeting_id: str,
    item_id: str,
    name: str,
    schema: Schema,
    use_case: Callable[[dict[str, Any]], Any],
    said: str = "",
) -> Any:
    """Try an act of the console and come back to its case; a refusal shows again all that was typed."""
    tried = attempt(name, schema, use_case)
    if not tried.done:
        return console_page(meeting_id, item_id, tried), tried.status
    if said:
        flash(said, "success")
    return back_to_case(meeting_id, item_id)
