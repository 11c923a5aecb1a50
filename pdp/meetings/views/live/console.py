"""The console: agenda, the case under discussion and its vote, for the core of the cellule."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pdp.accounts import queries as accounts
from pdp.core import clock, db
from pdp.dispositifs.catalogue import sheet
from pdp.meetings import service
from pdp.meetings.enums import BallotStatus, MeetingStatus
from pdp.meetings.queries.rows import AgendaRow, Console, CurrentItem
from pdp.meetings.rules.conditions import usual_due
from pdp.meetings.views import bp
from pdp.meetings.views.live import polling
from pdp.meetings.views.live.attempt import Attempt
from pdp.meetings.views.live.desk import desk_of, services
from pdp.policy.permissions import Permission
from pdp.requests.rules.standing import may_override
from pdp.web.guards import current_actor, requires

_NOTHING_TRIED = Attempt()
# What a line of the agenda says of an eligibility that asks for a look.
_VERDICTS: Mapping[str, str] = {
    "a_verifier": "à vérifier",
    "piece_manquante": "pièce manquante",
    "ineligible": "non éligible",
}


@bp.get("/seances/<meeting_id>/console")
@requires(Permission.MEETING_READ)
def console(meeting_id: str) -> Any:
    """Show the console, or answer 304 to a poll that already holds this state."""
    state = service.meeting_state(current_actor(), meeting_id)
    if polling.is_fresh(state.etag):
        return polling.unchanged(state.etag)
    return polling.page(console_page(meeting_id, request.args.get("point")), state.etag)


def console_page(meeting_id: str, item_id: str | None, tried: Attempt = _NOTHING_TRIED) -> str:
    """Render the console on an item; a refused act comes back with all that was typed."""
    actor = current_actor()
    page = service.read_console(actor, meeting_id, item_id)
    chosen = tried.of("vote").value("seat") or request.args.get("siege", "")
    item = page.current
    return render_template(
        "meetings/console.html",
        page=page,
        item=item,
        desk=desk_of(page, item, chosen) if item else None,
        chosen=chosen,
        tried=tried,
        services=services(page.seats),
        agenda=[(row, *agenda_words(row)) for row in page.items],
        sheet=sheet,
        age=_age(item.birth_date, clock.today()) if item else None,
        owners=_owners(page),
        held_due=usual_due(clock.today()),
        may_override=may_override,
        set_aside=_set_aside(item),
    )


def back_to_case(meeting_id: str, item_id: str) -> Response:
    """Come back to the console on the same case."""
    return redirect(url_for("meetings.console", meeting_id=meeting_id, point=item_id), 303)


def agenda_words(row: AgendaRow) -> tuple[str, str]:
    """Return the state key of an agenda line and the words that say where it stands."""
    if row.closed_doors:
        return "ballot.PLANNED", "examiné sans vous" if row.recused else "réservé à ses lecteurs nommés"
    name = sheet(row.dispositif).short_label if row.dispositif else ""
    name += ", ajouté en séance" if row.added_in_session else ""
    if row.opinion:
        return f"opinion.{row.opinion}", f"{name}, {row.opinion.label.lower()}"
    if row.ballot_status is BallotStatus.OPEN:
        return "ballot.OPEN", f"{name}, scrutin ouvert"
    if row.ballot_status is BallotStatus.CLOSED:
        return "ballot.OPINION_DUE", f"{name}, avis à enregistrer"
    if row.verdict is not None and row.verdict in _VERDICTS:
        return f"verdict.{row.verdict}", f"{name}, {_VERDICTS[row.verdict]}"
    return "ballot.PLANNED", f"{name}, à suivre"


def _set_aside(item: CurrentItem | None) -> set[tuple[str, str]]:
    """Return the rules already set aside by a named member, by status group and id."""
    groups = item.standing.groups if item and item.standing else ()
    return {(answer.group, answer.rule_id) for group in groups for answer in group.overridden}


def _owners(page: Console) -> list[tuple[str, str]]:
    """Return who may be given a thing to do, while one may be added."""
    if not page.can_run or page.meeting.status is not MeetingStatus.OPEN:
        return []
    actor = current_actor()
    with db.reading(actor):
        found = accounts.list_organisations(actor.cellule_id, clock.today())
    return [(organisation.public_id, organisation.short_name) for organisation in found]


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
