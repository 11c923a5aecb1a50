"""What the frame of a case needs to draw itself on any tab, of this feature or of one above."""

from datetime import date, datetime
from typing import Any

from flask import current_app, request, url_for

from pdp.cases.enums import CaseMove
from pdp.cases.rules.timeline import Certainty, Mark, Timeline
from pdp.cases.rules.view import CaseView
from pdp.cases.tabs import TABS
from pdp.cases.views import bp
from pdp.core import clock
from pdp.core.french import hour
from pdp.web import timeline as drawing
from pdp.web.filters import date_short, moment, plural

MOVE_SLUGS = {
    CaseMove.TAKE_CHARGE: "prise-en-charge",
    CaseMove.REORIENT: "reorientation",
    CaseMove.CLOSE: "cloture",
    CaseMove.REOPEN: "reouverture",
}
_LINES: dict[Certainty, drawing.Certainty] = {
    Certainty.RECORDED: "solid",
    Certainty.DONE: "done",
    Certainty.ASKED: "dashed",
    Certainty.PLANNED: "hatched",
}


@bp.app_template_global()
def case_tabs(case: CaseView, current: str) -> list[dict[str, Any]]:
    """Return the tabs open to the reader, those whose page exists."""
    return [
        {"label": tab.title, "url": url_for(tab.endpoint, case_id=case.public_id), "current": tab.key == current}
        for tab in TABS
        if tab.key in case.tabs and tab.endpoint in current_app.view_functions
    ]


@bp.app_template_global()
def case_link(endpoint: str, case: CaseView) -> str | None:
    """Return the address of a page about the case in a feature above, None while it does not exist."""
    return url_for(endpoint, case_id=case.public_id) if endpoint in current_app.view_functions else None


@bp.app_template_global()
def case_tab_title(key: str) -> str:
    """Return the title of a tab."""
    return next(tab.title for tab in TABS if tab.key == key)


@bp.app_template_global()
def case_tags(case: CaseView) -> list[str]:
    """Return the neutral tags beside the name: the contracts or businesses under way."""
    if case.employment is None:
        return []
    today = clock.today()
    held = [row for row in case.employment.activities if row.ends_on is None or row.ends_on >= today]
    words = list(dict.fromkeys(row.status.label.removeprefix("Salarié en ") for row in held))
    return [*words, plural(len(held), "activité")] if len(held) > len(words) else words


@bp.app_template_global()
def case_moves(case: CaseView) -> list[dict[str, Any]]:
    """Return the moves open to the reader; taking charge is the likely one, hence the primary."""
    return [
        {
            "label": move.label,
            "url": url_for("cases.confirm_move", case_id=case.public_id, move=MOVE_SLUGS[move]),
            "first": move is CaseMove.TAKE_CHARGE,
        }
        for move in case.moves
        if "cases.confirm_move" in current_app.view_functions
    ]


@bp.app_template_global()
def draw_timeline(timeline: Timeline) -> drawing.Timeline:
    """Lay out a timeline; a point carries its date in its label."""
    first, last = timeline.span
    lanes = tuple(
        drawing.Lane(lane.label, tuple(_item(mark) for mark in lane.marks)) for lane in timeline.lanes if lane.marks
    )
    return drawing.build(first, last, lanes, timeline.today)


@bp.app_template_global()
def timeline_as_table() -> bool:
    """Tell whether the reader asked for the table."""
    return request.args.get("parcours") == "tableau"


@bp.app_template_global()
def timeline_links() -> list[dict[str, Any]]:
    """Return « Frise | Tableau », two links to the same page."""
    table = timeline_as_table()
    return [
        {"label": "Frise", "url": request.path, "current": not table},
        {"label": "Tableau", "url": f"{request.path}?parcours=tableau", "current": table},
    ]


@bp.app_template_filter()
def case_since(start: date) -> str:
    """Say how long ago an arrêt began: « 3 mois », « 12 jours »."""
    days = (clock.today() - start).days
    return plural(round(days / 30.44), "mois") if days >= 60 else plural(max(days, 1), "jour")


@bp.app_template_filter()
def case_moment(instant: datetime) -> str:
    """Say an instant in metropolitan time: « 3 mars 2026 à 14 h 32 »."""
    return moment(clock.local(instant))


@bp.app_template_filter()
def emergency_hour(instant: datetime) -> str:
    """Say the hour at which an emergency access ends: « 18 h 42 »."""
    return hour(clock.local(instant))


def _item(mark: Mark) -> drawing.Item:
    label = mark.label if mark.end else f"{mark.label}, {date_short(mark.start)}"
    return drawing.Item(label, mark.start, mark.end, _LINES[mark.certainty], mark.flag, mark.current)
