"""Rows around a séance that is being prepared or is over, written with the ORM on top of the base world."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from pdp.audit import service as audit
from pdp.cases.enums import SignalSource, Stage
from pdp.cases.models import Activity, Case, InsuredPerson
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.meetings.enums import ActionState, MeetingStatus, OpinionCode
from pdp.meetings.models import Action, AgendaItem, CelluleOpinion, Meeting
from pdp.requests.enums import RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from tests.support.databases import as_owner
from tests.support.world import World


@contextmanager
def writing() -> Iterator[None]:
    """Write rows in one journaled transaction."""
    with as_owner():
        yield
        audit.record(None, "tests.rows")


def add_case(
    world: World, number: int, given: str, family: str, status: PersonStatus = PersonStatus.EMPLOYEE_CDI
) -> Case:
    """Add an open case of a new person."""
    session, cellule_id = db.session(), world.cellule["a"]
    person = InsuredPerson(
        cellule_id=cellule_id,
        given_name=given,
        family_name=family,
        birth_date=date(1981, 5, 4),
        search_key=f"{given} {family}".lower(),
    )
    session.add(person)
    session.flush()
    case = Case(
        cellule_id=cellule_id,
        person_id=person.id,
        reference=f"2026-{number:04}",
        stage=Stage.OPEN,
        opened_on=clock.today() - timedelta(days=50),
        referent_user_id=world.user["a.service_social"],
        created_at=clock.now(),
        source=SignalSource.MEDICAL_ADVISER,
    )
    session.add(case)
    session.flush()
    session.add(Activity(cellule_id=cellule_id, case_id=case.id, status=status))
    session.flush()
    return case


def add_request(
    world: World,
    case: Case,
    dispositif: Dispositif = Dispositif.BILAN_COMPETENCES,
    status: RequestStatus = RequestStatus.READY,
    verdict: str = "eligible",
    missing: tuple[str, ...] = (),
    days_ago: int = 6,
) -> DispositifRequest:
    """Add a request with the eligibility kept when it was declared ready."""
    session, since = db.session(), clock.now() - timedelta(days=days_ago)
    request = DispositifRequest(
        cellule_id=case.cellule_id,
        case_id=case.id,
        dispositif=dispositif,
        status=status,
        author=RequestAuthor.INSURED,
        details={},
        created_by_id=world.user["a.service_social"],
        created_by_organisation_id=world.organisation["a.service_social"],
        created_at=since,
    )
    session.add(request)
    session.flush()
    group = "ti" if _is_self_employed(case) else "salarie"
    session.add(
        EligibilitySnapshot(
            cellule_id=case.cellule_id,
            request_id=request.id,
            taken_at=since,
            evaluated_on=since.date(),
            reason=SnapshotReason.SUBMITTED,
            doctrine="regional",
            ruleset_hash="0" * 64,
            results=[_result(dispositif, group, verdict, missing)],
            facts={},
        )
    )
    session.flush()
    return request


def add_meeting(
    world: World, day: date, status: MeetingStatus = MeetingStatus.PLANNED, place: str = "Salle du conseil"
) -> Meeting:
    """Add a séance held from 14 h to 16 h 30, local time."""
    start = datetime.combine(day, time(14), tzinfo=clock.PARIS)
    closed = status is MeetingStatus.CLOSED
    meeting = Meeting(
        cellule_id=world.cellule["a"],
        starts_at=start,
        ends_at=start + timedelta(hours=2, minutes=30),
        place=place,
        status=status,
        opened_at=start if closed else None,
        closed_at=start + timedelta(hours=2) if closed else None,
        created_by_id=world.user["a.coordinateur"],
    )
    db.session().add(meeting)
    db.session().flush()
    return meeting


def add_item(meeting: Meeting, request: DispositifRequest, position: int, minutes: int = 10) -> AgendaItem:
    """Put a request on an agenda."""
    item = AgendaItem(
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        request_id=request.id,
        position=position,
        planned_minutes=minutes,
    )
    db.session().add(item)
    db.session().flush()
    return item


def add_opinion(
    world: World, item: AgendaItem, code: OpinionCode = OpinionCode.FAVOURABLE, days_ago: int = 3, **texts: str
) -> CelluleOpinion:
    """Record an opinion on an item."""
    opinion = CelluleOpinion(
        cellule_id=item.cellule_id,
        item_id=item.id,
        code=code,
        recorded_by_id=world.user["a.coordinateur"],
        recorded_at=clock.now() - timedelta(days=days_ago),
        **texts,
    )
    db.session().add(opinion)
    db.session().flush()
    return opinion


def add_action(world: World, item: AgendaItem, case: Case, owner: str, text: str, due_on: date) -> Action:
    """Add a thing to do; `owner` names an organisation of the world: `"a.cap_emploi"`."""
    action = Action(
        cellule_id=item.cellule_id,
        item_id=item.id,
        case_id=case.id,
        owner_organisation_id=world.organisation[owner],
        text=text,
        due_on=due_on,
        state=ActionState.OPEN,
        created_by_id=world.user["a.coordinateur"],
    )
    db.session().add(action)
    db.session().flush()
    return action


def world_case(world: World, name: str) -> Case:
    """Return a case of the base world."""
    return db.session().get_one(Case, world.case_id[name])


def _is_self_employed(case: Case) -> bool:
    found = db.session().query(Activity).filter_by(case_id=case.id).first()
    return found is not None and found.status.startswith("SE_")


def _result(dispositif: str, group: str, verdict: str, missing: tuple[str, ...]) -> dict[str, Any]:
    today = clock.today().isoformat()
    rule = {
        "id": "ESSAI-01",
        "version": "1",
        "verdict": "pass" if verdict == "eligible" else verdict,
        "reason": "Règle d’essai.",
        "source": "Texte d’essai",
        "basis": "SEED",
        "doctrine": "any",
        "cause": None if verdict == "eligible" else "false",
        "facts": [],
        "missing": list(missing),
        "undecided": [],
    }
    return {
        "dispositif": str(dispositif),
        "status_group": group,
        "verdict": verdict,
        "explanation": "Explication d’essai.",
        "doctrine": "regional",
        "evaluated_on": today,
        "substance_on": today,
        "divergence": None,
        "rules": [rule],
    }
