"""Minutes reach the right people: nothing leaves unchecked or too early, and what left can be called back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from pdp.accounts.models import User
from pdp.audit.models import AuditEntry
from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case
from pdp.consent.models import Departure
from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.minutes import service
from pdp.minutes.enums import EventReason, MinutesEventKind, SendingState
from pdp.minutes.models import MinutesEvent
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from tests.minutes import seance
from tests.minutes.test_service import change_agreements
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def composed(actor_of: ActorOf, world: World, points: int = 2) -> tuple[Actor, str, dict[str, str]]:
    """Compose the minutes of a séance; return the coordinator, the séance and each version by its name."""
    coordinator, held = actor_of("a.coordinateur"), seance.hold(world, points=points)
    service.compose_minutes(coordinator, held.meeting)
    versions = service.read_minutes(coordinator, held.meeting).versions
    return coordinator, held.meeting, {version.name: version.public_id for version in versions}


def leave(at: datetime) -> int:
    with clock.acting_at(at):
        return service.send_due()


def send(coordinator: Actor, meeting: str, *versions: str) -> None:
    leaves_at = service.prepare_sending(coordinator, meeting, versions=versions)
    assert leave(leaves_at) == len(versions)


def told(kind: NoticeKind) -> set[int]:
    with as_owner() as session:
        return set(session.scalars(select(Notice.user_id).where(Notice.kind == kind)))


def test_a_version_opens_half_an_hour_after_it_was_ticked_and_not_before(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    partner, now = actor_of("a.cap_emploi"), clock.now()
    with pytest.raises(NotFound, match="Aucun procès-verbal"):
        service.read_minutes(partner, meeting)
    with clock.acting_at(now):
        leaves_at = service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    assert leaves_at == now + timedelta(minutes=30)
    assert leave(now + timedelta(minutes=29, seconds=59)) == 0
    with pytest.raises(NotFound, match="Aucun procès-verbal"):
        service.read_minutes(partner, meeting)
    assert leave(leaves_at) == 1
    assert [version.name for version in service.read_minutes(partner, meeting).versions] == ["Cap emploi"]
    assert leave(leaves_at) == 0
    with pytest.raises(NotFound, match="Aucun procès-verbal"):
        service.read_minutes(actor_of("a.spst"), meeting)


def test_the_notice_is_a_link_to_the_people_of_the_recipient(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    send(coordinator, meeting, versions["Cap emploi"])
    with as_owner() as session:
        notices = session.execute(select(Notice.user_id, Notice.kind, Notice.case_id, Notice.link))
        found = [tuple(row) for row in notices]
    link = f"/seances/{meeting}/proces-verbal"
    assert found == [(world.user["a.cap_emploi"], NoticeKind.MINUTES_SENT, None, link)]


def test_the_sheet_sets_each_recipient_against_its_content(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, _ = composed(actor_of, world)
    complete, spst, cap = service.read_sending(coordinator, meeting).lines
    assert [point.title.split(",")[0] for point in complete.points] == ["1. Dossier 2026-0002", "2. Dossier 2026-0001"]
    assert [point.title.split(",")[0] for point in cap.points] == ["1. Dossier 2026-0002"]
    # The votes are in the complete version alone; a partner has its own.
    assert set(spst.points[0].labels) < set(complete.points[0].labels)
    assert [person.user_id for person in cap.people] == [world.user["a.cap_emploi"]]
    assert {line.obstacle for line in (complete, spst, cap)} == {None}


def test_nothing_leaves_without_a_tick_nor_to_a_version_that_is_not_there(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    with pytest.raises(InvalidInput):
        service.prepare_sending(coordinator, meeting, versions=[])
    with pytest.raises(NotFound):
        service.prepare_sending(coordinator, meeting, versions=["inconnue"])
    service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    with pytest.raises(Conflict, match="déjà"):
        service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    for role in ("service_social", "cpam", "cap_emploi"):
        with pytest.raises(NotFound):
            service.read_sending(actor_of(f"a.{role}"), meeting)


def test_a_sending_taken_back_does_not_leave(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    leaves_at = service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    service.cancel_sending(coordinator, meeting, versions["Cap emploi"])
    assert leave(leaves_at) == 0
    with pytest.raises(NotFound):
        service.read_minutes(actor_of("a.cap_emploi"), meeting)
    with pytest.raises(Conflict, match="n’est plus en attente"):
        service.cancel_sending(coordinator, meeting, versions["Cap emploi"])
    send(coordinator, meeting, versions["Cap emploi"])
    assert service.read_minutes(actor_of("a.cap_emploi"), meeting).versions


def _lose(world: World, what: str) -> None:
    if what == "sharing":
        change_agreements(world, "a.shared", withdrawn_on=clock.today())
        return
    with as_owner() as session:
        if what == "account":
            session.get_one(User, world.user["a.cap_emploi"]).disabled_at = clock.now()
        else:
            case = session.get_one(Case, world.case_id["a.shared"])
            case.restricted_on, case.restricted_reason = clock.today(), RestrictionReason.COLLEAGUE
        session.add(AuditEntry(at=clock.now(), action="tests.lose", refused=False))


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("sharing", EventReason.SHARING_ENDED),
        ("restriction", EventReason.RESTRICTED),
        ("account", EventReason.NO_ACCOUNT),
    ],
)
def test_what_no_longer_holds_as_it_leaves_is_held_and_the_coordinator_told(
    world: World, actor_of: ActorOf, what: str, reason: EventReason
) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    leaves_at = service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    _lose(world, what)
    assert leave(leaves_at) == 0
    assert told(NoticeKind.MINUTES_HELD) == {world.user["a.coordinateur"]}
    assert told(NoticeKind.MINUTES_SENT) == set()
    line = next(line for line in service.read_sending(coordinator, meeting).lines if line.version.name == "Cap emploi")
    assert (line.sending.state, line.sending.reason, line.obstacle) == (SendingState.HELD, reason, reason)
    with pytest.raises(RuleViolation, match="Rien n’a été préparé"):
        service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])


def test_a_recall_shuts_the_version_and_asks_to_destroy_it(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    cap, partner = versions["Cap emploi"], actor_of("a.cap_emploi")
    with pytest.raises(RuleViolation, match="rien à rappeler"):
        service.recall(coordinator, meeting, cap)
    send(coordinator, meeting, cap)
    service.download(partner, meeting, cap, "pdf")
    service.recall(coordinator, meeting, cap)
    for attempt in (
        lambda: service.read_minutes(partner, meeting),
        lambda: service.download(partner, meeting, cap, "pdf"),
    ):
        with pytest.raises(NotFound, match=r"l’a rappelé.*Détruisez"):
            attempt()
    assert told(NoticeKind.MINUTES_RECALLED) == {world.user["a.cap_emploi"]}
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(Departure)) == 1, "what left stays in its register"


def test_the_register_tells_who_opened_and_took_what_once(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    cap, partner = versions["Cap emploi"], actor_of("a.cap_emploi")
    send(coordinator, meeting, cap)
    with clock.acting_at(clock.now() + timedelta(hours=1)):
        for _ in range(2):
            service.read_minutes(partner, meeting)
            service.download(partner, meeting, cap, "pdf")
        service.download(partner, meeting, cap, "odt")
        service.read_minutes(coordinator, meeting, compare=cap)
    lines = service.read_register(coordinator, meeting).lines
    assert [(line.what.split(",")[0], line.recipient, line.format, bool(line.who)) for line in reversed(lines)] == [
        ("envoi préparé", "Cap emploi", "", True),
        ("envoyé", "Cap emploi", "", False),
        ("première ouverture", "Cap emploi", "", True),
        ("premier téléchargement", "Cap emploi", "PDF", True),
        ("premier téléchargement", "Cap emploi", "ODT", True),
    ]
    files = {file.format: file.sha256 for file in service.read_minutes(partner, meeting).versions[0].files}
    assert [line.sha256 for line in lines[:2]] == [files["odt"], files["pdf"]]
    body, name = service.export_register(coordinator, meeting, file_format="csv")
    assert name.endswith("-01.csv")
    table = body.decode("utf-8-sig")
    assert table.count("premier téléchargement") == 2
    assert files["pdf"] in table
    assert service.export_register(coordinator, meeting, file_format="xlsx")[0][:2] == b"PK"


def test_two_processes_at_once_send_each_version_once(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    leaves_at, barrier = service.prepare_sending(coordinator, meeting, versions=list(versions.values())), Barrier(3)

    def run() -> int:
        barrier.wait()
        return leave(leaves_at)

    with ThreadPoolExecutor(3) as pool:
        sent = [future.result() for future in [pool.submit(run) for _ in range(3)]]
    assert sorted(sent) == [0, 0, 3]
    with as_owner() as session:
        kept = session.scalar(select(func.count()).where(MinutesEvent.kind == MinutesEventKind.SENT))
    assert kept == 3
    figure("minutes.sent", f"{kept} versions by 3 processes at once: {sum(sent)} departures")


def test_pages_of_sending_run_as_many_statements_for_2_and_12_points(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    counts = []
    for points in (2, 12):
        coordinator, meeting, versions = composed(actor_of, world, points)
        with count_queries() as checking:
            service.read_sending(coordinator, meeting)
        with count_queries() as preparing:
            leaves_at = service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
        with count_queries() as leaving:
            assert leave(leaves_at) == 1
        with count_queries() as registering:
            service.read_register(coordinator, meeting)
        counts.append((len(checking), len(preparing), len(leaving), len(registering)))
    assert counts[0] == counts[1]
