"""Conditions with an owner and a date: lifted by the last one, back by themselves, told when they are late."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from pdp.accounts.models import Membership, Organisation
from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.calendar import add_working_days
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import ActionKind, ActionState, MeetingStatus, OpinionCode, ReserveState
from pdp.meetings.jobs import follow_actions
from pdp.meetings.models import Action
from pdp.meetings.queries.held import Held
from pdp.meetings.service import worklists
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.meetings.builders import build_meeting
from tests.meetings.live import Paths, done, refused, send
from tests.meetings.pages import entries, read, status_of
from tests.meetings.planning_data import add_item, add_meeting, add_opinion, add_request, world_case, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

Figure = Callable[[str, object], None]
ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
DUE = clock.today()
TODAY = DUE + timedelta(days=1)
# Monday 2 March 2026: J+7, J+14 and J+21 are the 10th, the 18th and the 26th.
MONDAY = date(2026, 3, 2)


def _hold(
    world: World,
    owners: tuple[str, ...] = ("a.cap_emploi", "a.cpam"),
    *,
    due: date = DUE,
    kind: ActionKind = ActionKind.CONDITION,
    status: RequestStatus | None = None,
    case: str = "a.shared",
) -> tuple[str, list[str]]:
    """Write an opinion that holds one thing per owner; return the public ids of its request and of the things."""
    adjourned = kind is ActionKind.MISSING
    code = OpinionCode.ADJOURNED if adjourned else OpinionCode.FAVOURABLE_WITH_CONDITIONS
    usual = RequestStatus.ADJOURNED if adjourned else RequestStatus.OPINION_GIVEN
    with writing():
        found = world_case(world, case)
        meeting = add_meeting(world, due - timedelta(days=20), MeetingStatus.CLOSED)
        request = add_request(world, found, status=status or usual)
        item = add_item(meeting, request, 1)
        add_opinion(world, item, code)
        actions = [
            Action(
                cellule_id=item.cellule_id,
                item_id=item.id,
                case_id=found.id,
                owner_organisation_id=world.organisation[owner],
                text=f"Condition {number}.",
                due_on=due,
                state=ActionState.OPEN,
                kind=kind,
                created_by_id=world.user["a.coordinateur"],
            )
            for number, owner in enumerate(owners, start=1)
        ]
        return request.public_id, _added(actions)


def _added(actions: list[Action]) -> list[str]:
    db.session().add_all(actions)
    db.session().flush()
    return [action.public_id for action in actions]


def _organisation(world: World, name: str) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[name]).public_id


def _told(kind: NoticeKind) -> list[int]:
    with as_owner() as session:
        return sorted(session.scalars(select(Notice.user_id).where(Notice.kind == kind)))


def _backlog(actor: Actor, request: str) -> Held | None:
    rows = {row.request: row for row in worklists.list_backlog(actor).rows}
    return rows[request].held if request in rows else None


def _at(day: date) -> time_machine.travel:
    return time_machine.travel(f"{day}T11:00:00Z", tick=False)


def test_the_last_condition_lifts_the_reserve_and_tells_so(world: World, actor_of: ActorOf) -> None:
    with _at(DUE):
        request, (first, second) = _hold(world)
        service.complete_action(actor_of("a.cap_emploi"), first, version=1, note="Entretien mené.")
        assert _told(NoticeKind.RESERVE_LIFTED) == []
        page = worklists.read_decision(actor_of("a.cpam"), request)
        assert page.held
        assert page.held.state is ReserveState.OPEN
        service.complete_action(actor_of("a.cpam"), second, version=1)
        page = worklists.read_decision(actor_of("a.cpam"), request)
        assert page.held
        assert page.held.state is ReserveState.LIFTED
        assert [row.note for row in page.held.rows] == ["Entretien mené.", ""]
    told = _told(NoticeKind.RESERVE_LIFTED)
    assert world.user["a.coordinateur"] in told
    assert world.user["a.cpam"] not in told
    assert status_of(request) is RequestStatus.OPINION_GIVEN


def test_a_condition_not_met_brings_the_request_back_with_what_was_said(world: World, actor_of: ActorOf) -> None:
    coordinator = actor_of("a.coordinateur")
    with _at(DUE):
        request, (first, second) = _hold(world)
        service.declare_unmet(actor_of("a.cap_emploi"), first, version=1, note="Plus de place avant juin.")
        assert status_of(request) is RequestStatus.READY
        held = _backlog(coordinator, request)
        assert held
        assert [(row.note, row.returned_on) for row in held.returning] == [("Plus de place avant juin.", DUE)]
        with pytest.raises(RuleViolation, match="déjà dite non remplie"):
            service.complete_action(actor_of("a.cap_emploi"), first, version=2)
        service.complete_action(actor_of("a.cpam"), second, version=1)
    assert status_of(request) is RequestStatus.READY
    assert len(entries("request.come_back")) == 1
    assert _told(NoticeKind.RESERVE_LIFTED) == []


def test_nothing_of_a_case_that_ended_comes_back(world: World, actor_of: ActorOf) -> None:
    with _at(DUE):
        request, (_, second) = _hold(world)
        with as_owner() as session:
            session.execute(
                update(Case).where(Case.id == world.case_id["a.shared"]).values(stage=Stage.CLOSED, closed_on=DUE)
            )
        service.declare_unmet(actor_of("a.cpam"), second, version=1, note="Dossier clos.")
    assert status_of(request) is RequestStatus.OPINION_GIVEN
    assert _told(NoticeKind.REQUEST_RETURNED) == []


def test_a_condition_over_comes_back_once_whatever_the_passes_of_the_job(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    request, _ = _hold(world)
    decided, _ = _hold(world, status=RequestStatus.DECIDED)
    with _at(DUE):
        follow_actions()
    assert status_of(request) is RequestStatus.OPINION_GIVEN
    for _pass in range(3):
        with _at(TODAY):
            follow_actions()
    assert (status_of(request), status_of(decided)) == (RequestStatus.READY, RequestStatus.DECIDED)
    assert [entry.detail for entry in entries("request.come_back")] == [{"conditions": 2}]
    told = _told(NoticeKind.REQUEST_RETURNED)
    assert len(told) == len(set(told)) > 0
    figure("conditions.back", "4 passes over a condition past its day: 1 request back, 1 journal entry, 1 notice each")
    with _at(TODAY):
        held = _backlog(actor_of("a.coordinateur"), request)
        assert held
        assert [row.due_on for row in held.returning] == [DUE, DUE]


def test_a_later_opinion_is_not_undone_by_the_conditions_of_the_former(world: World) -> None:
    request, _ = _hold(world)
    with writing():
        row = db.session().scalars(select(DispositifRequest).where(DispositifRequest.public_id == request)).one()
        add_opinion(world, add_item(add_meeting(world, DUE, MeetingStatus.CLOSED), row, 1))
    with _at(TODAY):
        follow_actions()
    assert status_of(request) is RequestStatus.OPINION_GIVEN


def test_what_an_adjournment_waited_for_makes_it_complete(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    coordinator = actor_of("a.coordinateur")
    with _at(DUE):
        request, things = _hold(world, kind=ActionKind.MISSING)
        service.complete_action(actor_of("a.cap_emploi"), things[0], version=1)
        held = _backlog(coordinator, request)
        assert held
        assert held.state is ReserveState.OPEN
        service.complete_action(coordinator, things[1], version=1)
        held = _backlog(coordinator, request)
        assert held
        assert (held.state, held.since) == (ReserveState.LIFTED, DUE)
        with writing():
            meeting = add_meeting(world, DUE + timedelta(days=7)).public_id
        assert "Complet, à réinscrire" in read(sign_in_as("a.coordinateur"), f"/seances/{meeting}")
    assert status_of(request) is RequestStatus.ADJOURNED
    assert world.user["a.service_social"] in _told(NoticeKind.REQUEST_COMPLETE)


def test_what_is_late_is_told_wider_and_wider_and_each_step_once(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    with as_owner() as session:
        session.execute(
            update(Membership).where(Membership.public_id == world.membership["a.cpam_2"]).values(is_org_manager=True)
        )
        session.commit()
    _, (late, closed) = _hold(world, ("a.cpam", "a.cpam"), due=MONDAY, status=RequestStatus.DECIDED)
    service.complete_action(actor_of("a.cpam"), closed, version=1)
    told: dict[str, list[str]] = {}
    names = {world.user[name]: name for name in ("a.cpam", "a.cpam_2", "a.coordinateur")}
    for day in ("2026-03-09", "2026-03-10", "2026-03-18", "2026-03-26", "2026-04-20"):
        with _at(date.fromisoformat(day)):
            seen = len(_reminders())
            for _pass in range(2):
                follow_actions()
            told[day] = sorted(names[user] for user, _ in _reminders()[seen:])
            _read_notices()
    assert told == {
        "2026-03-09": [],
        "2026-03-10": ["a.cpam"],
        "2026-03-18": ["a.coordinateur", "a.cpam"],
        "2026-03-26": ["a.coordinateur", "a.cpam", "a.cpam_2"],
        "2026-04-20": [],
    }
    assert {link for _, link in _reminders()} == {f"/actions/{late}"}
    with as_owner() as session:
        assert session.execute(
            select(Action.reminded_step, Action.reminded_on).where(Action.public_id == late)
        ).one() == (21, date(2026, 3, 26))
    figure("actions.escalation", "10 passes of the job over 5 days: 6 reminders, the widest on J+21, none twice")


def test_a_partner_is_told_of_what_is_late_while_the_case_is_shared(world: World) -> None:
    _hold(world, ("a.cap_emploi",), status=RequestStatus.DECIDED)
    _hold(world, ("a.cap_emploi",), status=RequestStatus.DECIDED, case="a.withdrawn")
    with _at(add_working_days(DUE, 7)):
        follow_actions()
    assert len(_reminders()) == 1
    assert [(entry.detail or {})["told"] for entry in entries("action.remind")] == [1, 0]


def _reminders() -> list[tuple[int, str]]:
    with as_owner() as session:
        rows = session.execute(
            select(Notice.user_id, Notice.link).where(Notice.kind == NoticeKind.ACTION_LATE).order_by(Notice.id)
        )
        return [(user, link) for user, link in rows]


def _read_notices() -> None:
    """Let everybody read what they were told: the next notice of the same thing is a new one."""
    with as_owner() as session:
        session.execute(update(Notice).where(Notice.seen_at.is_(None)).values(seen_at=clock.now()))
        session.commit()


def test_who_may_settle_a_condition_and_who_may_not(world: World, actor_of: ActorOf) -> None:
    with _at(DUE):
        _, (first, second) = _hold(world, ("a.cap_emploi", "a.cap_emploi"))
        with pytest.raises(NotFound):
            service.complete_action(actor_of("a.comete"), first, version=1)
        with pytest.raises(NotFound):
            service.read_action(actor_of("a.comete"), first)
        # Anybody of the core may say that a condition is lifted, as its owner.
        service.complete_action(actor_of("a.service_medical"), first, version=1)
        assert service.read_action(actor_of("a.cap_emploi"), second).may_settle


def test_the_console_gives_each_condition_an_owner_and_a_date(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world, ballots=True, votes=8))
    client = sign_in_as("a.coordinateur")
    done(client, send(client, paths.console, f"{paths.ballot}/cloture"))
    form, owner = f"{paths.item}/avis", _organisation(world, "a.cap_emploi")
    said = {
        "code": "FAVOURABLE_WITH_CONDITIONS",
        "conditions": "Un entretien d’abord.",
        "conditions_owner": owner,
        "conditions_due": (TODAY + timedelta(days=9)).strftime("%d/%m/%Y"),
        "conditions_2": "Un bilan à mi-parcours.\nUne date confirmée.",
    }
    past = refused(send(client, paths.console, form, **said | {"conditions_due": "01/02/2020"}))
    assert "Cette date est passée" in past
    assert "Un bilan à mi-parcours." in past
    text = done(client, send(client, paths.console, form, **said))
    assert "Réserve Un entretien d’abord" in text
    with as_owner() as session:
        rows = session.execute(
            select(Action.text, Action.kind, Action.owner_organisation_id, Action.due_on).order_by(Action.id.desc())
        ).all()[:3]
    mine = world.organisation["a.service_social"]
    assert [tuple(row) for row in reversed(rows)] == [
        ("Un entretien d’abord.", "CONDITION", world.organisation["a.cap_emploi"], TODAY + timedelta(days=9)),
        ("Un bilan à mi-parcours.", "CONDITION", mine, DUE + timedelta(days=30)),
        ("Une date confirmée.", "CONDITION", mine, DUE + timedelta(days=30)),
    ]


def test_a_partner_lifts_its_condition_from_its_page(world: World, sign_in_as: SignIn) -> None:
    _, (first, _) = _hold(world)
    client = sign_in_as("a.cap_emploi")
    assert "Réserve Condition 1." in read(client, "/actions")
    page = f"/actions/{first}"
    assert "Ce champ est obligatoire" in refused(send(client, page, f"{page}/non-remplie"))
    answer = send(client, page, f"{page}/clore", note="Entretien mené.")
    assert "La réserve est levée." in read(client, answer.location)
    assert "Entretien mené." in read(client, page)
