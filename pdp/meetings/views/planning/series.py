"""Several séances planned at once, and the calendar of a year."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from pdp.core import clock
from pdp.core.french import MONTHS, WEEKDAYS
from pdp.meetings.rules.series import Nth, Occurrence, Rhythm
from pdp.meetings.rules.words import plural
from pdp.meetings.schemas.series import SeriesDaysInput, SeriesInput
from pdp.meetings.service import series
from pdp.meetings.views import bp
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

_LABELS = {
    "rhythm": "Rythme",
    "every": "Nombre de semaines ou de mois entre deux séances",
    "nth": "Rang dans le mois",
    "weekday": "Jour",
    "first": "À partir du",
    "until": "Jusqu’au",
    "start": "Début",
    "end": "Fin",
    "place": "Lieu",
    "video_link": "Lien de visioconférence",
    "days": "Dates",
    "day": "Dates",
}
_RHYTHM = ("rhythm", "every", "nth", "weekday", "first", "until")
_HOURS = ("start", "end", "place", "video_link")


@bp.get("/seances/serie")
@requires(Permission.MEETING_RUN)
def plan_series() -> str:
    """Show the form that plans a series."""
    return _page(forms.Form())


@bp.post("/seances/serie")
@requires(Permission.MEETING_RUN)
def plan_series_post() -> Any:
    """Show the dates of a series or, once they are chosen, plan a séance on each."""
    actor = current_actor()
    if request.form.get("act") != "plan":
        form, found = forms.submit(
            SeriesInput(), lambda values: series.preview_series(actor, **_only(values, _RHYTHM))
        )
        return _page(form, found), 200 if found else 422
    form, planned = forms.submit(
        SeriesDaysInput(), lambda values: series.plan_series(actor, days=values["days"], **_only(values, _HOURS))
    )
    if planned is None:
        return _page(form), 422
    flash(
        f"{plural(len(planned), 'séance planifiée', 'séances planifiées')}. Chacune se prépare maintenant à part.",
        "success",
    )
    return redirect(url_for("meetings.show_year", annee=min(form.values["days"]).year))


@bp.get("/seances/calendrier")
@requires(Permission.MEETING_LIST)
def show_year() -> str:
    """Show the séances of a year, month by month."""
    wanted = request.args.get("annee", str(clock.today().year))
    if not (wanted.isascii() and wanted.isdigit() and 2000 <= int(wanted) <= 2100):
        abort(404)
    page = series.read_year(current_actor(), int(wanted))
    months = [
        (
            MONTHS[number - 1],
            [row for row in page.meetings if clock.local(row.starts_at).month == number],
            [(day, name) for day, name in page.holidays.items() if day.month == number],
        )
        for number in range(1, 13)
    ]
    return render_template("meetings/year.html", page=page, months=months)


def _only(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _page(form: forms.Form, found: tuple[Occurrence, ...] | None = None) -> str:
    return render_template(
        "meetings/series.html",
        form=form,
        labels=_LABELS,
        rhythms=[(rhythm.value, rhythm.label) for rhythm in Rhythm],
        ranks=[(nth.value, nth.label.capitalize()) for nth in Nth],
        weekdays=[(str(number), name.capitalize()) for number, name in enumerate(WEEKDAYS[:5])],
        carried=(*_RHYTHM, *_HOURS),
        found=found,
    )
