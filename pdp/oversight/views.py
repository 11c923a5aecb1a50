"""The DPO's pages over the journal; counts for the administrator; one's own entries; the insured's extract."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for

from pdp.cases.rules.journal import sentence
from pdp.core.french import month
from pdp.oversight.enums import ActKind
from pdp.oversight.queries.reading import EntryFilters, day_bounds
from pdp.oversight.schemas import LiftInput, LookedInput
from pdp.oversight.service import alerts, journal
from pdp.oversight.service.journal import EntryPage
from pdp.policy.permissions import Permission
from pdp.policy.roles import ROLE_NAMES, Role
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires

bp = Blueprint("oversight", __name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Each tab: its title, its page, and the page that it leads to.
_TABS = (
    ("Alertes", "oversight.list_alerts", "oversight.show_alert"),
    ("Par personne", "oversight.list_people", "oversight.show_person"),
    ("Par dossier", "oversight.find_case", "oversight.show_case"),
    ("Intégrité", "oversight.list_segments", ""),
)


@bp.get("/journal/alertes")
@requires(Permission.JOURNAL_READ)
def list_alerts() -> str:
    """List the alerts of the cellule."""
    waiting = request.args.get("etat") != "toutes"
    rows = alerts.list_alerts(current_actor(), waiting=waiting)
    return _page("oversight/alerts.html", rows=rows, waiting=waiting)


@bp.get("/journal/alertes/<alert_id>")
@requires(Permission.JOURNAL_READ)
def show_alert(alert_id: str) -> str:
    """Show an alert."""
    return _alert_page(alert_id, forms.Form({}), forms.Form({}))


@bp.post("/journal/alertes/<alert_id>/examen")
@requires(Permission.JOURNAL_READ)
def look_at_alert(alert_id: str) -> Any:
    """Say that an alert was looked at."""
    actor = current_actor()
    form, done = forms.submit(LookedInput(), lambda values: alerts.mark_looked(actor, alert_id, **values))
    if not done:
        return _alert_page(alert_id, form, forms.Form({})), 422
    flash("L’alerte est marquée comme examinée.", "success")
    return redirect(url_for("oversight.show_alert", alert_id=alert_id), 303)


@bp.post("/journal/alertes/<alert_id>/levee")
@requires(Permission.JOURNAL_READ)
@proven
def lift_suspension(alert_id: str) -> Any:
    """Lift a suspension."""
    actor = current_actor()
    form, done = forms.submit(LiftInput(), lambda values: alerts.lift(actor, alert_id, **values))
    if not done:
        return _alert_page(alert_id, forms.Form({}), form), 422
    flash("La suspension est levée : la personne peut rouvrir des dossiers dès maintenant.", "success")
    return redirect(url_for("oversight.show_alert", alert_id=alert_id), 303)


@bp.get("/journal/personnes")
@requires(Permission.JOURNAL_READ)
def list_people() -> str:
    """List the people whose journal can be read."""
    return _page("oversight/people.html", people=journal.list_people(current_actor()), role_names=ROLE_NAMES)


@bp.get("/journal/personnes/<person_id>")
@requires(Permission.JOURNAL_READ)
def show_person(person_id: str) -> str:
    """Show what a person did."""
    return _entries_page("person", lambda filters: journal.read_person(current_actor(), person_id, filters))


@bp.get("/journal/dossiers")
@requires(Permission.JOURNAL_READ)
def find_case() -> Any:
    """Find a case by its reference, for its journal."""
    asked = request.args.get("reference", "").strip()[:20]
    found = journal.find_case(current_actor(), asked) if asked else None
    if found:
        return redirect(url_for("oversight.show_case", case_id=found))
    return _page("oversight/find_case.html", asked=asked)


@bp.get("/journal/dossiers/<case_id>")
@requires(Permission.JOURNAL_READ)
def show_case(case_id: str) -> str:
    """Show who did what in a case."""
    return _entries_page("case", lambda filters: journal.read_case(current_actor(), case_id, filters), case_id=case_id)


@bp.get("/journal/integrite")
@requires(Permission.JOURNAL_READ)
def list_segments() -> str:
    """Show the segments of the journal, and verify them if asked."""
    check = request.args.get("verifier") == "1"
    rows = journal.list_segments(current_actor(), check=check)
    return _page("oversight/segments.html", rows=rows, check=check)


@bp.get("/journal/volumes")
@requires(Permission.JOURNAL_COUNT)
def show_volumes() -> str:
    """Show counts per day, without anything about a person."""
    return _page("oversight/volumes.html", rows=journal.count_by_day(current_actor()))


@bp.get("/mes-acces")
@requires(Permission.ACCOUNT_USE)
def show_own() -> str:
    """Show one's own entries."""
    return _entries_page("own", lambda filters: journal.read_own(current_actor(), filters))


@bp.get("/dossiers/<case_id>/qui-a-consulte")
@requires(Permission.JOURNAL_EXTRACT)
@proven
def show_extract(case_id: str) -> str:
    """Show what is printed for the insured: who opened the case."""
    extract = journal.read_extract(current_actor(), case_id)
    return render_template("oversight/extract.html", extract=extract, case_id=case_id)


@bp.app_template_filter()
def month_words(code: str) -> str:
    """Say a month: « novembre 2026 »."""
    return month(code)


def _alert_page(alert_id: str, looked: forms.Form, lifted: forms.Form) -> str:
    found = alerts.read_alert(current_actor(), alert_id)
    return _page("oversight/alert.html", found=found, looked=looked, lifted=lifted, role_names=ROLE_NAMES)


def _entries_page(kind: str, read: Callable[[EntryFilters], EntryPage], case_id: str | None = None) -> str:
    asked = {"jour": request.args.get("jour", "")[:10], "nature": request.args.get("nature", "")}
    page = read(_filters(asked["jour"], asked["nature"], request.args.get("apres", "")))
    following = None
    if page.following:
        at, sequence = page.following
        key = f"{(at - _EPOCH) // _MICROSECOND}-{sequence}"
        query = urlencode({name: value for name, value in asked.items() if value} | {"apres": key})
        following = f"{request.path}?{query}"
    return _page(
        "oversight/entries.html",
        page=page,
        kind=kind,
        case_id=case_id,
        rows=[(row, sentence(row.action, row.detail)) for row in page.rows],
        kinds=[(word.value, word.label) for word in ActKind],
        asked=asked,
        following=following,
        first=request.path if request.args.get("apres") else None,
        role_name=lambda code: ROLE_NAMES.get(Role(code), "") if code else "",
    )


def _filters(day: str, nature: str, after: str) -> EntryFilters:
    """Read the filters of the address; what cannot be read is left out."""
    since, until = _day(day)
    kind = next((word for word in ActKind if word.value == nature), None)
    instant, _, sequence = after.partition("-")
    key = None
    if instant.isdigit() and sequence.isdigit() and len(instant) < 18 and len(sequence) < 12:
        key = (_EPOCH + int(instant) * _MICROSECOND, int(sequence))
    return EntryFilters(since, until, kind, key)


def _day(text: str) -> tuple[datetime, datetime] | tuple[None, None]:
    try:
        return day_bounds(date.fromisoformat(text))
    except (ValueError, OverflowError):
        return None, None


def _page(template: str, **values: Any) -> str:
    tabs = [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint in {endpoint, further}}
        for label, endpoint, further in _TABS
    ]
    return render_template(template, tabs_of_journal=tabs, **values)
