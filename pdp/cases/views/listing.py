"""The list of cases."""

from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import render_template, request, url_for

from pdp.cases import service
from pdp.cases.enums import Axis, Stage
from pdp.cases.queries.listing import CaseFilters
from pdp.cases.rules.search import understand
from pdp.cases.rules.workflow import ENDED
from pdp.cases.views import bp
from pdp.dispositifs.enums import StatusGroup
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires

Word = TypeVar("Word", bound=Enum)
_PARAMETERS = ("etape", "axe", "statut", "miens", "q", "apres")
_STAGE_TITLES = {
    Stage.TRIAGE: "À trier",
    Stage.OPEN: "En accompagnement",
    Stage.REORIENTED: "Réorientés",
    Stage.CLOSED: "Clos",
}


@bp.get("/dossiers")
@requires(Permission.CASE_LIST)
def list_cases() -> str:
    """List the cases that the reader may see, with their facets."""
    actor, asked = current_actor(), request.args
    filters = CaseFilters(
        stage=_word(Stage, asked.get("etape")),
        axis=_word(Axis, asked.get("axe")),
        group=_word(StatusGroup, asked.get("statut")),
        mine=asked.get("miens") == "1",
        search=understand(asked.get("q", "")),
    )
    page = service.list_cases(actor, filters, asked.get("apres"))
    return render_template(
        "cases/list.html",
        page=page,
        filters=filters,
        term=asked.get("q", "")[:100],
        stages=_stage_tabs(page, filters, partner=actor.is_partner),
        axes=[(axis.value, axis.label) for axis in Axis],
        groups=[(group.value, group.label) for group in (StatusGroup.SALARIE, StatusGroup.TI)],
        is_filtered=any((filters.axis, filters.group, filters.mine, asked.get("q", "").strip())),
        following=_url(apres=page.next) if page.next else None,
        first=_url(apres=None) if asked.get("apres") else None,
    )


def _stage_tabs(page: service.CasePage, filters: CaseFilters, *, partner: bool) -> list[dict[str, Any]]:
    tabs = [{"label": "Tous", "url": _url(etape=None, apres=None), "current": not filters.stage, "count": page.total}]
    return tabs + [
        {
            "label": title,
            "url": _url(etape=stage.value, apres=None),
            "current": filters.stage is stage,
            "count": page.counts.get(stage, 0),
        }
        for stage, title in _STAGE_TITLES.items()
        # The end of a case ends its sharing: a partner has none that is over.
        if not (partner and stage in ENDED)
    ]


def _url(**changes: str | None) -> str:
    """Return the address of this list with some parameters changed."""
    asked = {name: request.args.get(name) for name in _PARAMETERS} | changes
    query = urlencode({name: value for name, value in asked.items() if value})
    return url_for("cases.list_cases") + (f"?{query}" if query else "")


def _word(words: type[Word], asked: str | None) -> Word | None:
    """Return the word asked for; an unknown one counts as none."""
    return next((word for word in words if word.value == asked), None)
