"""Cases whose time is over, written as rows: not through the services under test."""

from datetime import date, timedelta

from sqlalchemy import select

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.minutes.models import MinutesVersion
from pdp.retention import erasures
from pdp.retention.enums import ContactMeans, ErasureState, RunState
from pdp.retention.models import (
    CaseErasure,
    ClosedCaseTally,
    MinutesReseal,
    RetentionContact,
    RetentionHold,
    RetentionRules,
    RetentionRun,
)
from tests.support.databases import as_owner
from tests.support.world import World

LONG_AGO = date(2022, 3, 31)


def add(world: World, key: str) -> None:
    """Add a row of each table to the case `shared` of a cellule. Inside a session of the caller."""
    session, name = db.session(), f"{key}.shared"
    cellule_id, case_id, user = world.cellule[key], world.case_id[name], world.user[f"{key}.manager"]
    now, today = clock.now(), clock.today()
    add_contact(world, name, today - timedelta(days=3), reason="Rappel d’essai pour le suivi")
    add_hold(world, name, reason="Contestation d’essai")
    session.add(
        CaseErasure(
            cellule_id=cellule_id,
            case_id=case_id,
            state=ErasureState.HIDDEN,
            last_contact_on=LONG_AGO,
            hidden_at=now - timedelta(days=40),
            erase_on=today + timedelta(days=30),
            case_mark=erasures.case_mark(world.case[name]),
            person_mark=erasures.person_mark(name),
        )
    )
    session.add(
        RetentionRun(
            cellule_id=cellule_id, at=now, state=RunState.DONE, base=8, cap=3, to_hide=0, to_erase=0, detail=""
        )
    )
    if session.scalar(select(RetentionRules.id).where(RetentionRules.cellule_id == cellule_id)) is None:
        session.add(rules(world, key, today, user=user))
        session.add(
            ClosedCaseTally(
                cellule_id=cellule_id,
                measure="cases.age",
                month="2022-03",
                status_group="",
                dispositif="",
                code="40-49",
                count=1,
            )
        )
    version = session.scalars(select(MinutesVersion).where(MinutesVersion.cellule_id == cellule_id)).first()
    if version is not None:
        session.add(
            MinutesReseal(
                cellule_id=cellule_id,
                version_id=version.id,
                case_id=case_id,
                part="pdf",
                old_hash="0" * 64,
                new_hash="1" * 64,
                at=now,
            )
        )
    session.flush()


def rules(world: World, key: str, valid_from: date, *, user: int | None = None, months: int = 24) -> RetentionRules:
    return RetentionRules(
        cellule_id=world.cellule[key],
        valid_from=valid_from,
        months=months,
        notice_days=60,
        hidden_days=30,
        cap_percent=2,
        cap_cases=20,
        decided_by_id=user or world.user[f"{key}.coordinateur"],
        decided_at=clock.now(),
    )


def add_contact(world: World, name: str, on: date, *, reason: str = "Appel d’essai") -> None:
    key = name.partition(".")[0]
    db.session().add(
        RetentionContact(
            cellule_id=world.cellule[key],
            case_id=world.case_id[name],
            contacted_on=on,
            means=ContactMeans.PHONE,
            reason=reason,
            recorded_by_id=world.user[f"{key}.manager"],
            recorded_at=clock.now(),
        )
    )


def add_hold(world: World, name: str, *, reason: str = "Litige d’essai") -> str:
    key = name.partition(".")[0]
    hold = RetentionHold(
        cellule_id=world.cellule[key],
        case_id=world.case_id[name],
        reason=reason,
        placed_by_id=world.user[f"{key}.manager"],
        placed_on=clock.today(),
        review_on=clock.today() + timedelta(days=365),
        lift_reason="",
    )
    db.session().add(hold)
    db.session().flush()
    return hold.public_id


def close(world: World, name: str, on: date = LONG_AGO, *, stage: Stage = Stage.CLOSED) -> None:
    """Make a case one that was closed on a day, whatever was done in it: its rows stay as they are."""
    with as_owner() as session:
        case = session.get_one(Case, world.case_id[name])
        case.stage, case.closed_on = stage, on


def conceal(world: World, name: str, days: int = 40) -> None:
    """Make a case one that a run hid some days ago."""
    key = name.partition(".")[0]
    with as_owner() as session:
        case = session.get_one(Case, world.case_id[name])
        case.hidden_on = clock.today() - timedelta(days=days)
        session.add(
            CaseErasure(
                cellule_id=world.cellule[key],
                case_id=case.id,
                state=ErasureState.HIDDEN,
                last_contact_on=LONG_AGO,
                hidden_at=clock.now() - timedelta(days=days),
                erase_on=clock.today() - timedelta(days=days - 30),
                case_mark=erasures.case_mark(case.public_id),
                person_mark=erasures.person_mark(str(case.person_id)),
            )
        )
