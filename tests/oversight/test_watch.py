"""Mass reading, reading outside one's caseload, repeated refusals: counted, told, stopped."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pdp.accounts.enums import OrganisationKind
from pdp.audit import service as audit
from pdp.audit import verification
from pdp.audit.models import AuditEntry
from pdp.cases import service as cases
from pdp.cases.queries import next_reference
from pdp.core import clock, db
from pdp.core.errors import AccessSuspended, NotFound
from pdp.notifications.models import Notice
from pdp.oversight import rules
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.oversight.rules import Counted, Limits, Quotas
from pdp.oversight.service import watching
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from tests.oversight import builders
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.normalise import normalised
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]


def alerts(kind: AlertKind) -> list[AccessAlert]:
    with as_owner() as session:
        return list(session.scalars(select(AccessAlert).where(AccessAlert.kind == kind).order_by(AccessAlert.id)))


def count(action: str) -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


@pytest.fixture
def shared(world: World) -> list[str]:
    return builders.add_cases(world, 30, shared_with=OrganisationKind.CAP_EMPLOI)


def test_a_partner_who_walks_its_cases_is_told_of_at_10_and_stopped_at_20(
    world: World, shared: list[str], sign_in_as: SignIn, figure: Figure
) -> None:
    client = sign_in_as("a.cap_emploi")
    answers = [client.get(f"/dossiers/{case_id}").status_code for case_id in shared]
    assert answers == [200] * 20 + [403] * 10
    mass, blocks = alerts(AlertKind.MASS), alerts(AlertKind.BLOCK)
    assert [(alert.counted, alert.threshold) for alert in mass] == [(10, 10)]
    assert [(alert.counted, alert.threshold) for alert in blocks] == [(20, 20)]
    assert count("access.suspended") == 10
    with as_owner() as session:
        assert session.scalars(select(Notice.user_id)).all() == [world.user["a.dpo"]]
    verification.verify()
    figure("oversight.mass", "30 shared cases walked: 20 obtained, alert at the 10th, 10 refused")


def test_a_suspended_account_sees_no_case_by_any_page_and_learns_nothing_of_what_exists(
    world: World, shared: list[str], sign_in_as: SignIn
) -> None:
    client = sign_in_as("a.cap_emploi")
    for case_id in shared[:20]:
        client.get(f"/dossiers/{case_id}")
    hidden, missing = world.case["a.alone"], "aucun-dossier-de-ce-nom"
    pages = {}
    for case_id in (shared[0], shared[25], hidden, missing):
        answer = client.get(f"/dossiers/{case_id}")
        # A token holds the second it was drawn in.
        pages[case_id] = (answer.status_code, normalised(answer).decode().replace(case_id, "X"))
    assert len(set(pages.values())) == 1
    status, page = pages[hidden]
    assert status == 403
    assert "<h1>Accès aux dossiers suspendu</h1>" in page.replace("\n", "")
    for word in ("jusqu’à minuit", "délégué à la protection des données"):
        assert word in page
    for path in ("/dossiers", "/", "/demandes", "/seances"):
        answer = client.get(path)
        assert "2025-00" not in answer.get_data(as_text=True), path
    assert client.get("/mon-role").status_code == 200


def test_the_suspension_ends_by_itself_at_midnight(world: World, shared: list[str], actor_of: ActorOf) -> None:
    actor = actor_of("a.cap_emploi")
    for case_id in shared[:20]:
        cases.read_case(actor, case_id, part="summary")
    with pytest.raises(AccessSuspended):
        cases.read_case(actor, shared[0], part="summary")
    assert alerts(AlertKind.BLOCK)[0].ends_at is not None
    with clock.acting_at(alerts(AlertKind.BLOCK)[0].ends_at or clock.now()):
        assert cases.read_case(actor, shared[0], part="summary").public_id == shared[0]


def test_the_core_has_its_own_limits(world: World, actor_of: ActorOf) -> None:
    actor, made = actor_of("a.manager"), builders.add_cases(world, 61)
    for case_id in made[:60]:
        cases.read_case(actor, case_id, part="summary")
    with pytest.raises(AccessSuspended):
        cases.read_case(actor, made[60], part="summary")
    assert [alert.counted for alert in alerts(AlertKind.MASS) + alerts(AlertKind.BLOCK)] == [30, 60]
    # The manager's team holds these cases: none was outside the caseload.
    assert alerts(AlertKind.OUTSIDE) == []


def test_the_same_cases_opened_again_count_once(world: World, shared: list[str], actor_of: ActorOf) -> None:
    actor = actor_of("a.cap_emploi")
    for _ in range(4):
        for case_id in shared[:9]:
            cases.read_case(actor, case_id, part="summary")
    assert alerts(AlertKind.MASS) == []


def test_several_requests_at_once_cannot_pass_the_limit(
    world: World, shared: list[str], actor_of: ActorOf, engine_name: str, figure: Figure
) -> None:
    actor = actor_of("a.cap_emploi")

    def read(case_id: str) -> bool:
        try:
            cases.read_case(actor, case_id, part="summary")
        except AccessSuspended:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        obtained = sum(pool.map(read, shared))
    assert obtained == 20
    assert len(alerts(AlertKind.BLOCK)) == 1
    figure("oversight.race", f"{engine_name}: 6 threads, 30 cases asked at once, {obtained} obtained")


def test_reading_outside_the_caseload_is_told_of_at_15(world: World, actor_of: ActorOf) -> None:
    # No agenda, no action of the CPAM, another referent: none of these cases is the CPAM's.
    made = builders.add_cases(world, 16)
    for case_id in made[:14]:
        cases.read_case(actor_of("a.cpam"), case_id, part="summary")
        cases.read_case(actor_of("a.service_social"), case_id, part="summary")
    # On the agenda of the open séance: within the caseload of the core.
    cases.read_case(actor_of("a.cpam"), world.case["a.shared"], part="summary")
    assert alerts(AlertKind.OUTSIDE) == []
    cases.read_case(actor_of("a.cpam"), made[14], part="summary")
    cases.read_case(actor_of("a.service_social"), made[14], part="summary")
    assert [(alert.user_id, alert.counted) for alert in alerts(AlertKind.OUTSIDE)] == [(world.user["a.cpam"], 15)]


def test_ten_refusals_in_ten_minutes_are_told_of_once(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cap_emploi")
    for number in range(9):
        client.get(f"/dossiers/inconnu-{number}")
    for _ in range(5):
        client.get("/adresse-mal-tapee")
    assert alerts(AlertKind.REFUSALS) == []
    client.get(f"/dossiers/{world.case['a.alone']}")
    client.get(f"/dossiers/{world.case['b.shared']}")
    assert [alert.counted for alert in alerts(AlertKind.REFUSALS)] == [10]


def test_refusals_spread_over_an_hour_are_not(world: World, actor_of: ActorOf) -> None:
    actor, now = actor_of("a.cap_emploi"), clock.now()
    for number in range(12):
        with clock.acting_at(now + timedelta(minutes=number * 5)):
            audit.record_refusal(actor, "cases.show_case")
    assert alerts(AlertKind.REFUSALS) == []


def test_a_case_reading_pays_one_statement_for_the_watch(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any], figure: Figure
) -> None:
    actor = actor_of("a.service_social")
    with count_queries() as seen:
        cases.read_case(actor, world.case["a.shared"], part="summary")
    watching = [statement for statement in seen if "access_alert" in statement]
    assert len(watching) == 1
    figure("oversight.queries", "1 statement per case reading")


def test_a_hidden_case_is_refused_as_a_missing_one(world: World, actor_of: ActorOf) -> None:
    for case_id in (world.case["a.alone"], "inconnu"):
        with pytest.raises(NotFound):
            cases.read_case(actor_of("a.cap_emploi"), case_id, part="summary")


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Counted(9, 0, frozenset(), 0, False), []),
        (Counted(10, 0, frozenset(), 0, False), [(AlertKind.MASS, 10)]),
        (Counted(12, 0, frozenset({AlertKind.MASS}), 0, False), []),
        (Counted(20, 0, frozenset({AlertKind.MASS}), 0, False), [(AlertKind.BLOCK, 20)]),
        (Counted(39, 0, frozenset({AlertKind.MASS}), 1, False), []),
        (Counted(40, 0, frozenset({AlertKind.MASS}), 1, False), [(AlertKind.BLOCK, 40)]),
        (Counted(3, 15, frozenset(), 0, False), [(AlertKind.OUTSIDE, 15)]),
        (Counted(3, 15, frozenset({AlertKind.OUTSIDE}), 0, False), []),
    ],
)
def test_the_counts_raise_what_the_table_says(counted: Counted, expected: list[tuple[AlertKind, int]]) -> None:
    found = rules.judge(counted, Limits(10, 20))
    assert [(finding.kind, finding.threshold) for finding in found] == expected


def test_partners_have_the_lower_limits() -> None:
    quotas = rules.Quotas()
    assert {role for role in Role if quotas.of(role).block == 20} == {
        Role.SPST,
        Role.CAP_EMPLOI,
        Role.COMETE,
        Role.MDPH,
        Role.OETH,
    }


def test_a_seance_is_neither_counted_nor_stopped(app: Flask) -> None:
    for action in ("vote.cast", "ballot.read", "meeting.console", "meeting.room", "opinion.record"):
        assert not rules.is_stopped(action)
        assert not rules.is_counted(action)
    for action in ("case.read", "case.list", "request.read", "document.read", "home.read", "meeting.read"):
        assert rules.is_stopped(action)


def test_an_alert_and_the_number_of_a_new_case_do_not_wait_for_each_other_for_ever(
    world: World, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alert is written under the lock of the journal, and names its cellule, which numbering locks first."""
    monkeypatch.setattr(watching, "_quotas", [Quotas(core=Limits(1, 99))])
    social, medical = actor_of("a.service_social"), actor_of("a.service_medical")
    numbered = Event()

    def open_a_case() -> None:
        with db.transaction(social):
            next_reference(social.cellule_id, 2026)
            numbered.set()
            sleep(0.5)
            audit.record(social, "tests.numbered")

    def read_one() -> None:
        numbered.wait(10)
        cases.read_case(medical, world.case["a.shared"], part="summary")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(open_a_case), pool.submit(read_one)]:
            done.result(30)
    assert [alert.user_id for alert in alerts(AlertKind.MASS)] == [world.user["a.service_medical"]]
