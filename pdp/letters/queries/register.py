"""Reads of the letters produced, and of the refusals whose letter has not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import joinedload, undefer

from pdp.cases.models import Case
from pdp.cases.queries import get_case
from pdp.cases.queries.visibility import reads_label
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import LetterKind
from pdp.letters.models import Letter
from pdp.meetings.enums import DecisionOutcome
from pdp.meetings.models import FundDecision
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest

_LAST = 50


@dataclass(frozen=True, slots=True)
class DueRefusal:
    """A refusal whose letter has not left: `letter` when it is produced already."""

    request: str
    reference: str
    dispositif: Dispositif
    decided_on: date
    letter: str | None


def list_of_case(cellule_id: int, case_id: int) -> Sequence[Letter]:
    """Return the letters of a case, the newest first, with their people and organisation."""
    wanted = _with_people().where(Letter.cellule_id == cellule_id, Letter.case_id == case_id)
    return db.session().scalars(wanted.order_by(Letter.id.desc())).all()


def get_letter(actor: Actor, public_id: str, *, lock: bool = False) -> tuple[Letter, Case]:
    """Return a letter and its case, which the actor sees; what of it is theirs to read is the caller's to ask.

    Raises `NotFound`.
    """
    wanted = (
        _with_people()
        .add_columns(Case.public_id)
        .join(Case, and_(Case.cellule_id == Letter.cellule_id, Case.id == Letter.case_id))
        .options(undefer(Letter.content))
        .where(Letter.cellule_id == actor.cellule_id, Letter.public_id == public_id)
    )
    if lock:
        wanted = wanted.with_for_update(of=Letter).execution_options(populate_existing=True)
    found = db.session().execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found[0], get_case(actor, found[1])


def next_number(cellule_id: int, year: int) -> int:
    """Return the number of the next letter of a year; the cellule is locked by the caller."""
    wanted = select(func.max(Letter.number)).where(Letter.cellule_id == cellule_id, Letter.year == year)
    return (db.session().scalar(wanted) or 0) + 1


def list_unsent_like(letter: Letter) -> Sequence[Letter]:
    """Return the letters of the same request, kind, recipient, agreement and person that have not left, with content.

    The caller holds the cellule: none is added meanwhile.
    """
    wanted = (
        select(Letter)
        .options(undefer(Letter.content))
        .where(
            Letter.cellule_id == letter.cellule_id,
            Letter.request_id == letter.request_id,
            Letter.kind == letter.kind,
            Letter.organisation_id.is_not_distinct_from(letter.organisation_id),
            Letter.agreed_on.is_not_distinct_from(letter.agreed_on),
            Letter.produced_by_id == letter.produced_by_id,
            Letter.sent_on.is_(None),
        )
    )
    return db.session().scalars(wanted.order_by(Letter.id)).all()


def list_due_refusals(actor: Actor) -> list[DueRefusal]:
    """Return the refusals that the actor reads and whose letter has not left, the oldest decision first."""
    produced = (
        select(func.max(Letter.public_id))
        .where(_of_request(), Letter.kind == LetterKind.REFUSAL, Letter.sent_on.is_(None))
        .scalar_subquery()
    )
    wanted = (
        select(
            DispositifRequest.public_id,
            Case.reference,
            DispositifRequest.dispositif,
            FundDecision.decided_on,
            produced,
        )
        .join(DispositifRequest, DispositifRequest.id == FundDecision.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(*_due(actor))
        .order_by(FundDecision.decided_on, FundDecision.id)
    )
    return [DueRefusal(*row) for row in db.session().execute(wanted)]


def list_last(actor: Actor) -> list[tuple[Letter, str, str]]:
    """Return the last letters of the cases whose decisions the actor reads, with the case's id and reference."""
    wanted = (
        _with_people()
        .add_columns(Case.public_id, Case.reference)
        .join(Case, and_(Case.cellule_id == Letter.cellule_id, Case.id == Letter.case_id))
        .where(Letter.cellule_id == actor.cellule_id, reads_label(actor, Label.DECISION, clock.today()))
        .order_by(Letter.id.desc())
        .limit(_LAST)
    )
    return [(row[0], row[1], row[2]) for row in db.session().execute(wanted)]


def waiting_refusals(actor: Actor) -> Select[int, datetime]:
    """Select how many refusals wait for their letter to leave, and since when the oldest does."""
    return (
        select(func.count(FundDecision.id), func.min(FundDecision.recorded_at))
        .join(DispositifRequest, DispositifRequest.id == FundDecision.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(*_due(actor))
    )


def _due(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    left = exists().where(_of_request(), Letter.kind == LetterKind.REFUSAL, Letter.sent_on.is_not(None))
    return (
        FundDecision.cellule_id == actor.cellule_id,
        FundDecision.outcome == DecisionOutcome.REFUSED,
        # The caisse said, with its decision, that it had notified it.
        FundDecision.notified_on.is_(None),
        reads_label(actor, Label.DECISION, clock.today()),
        ~left,
    )


def _of_request() -> ColumnElement[bool]:
    return and_(Letter.cellule_id == FundDecision.cellule_id, Letter.request_id == FundDecision.request_id)


def _with_people() -> Select[Letter]:
    return select(Letter).options(
        joinedload(Letter.produced_by, innerjoin=True), joinedload(Letter.sent_by), joinedload(Letter.organisation)
    )
