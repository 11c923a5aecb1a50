"""The clocks of the cases of a cellule, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all

from pdp.cases.models import Case, InsuredPerson
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, db
from pdp.meetings.models import FundDecision
from pdp.outcomes.models import RequestOutcome
from pdp.privacy.models import NoticeGiven, RightsRequest
from pdp.requests.models import DispositifRequest
from pdp.retention import rules
from pdp.retention.enums import ErasureState, Standing, Suspension
from pdp.retention.models import CaseErasure, RetentionContact, RetentionHold, RetentionRules
from pdp.retention.rules import CaseClock, Rules


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case that is over, with its clock. `initials` are for those who may know whose it is."""

    id: int
    public_id: str
    reference: str
    person_id: int
    initials: str
    referent_user_id: int | None
    clock: CaseClock

    def standing(self, kept: Rules, today: date) -> Standing:
        """Say where the case stands."""
        return rules.standing(self.clock, kept, today)

    def due_on(self, kept: Rules, today: date) -> date | None:
        """Return the first day on which it may be hidden."""
        return rules.due_on(self.clock, kept, today)


def rules_history(cellule_id: int) -> Sequence[RetentionRules]:
    """Return what the cellule decided, newest first."""
    wanted = select(RetentionRules).where(RetentionRules.cellule_id == cellule_id)
    return db.session().scalars(wanted.order_by(RetentionRules.valid_from.desc())).all()


def rules_today(cellule_id: int, today: date) -> Rules:
    """Return the rules in force."""
    return rules.rules_on(
        (
            Rules(row.months, row.notice_days, row.hidden_days, row.cap_percent, row.cap_cases, row.valid_from)
            for row in rules_history(cellule_id)
        ),
        today,
    )


def list_cases(
    cellule_id: int, kept: Rules, today: date, only: ColumnElement[bool] | None = None
) -> Sequence[CaseRow]:
    """Return the cases that are hidden, held, or whose time is over before the notice's days have passed."""
    latest = rules.add_months(today + timedelta(days=kept.notice_days + 3), -kept.months)
    held = select(RetentionHold.case_id).where(
        RetentionHold.cellule_id == cellule_id, RetentionHold.lifted_at.is_(None)
    )
    near = or_(Case.hidden_on.is_not(None), Case.closed_on <= latest, Case.id.in_(held))
    wanted = and_(Case.stage.in_(ENDED), near) if only is None else and_(Case.stage.in_(ENDED), near, only)
    return _rows(cellule_id, _wanted(cellule_id).where(wanted).order_by(Case.closed_on, Case.id))


def list_ready(cellule_id: int, kept: Rules, today: date) -> Mapping[Standing, Sequence[CaseRow]]:
    """Return the cases by where they stand."""
    found: defaultdict[Standing, list[CaseRow]] = defaultdict(list)
    for row in list_cases(cellule_id, kept, today):
        found[row.standing(kept, today)].append(row)
    return found


def find_case(cellule_id: int, case_id: int, *, lock: bool = False) -> CaseRow | None:
    """Return one case with its clock, over or not. `lock` keeps others from changing it."""
    if lock:
        row = select(Case.id).where(Case.cellule_id == cellule_id, Case.id == case_id)
        db.session().execute(row.with_for_update()).one_or_none()
    return next(iter(_rows(cellule_id, _wanted(cellule_id).where(Case.id == case_id))), None)


def _wanted(cellule_id: int) -> Any:
    erasure = and_(
        CaseErasure.cellule_id == Case.cellule_id,
        CaseErasure.case_id == Case.id,
        CaseErasure.state == ErasureState.HIDDEN,
    )
    return (
        select(
            Case.id,
            Case.public_id,
            Case.reference,
            Case.person_id,
            Case.stage,
            Case.closed_on,
            Case.hidden_on,
            Case.referent_user_id,
            InsuredPerson.given_name,
            InsuredPerson.family_name,
            InsuredPerson.frozen_on,
            CaseErasure.erase_on,
        )
        .join(Case.person)
        .outerjoin(CaseErasure, erasure)
        .where(Case.cellule_id == cellule_id)
    )


def _rows(cellule_id: int, wanted: Any) -> Sequence[CaseRow]:
    found = db.session().execute(wanted).all()
    people = {row.person_id for row in found}
    contacts = _contacts(cellule_id, people)
    suspended = _suspended(cellule_id, people)
    rows = []
    for row in found:
        reasons = {
            reason
            for reason, case_id in suspended[row.person_id]
            # A hold is on one case, a case under way is another one; a request is about the person.
            if reason is Suspension.RIGHTS_REQUEST or (case_id == row.id) is (reason is Suspension.HOLD)
        }
        if row.frozen_on is not None:
            reasons.add(Suspension.FROZEN)
        rows.append(
            CaseRow(
                id=row.id,
                public_id=row.public_id,
                reference=row.reference,
                person_id=row.person_id,
                initials=f"{row.given_name[:1]}. {row.family_name[:1]}.",
                referent_user_id=row.referent_user_id,
                clock=CaseClock(
                    closed_on=row.closed_on,
                    ended=row.stage in ENDED,
                    contacts=tuple(sorted(contacts[row.person_id])),
                    suspensions=frozenset(reasons),
                    hidden_on=row.hidden_on,
                    erase_on=row.erase_on,
                ),
            )
        )
    return rows


def _contacts(cellule_id: int, people: Collection[int]) -> Mapping[int, set[date]]:
    """Return the dates of contact with each person, whatever the case: two statements."""
    of_request = and_(DispositifRequest.cellule_id == Case.cellule_id, DispositifRequest.case_id == Case.id)
    days = [
        select(Case.person_id, Case.closed_on.label("day")).where(Case.closed_on.is_not(None)),
        select(Case.person_id, RetentionContact.contacted_on).join(
            RetentionContact, and_(RetentionContact.cellule_id == Case.cellule_id, RetentionContact.case_id == Case.id)
        ),
        select(Case.person_id, NoticeGiven.given_on).join(
            NoticeGiven, and_(NoticeGiven.cellule_id == Case.cellule_id, NoticeGiven.case_id == Case.id)
        ),
        *(
            select(Case.person_id, column)
            .join(RightsRequest, and_(RightsRequest.cellule_id == Case.cellule_id, RightsRequest.case_id == Case.id))
            .where(column.is_not(None))
            for column in (RightsRequest.received_on, RightsRequest.closed_on)
        ),
        select(Case.person_id, FundDecision.notified_on)
        .join(DispositifRequest, of_request)
        .join(FundDecision, FundDecision.request_id == DispositifRequest.id)
        .where(FundDecision.notified_on.is_not(None)),
    ]
    instants = [
        select(Case.person_id, table.recorded_at.label("at"))
        .join(DispositifRequest, of_request)
        .join(table, table.request_id == DispositifRequest.id)
        for table in (FundDecision, RequestOutcome)
    ]
    mine = (Case.cellule_id == cellule_id, Case.person_id.in_(people))
    found: defaultdict[int, set[date]] = defaultdict(set)
    for person_id, day in db.session().execute(union_all(*(one.where(*mine) for one in days))):
        if day is not None:
            found[person_id].add(day)
    for person_id, at in db.session().execute(union_all(*(one.where(*mine) for one in instants))):
        found[person_id].add(clock.local(at).date())
    return found


def _suspended(cellule_id: int, people: Collection[int]) -> Mapping[int, set[tuple[Suspension, int]]]:
    """Return what suspends the clocks of each person, with the case that does: one statement."""
    mine = (Case.cellule_id == cellule_id, Case.person_id.in_(people))
    wanted = union_all(
        select(Case.person_id, Case.id.label("case_id"), literal(Suspension.HOLD.value).label("reason"))
        .join(RetentionHold, and_(RetentionHold.cellule_id == Case.cellule_id, RetentionHold.case_id == Case.id))
        .where(*mine, RetentionHold.lifted_at.is_(None)),
        select(Case.person_id, Case.id, literal(Suspension.RIGHTS_REQUEST.value))
        .join(RightsRequest, and_(RightsRequest.cellule_id == Case.cellule_id, RightsRequest.case_id == Case.id))
        .where(*mine, RightsRequest.closed_on.is_(None)),
        select(Case.person_id, Case.id, literal(Suspension.UNDER_WAY.value)).where(*mine, Case.stage.not_in(ENDED)),
    )
    found: defaultdict[int, set[tuple[Suspension, int]]] = defaultdict(set)
    for person_id, case_id, reason in db.session().execute(wanted):
        found[person_id].add((Suspension(reason), case_id))
    return found
