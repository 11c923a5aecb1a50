"""The list of cases, its search and its export."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for

from pdp.cases import service
from pdp.cases.enums import Axis, ExportFormat, Stage
from pdp.cases.queries.listing import CaseFilters
from pdp.cases.rules.search import understand
from pdp.cases.rules.workflow import ENDED
from pdp.cases.schemas import ExportInput, SearchInput
from pdp.cases.service.searching import open_term, seal_term
from pdp.cases.views import bp
from pdp.dispositifs.enums import StatusGroup
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, proven, requires

Word = TypeVar("Word", bound=Enum)
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
    return _list_page(_asked(), forms.Form({"q": _term()}))


@bp.post("/dossiers")
@requires(Permission.CASE_LIST)
def search_cases() -> Any:
    """Take the filters typed, and lead to a list whose address holds codes and a sealed term only."""
    form = forms.read(SearchInput())
    filters = _filters(request.form, "")
    if not form.is_valid:
        return _list_page(filters, form), 422
    address = _address(filters, recherche=seal_term(current_actor(), form.values["q"]))
    return redirect(address, 303)


@bp.get("/dossiers/export")
@requires(Permission.CASE_EXPORT)
@proven
def export_form() -> str:
    """Ask for what the list is taken out, before it is."""
    return _export_page(forms.Form({"file_format": ExportFormat.XLSX.value}))


@bp.post("/dossiers/export")
@requires(Permission.CASE_EXPORT)
@proven
def export_cases() -> Any:
    """Send the list as a file."""
    actor, filters = current_actor(), _asked()
    form, file = forms.submit(ExportInput(), lambda values: service.export_cases(actor, filters, **values))
    if file is None:
        return _export_page(form), 422
    answer = Response(file.content, content_type=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer


def _list_page(filters: CaseFilters, form: forms.Form) -> str:
    actor, after = current_actor(), request.args.get("apres")
    page = service.list_cases(actor, filters, after)
    return render_template(
        "cases/list.html",
        page=page,
        filters=filters,
        form=form,
        stages=_stage_tabs(page, filters, partner=actor.is_partner),
        axes=[(axis.value, axis.label) for axis in Axis],
        groups=[(group.value, group.label) for group in (StatusGroup.SALARIE, StatusGroup.TI)],
        is_filtered=any((filters.axis, filters.group, filters.mine, filters.search)),
        following=_here(filters, apres=page.next) if page.next else None,
        first=_here(filters) if after else None,
        export=_here(filters, "cases.export_form"),
    )


def _export_page(form: forms.Form) -> str:
    filters = _asked()
    return render_template(
        "cases/export.html",
        form=form,
        count=service.count_exported(current_actor(), filters),
        formats=[(kind.value, kind.label) for kind in ExportFormat],
        action=_here(filters, "cases.export_cases"),
        back=_here(filters),
    )


def _stage_tabs(page: service.CasePage, filters: CaseFilters, *, partner: bool) -> list[dict[str, Any]]:
    tabs = [{"label": "Tous", "url": _here(filters, etape=None), "current": not filters.stage, "count": page.total}]
    return tabs + [
        {
            "label": title,
            "url": _here(filters, etape=stage.value),
            "current": filters.stage is stage,
            "count": page.counts.get(stage, 0),
        }
        for stage, title in _STAGE_TITLES.items()
        # The end of a case ends its sharing: a partner has none that is over.
        if not (partner and stage in ENDED)
    ]


def _asked() -> CaseFilters:
    return _filters(request.args, _term())


def _filters(typed: Mapping[str, str], term: str) -> CaseFilters:
    return CaseFilters(
        stage=_word(Stage, typed.get("etape")),
        axis=_word(Axis, typed.get("axe")),
        group=_word(StatusGroup, typed.get("statut")),
        mine=typed.get("miens") == "1",
        search=understand(term),
    )


def _term() -> str:
    return open_term(current_actor(), request.args.get("recherche", ""))


def _here(filters: CaseFilters, endpoint: str = "cases.list_cases", **changes: str | None) -> str:
    """Return this list, or its export, with some parameters changed; the sealed term goes along."""
    sealed = request.args.get("recherche") if filters.search else None
    return _address(filters, endpoint, **{"recherche": sealed} | changes)


def _address(filters: CaseFilters, endpoint: str = "cases.list_cases", **more: str | None) -> str:
    """Return an address made of known words, never of what someone typed."""
    parts: dict[str, str | None] = {
        "etape": filters.stage.value if filters.stage else None,
        "axe": filters.axis.value if filters.axis else None,
        "statut": filters.group.value if filters.group else None,
        "miens": "1" if filters.mine else None,
    }
    query = urlencode({name: value for name, value in (parts | more).items() if value})
    return url_for(endpoint) + (f"?{query}" if query else "")


def _word(words: type[Word], asked: str | None) -> Word | None:
    """Return the word asked for; an unknown one counts as none."""
    return next((word for word in words if word.value == asked), None)
