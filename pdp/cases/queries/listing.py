"""The list of cases: pages of rows selected into small values, a constant number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from pdp.accounts.models import User
from pdp.cases.enums import Axis, Stage
from pdp.cases.models import Activity, Case, InsuredPerson, PersonAlias, Stoppage
from pdp.cases.queries.visibility import named_in_lists, reads_label, visible_to
from pdp.cases.rules.nir import NIR_COLUMN, searchable
from pdp.cases.rules.search import Search, SearchKind
from pdp.cases.rules.stoppages import Period, Run, current_run
from pdp.core import clock, db
from pdp.core.crypto import blind_index
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label

PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """The facets of the list; None or False means « any »."""

    stage: Stage | None = None
    axis: Axis | None = None
    group: StatusGroup | None = None
    mine: bool = False
    search: Search | None = None
    # Only what may leave as a file: no case of a person whose processing is restricted.
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list. `name` is None, and `initials` shown, where the identity is not readable.

    `id` is for the journal alone.
    """

    id: int
    public_id: str
    reference: str
    name: str | None
    initials: str
    stage: Stage
    axis: Axis | None
    groups: tuple[StatusGroup, ...]
    arret: Run | None
    referent: str | None
    opened_on: date


def list_cases(actor: Actor, filters: CaseFilters, after: str | None = None) -> tuple[list[CaseRow], str | None]:
    """Return a page of the cases that the actor may see, newest first, and the key of the next page.

    `after` is the public id of the last row already shown. Three statements whatever the number of rows.
    """
    today = clock.today()
    found = _fetch(actor, filters, after, today)
    shown = found[:PAGE]
    employed = [row.id for row in shown if row.reads_employment]
    stopped = [row.id for row in shown if row.reads_stoppage]
    groups, runs = _groups(actor, employed, today), _runs(actor, stopped, today)
    rows = [
        CaseRow(
            id=row.id,
            public_id=row.public_id,
            reference=row.reference,
            name=f"{row.given_name} {row.family_name}" if row.reads_identity else None,
            initials=f"{row.given_name[:1]}.\u00a0{row.family_name[:1]}.",
            stage=row.stage,
            axis=row.axis if row.reads_signal else None,
            groups=groups.get(row.id, ()),
            arret=runs.get(row.id),
            referent=f"{row.referent_given} {row.referent_family}" if row.referent_family else None,
            opened_on=row.opened_on,
        )
        for row in shown
    ]
    return rows, rows[-1].public_id if len(found) > PAGE else None


def count_by_stage(actor: Actor, filters: CaseFilters) -> dict[Stage, int]:
    """Count the cases of each stage, under the other facets."""
    today = clock.today()
    wanted = select(Case.stage, func.count()).select_from(Case).where(*_facets(actor, filters, today))
    return {row[0]: row[1] for row in db.session().execute(wanted.group_by(Case.stage))}


def _fetch(actor: Actor, filters: CaseFilters, after: str | None, today: date) -> Sequence[Any]:
    wanted = (
        select(
            Case.id,
            Case.public_id,
            Case.reference,
            Case.stage,
            Case.axis,
            Case.opened_on,
            InsuredPerson.given_name,
            InsuredPerson.family_name,
            User.given_name.label("referent_given"),
            User.family_name.label("referent_family"),
            reads_label(actor, Label.SIGNAL, today).label("reads_signal"),
            named_in_lists(actor, today).label("reads_identity"),
            reads_label(actor, Label.EMPLOYMENT, today).label("reads_employment"),
            reads_label(actor, Label.STOPPAGE, today).label("reads_stoppage"),
        )
        .join(Case.person)
        .outerjoin(Case.referent)
        .where(*_facets(actor, filters, today))
        .order_by(Case.id.desc())
        .limit(PAGE + 1)
    )
    if filters.stage:
        wanted = wanted.where(Case.stage == filters.stage)
    if after:
        wanted = wanted.where(Case.id < select(Case.id).where(Case.public_id == after).scalar_subquery())
    return db.session().execute(wanted).all()


def _facets(actor: Actor, filters: CaseFilters, today: date) -> list[ColumnElement[bool]]:
    """Return every condition but the stage. A facet never tells what its label would hide."""
    conditions = [visible_to(actor, today)]
    if filters.axis:
        conditions += [reads_label(actor, Label.SIGNAL, today), Case.axis == filters.axis]
    if filters.group:
        conditions += [reads_label(actor, Label.EMPLOYMENT, today), _in_group(filters.group, today)]
    if filters.mine:
        conditions.append(Case.referent_user_id == actor.user_id)
    if filters.leaving:
        conditions.append(Case.frozen_on.is_(None))
    if filters.search:
        conditions.append(_matches(actor, filters.search, today))
    return conditions


def _matches(actor: Actor, search: Search, today: date) -> ColumnElement[bool]:
    if search.kind is SearchKind.REFERENCE:
        return Case.reference.startswith(search.words[0])
    if search.kind is SearchKind.NIR:
        index = blind_index(searchable(search.words[0]), NIR_COLUMN)
        found, former = InsuredPerson.nir_index == index, PersonAlias.nir_index == index
        label = Label.NIR
    else:
        found = and_(*(InsuredPerson.search_key.contains(word) for word in search.words))
        former = and_(*(PersonAlias.search_key.contains(word) for word in search.words))
        label = Label.IDENTITY
    owned = select(InsuredPerson.id).where(InsuredPerson.cellule_id == actor.cellule_id, found)
    # An identity that a merge left behind still leads to the person.
    known_as = select(PersonAlias.person_id).where(
        PersonAlias.cellule_id == actor.cellule_id, PersonAlias.ended_at.is_(None), former
    )
    return and_(reads_label(actor, label, today), or_(Case.person_id.in_(owned), Case.person_id.in_(known_as)))


def _in_group(group: StatusGroup, today: date) -> ColumnElement[bool]:
    statuses = [status for status in PersonStatus if status.group is group]
    return (
        select(Activity.id)
        .where(
            Activity.cellule_id == Case.cellule_id,
            Activity.case_id == Case.id,
            Activity.status.in_(statuses),
            or_(Activity.ends_on.is_(None), Activity.ends_on >= today),
        )
        .exists()
    )


def _groups(actor: Actor, case_ids: list[int], today: date) -> dict[int, tuple[StatusGroup, ...]]:
    wanted = select(Activity.case_id, Activity.status).where(
        Activity.cellule_id == actor.cellule_id,
        Activity.case_id.in_(case_ids),
        or_(Activity.ends_on.is_(None), Activity.ends_on >= today),
    )
    found: dict[int, set[StatusGroup]] = defaultdict(set)
    for case_id, status in db.session().execute(wanted):
        found[case_id].add(status.group)
    shown = (StatusGroup.SALARIE, StatusGroup.TI)
    return {case_id: tuple(group for group in shown if group in groups) for case_id, groups in found.items()}


def _runs(actor: Actor, case_ids: list[int], today: date) -> dict[int, Run]:
    """Return the arrêt under way of each case that has one."""
    wanted = select(Stoppage.case_id, Stoppage.starts_on, Stoppage.prescribed_end, Stoppage.ended_on).where(
        Stoppage.cellule_id == actor.cellule_id, Stoppage.case_id.in_(case_ids)
    )
    periods: dict[int, list[Period]] = defaultdict(list)
    for row in db.session().execute(wanted):
        periods[row.case_id].append(Period(row.starts_on, row.prescribed_end, row.ended_on))
    found = {case_id: current_run(of_case, today) for case_id, of_case in periods.items()}
    return {case_id: run for case_id, run in found.items() if run}
