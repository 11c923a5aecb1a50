"""Reads of the information notices given, and of the cases whose person is to be informed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import aliased, joinedload

from pdp.cases.enums import EncounterKind, SignalSource
from pdp.cases.models import Case, Encounter, InsuredPerson
from pdp.cases.queries import visible_to
from pdp.cases.rules.workflow import ENDED
from pdp.core import db
from pdp.documents.models import Document
from pdp.policy.actor import Actor
from pdp.privacy.models import NoticeGiven
from pdp.privacy.rules.informing import Informing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case whose person was not given the notice in use, with what says whether that is due."""

    facts: Informing
    # The columns asked for beside, of the case and its person.
    beside: tuple[Any, ...] = ()


def list_given(case: Case) -> Sequence[NoticeGiven]:
    """Return the notices given to the person of a case, in whichever of its cases, newest first."""
    wanted = (
        select(NoticeGiven)
        .join(Case, and_(Case.cellule_id == NoticeGiven.cellule_id, Case.id == NoticeGiven.case_id))
        .options(joinedload(NoticeGiven.recorded_by))
        .where(NoticeGiven.cellule_id == case.cellule_id, Case.person_id == case.person_id)
    )
    return db.session().scalars(wanted.order_by(NoticeGiven.given_on.desc(), NoticeGiven.id.desc())).all()


def informing_of(case: Case) -> Informing:
    """Return what says whether the person of a loaded case is to be informed; one statement."""
    return _candidates(Case.id == case.id, case.cellule_id, 1)[0].facts


def list_candidates(
    actor: Actor, today: date, newest: str, limit: int, beside: Sequence[Any] = ()
) -> Sequence[Candidate]:
    """Return the cases of a referent whose person was not given this version, oldest first; one statement.

    `beside` are columns of the case and its person to return with each.
    """
    latest = _latest()
    mine = and_(
        visible_to(actor, today),
        Case.referent_user_id == actor.user_id,
        Case.stage.not_in(ENDED),
        or_(latest.is_(None), latest < newest),
    )
    return _candidates(mine, actor.cellule_id, limit, beside)


def proofs_of(given: Sequence[NoticeGiven]) -> dict[int, str]:
    """Return the public ids of the pieces that prove these notices, by key."""
    keys = [row.document_id for row in given if row.document_id]
    if not keys:
        return {}
    rows = db.session().execute(select(Document.id, Document.public_id).where(Document.id.in_(keys)))
    return {row[0]: row[1] for row in rows}


def _candidates(
    condition: ColumnElement[bool], cellule_id: int, limit: int, beside: Sequence[Any] = ()
) -> list[Candidate]:
    rows = db.session().execute(
        select(
            *beside,
            Case.opened_on,
            Case.source,
            Case.stage,
            Case.social_evaluation_on,
            Case.insured_request_on,
            _first_interview().label("met_on"),
            _latest().label("latest"),
        )
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(Case.cellule_id == cellule_id, condition)
        .order_by(Case.opened_on, Case.id)
        .limit(limit)
    )
    return [
        Candidate(
            Informing(
                opened_on=row.opened_on,
                contacts=tuple(
                    day for day in (row.social_evaluation_on, row.insured_request_on, row.met_on) if day is not None
                ),
                from_person=row.source is SignalSource.SELF,
                over=row.stage in ENDED,
                latest=row.latest,
            ),
            tuple(row)[: len(beside)],
        )
        for row in rows
    ]


def _first_interview() -> ColumnElement[date]:
    return (
        select(func.min(Encounter.happens_on))
        .where(
            Encounter.cellule_id == Case.cellule_id,
            Encounter.case_id == Case.id,
            Encounter.kind == EncounterKind.SOCIAL_INTERVIEW,
        )
        .correlate(Case)
        .scalar_subquery()
    )


def _latest() -> ColumnElement[str | None]:
    """Return the newest version given to the person of a case: codes sort as their dates do."""
    sibling = aliased(Case)
    return (
        select(func.max(type_coerce(NoticeGiven.notice, String)))
        .join(sibling, and_(sibling.cellule_id == NoticeGiven.cellule_id, sibling.id == NoticeGiven.case_id))
        .where(sibling.cellule_id == Case.cellule_id, sibling.person_id == Case.person_id)
        .correlate(Case)
        .scalar_subquery()
    )
