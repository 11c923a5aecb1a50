"""Take a list of cases out as a file: for a written reason, named, and each case of it journaled as read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.enums import ExportFormat
from pdp.cases.models import CaseExport
from pdp.cases.queries.listing import CaseFilters, CaseRow
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.core.export import Cell, Sheet, to_csv, to_xlsx
from pdp.core.french import NBSP, hour, weekday
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.reading import Cell as Access
from pdp.policy.reading import cell

LONGEST = 1000
_TOO_LONG = f"La liste dépasse 1{NBSP}000{NBSP}dossiers. Ajoutez un filtre, puis recommencez."
_READ = frozenset({Access.READ, Access.WRITE})
_MEDIA = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file ready to leave, under a name that tells nothing."""

    name: str
    media_type: str
    content: bytes


def count_exported(actor: Actor, filters: CaseFilters) -> int:
    """Count the cases that an export would hold, before anyone asks for it."""
    ensure(actor, Permission.CASE_EXPORT)
    with db.reading(actor):
        counts = queries.count_by_stage(actor, replace(filters, leaving=True))
    return counts.get(filters.stage, 0) if filters.stage else sum(counts.values())


def export_cases(
    actor: Actor, filters: CaseFilters, *, reason: str, file_format: ExportFormat, with_names: bool = False
) -> ExportFile:
    """Return the cases of a list as a file, as the actor may see them now.

    No case of a person whose processing is restricted leaves. Who, when and why are kept, and written at the
    top of each page. Each case is journaled as read by this person, so that « qui a consulté mon dossier »
    tells it. Raises `RuleViolation` beyond 1,000.
    """
    ensure(actor, Permission.CASE_EXPORT)
    with db.transaction(actor) as session:
        rows = list(_rows(actor, replace(filters, leaving=True)))
        made = CaseExport(
            cellule_id=actor.cellule_id,
            user_id=actor.user_id,
            made_at=clock.now(),
            file_format=file_format,
            with_names=with_names,
            cases=len(rows),
            reason=reason,
        )
        session.add(made)
        audit.record(actor, "case.export", subject=made, count=len(rows), format=file_format.value, names=with_names)
        for row in rows:
            audit.record(actor, "case.read", case_id=row.id, part="export")
    sheet = _sheet(actor, made, rows)
    content = to_xlsx(sheet) if file_format is ExportFormat.XLSX else to_csv(sheet)
    return ExportFile(f"dossiers-cellule-pdp.{file_format.value}", _MEDIA[file_format], content)


def _rows(actor: Actor, filters: CaseFilters) -> Iterator[CaseRow]:
    """Yield every row of the list, page after page."""
    seen, after = 0, None
    while True:
        page, after = queries.list_cases(actor, filters, after)
        seen += len(page)
        if seen > LONGEST:
            raise RuleViolation(_TOO_LONG)
        yield from page
        if after is None:
            return


def _sheet(actor: Actor, made: CaseExport, rows: list[CaseRow]) -> Sheet:
    columns = ["Référence", "Initiales", *(["Nom"] if made.with_names else []), "Étape", "Axe"]
    columns += ["Statut"] if _reads(actor, Label.EMPLOYMENT) else []
    columns += ["Arrêt depuis le", "Arrêt jusqu’au"] if _reads(actor, Label.STOPPAGE) else []
    columns += ["Référent", "Ouvert le"]
    return Sheet("Dossiers", tuple(columns), [_line(actor, made, row) for row in rows], _notes(actor, made))


def _line(actor: Actor, made: CaseExport, row: CaseRow) -> list[Cell]:
    line: list[Cell] = [row.reference, row.initials]
    line += [row.name] if made.with_names else []
    line += [row.stage.label, row.axis.label if row.axis else None]
    if _reads(actor, Label.EMPLOYMENT):
        line.append(", ".join(group.label for group in row.groups))
    if _reads(actor, Label.STOPPAGE):
        line += [row.arret.starts_on, row.arret.last_day] if row.arret else [None, None]
    return [*line, row.referent, row.opened_on]


def _notes(actor: Actor, made: CaseExport) -> tuple[str, ...]:
    at = clock.local(made.made_at)
    return (
        f"Extrait par {actor.name} ({actor.role_name}, {actor.organisation_name}), "
        f"{weekday(at.date())} à {hour(at)}. Extraction {made.public_id[:8]}.",
        f"Motif{NBSP}: {made.reason}",
        "Document couvert par le secret professionnel. À détruire après usage.",
    )


def _reads(actor: Actor, label: Label) -> bool:
    return cell(actor.role, label) in _READ
