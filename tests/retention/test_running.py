"""Runs: what is due goes, what is suspended stays, and nothing goes when anything is odd."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from pdp.cases import queries as case_queries
from pdp.cases.enums import Stage
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, db
from pdp.core.db import Database
from pdp.core.errors import NotFound, RuleViolation
from pdp.policy.actor import Actor
from pdp.privacy.models import RightsRequest
from pdp.retention import commands, erasures, jobs, queries
from pdp.retention.enums import StopReason
from pdp.retention.models import RetentionRun
from pdp.retention.service import deciding, erasing, running
from tests.privacy.rights_builders import add_rights
from tests.retention import builders
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def exists(world: World, name: str) -> bool:
    with as_owner() as session:
        return session.get(Case, world.case_id[name]) is not None


def hidden(world: World, name: str) -> bool:
    with as_owner() as session:
        return session.get_one(Case, world.case_id[name]).hidden_on is not None


@pytest.fixture
def over(world: World) -> World:
    """Two cases whose time is over: one hidden forty days ago, one not hidden yet."""
    for name in ("a.alone", "a.closed"):
        builders.close(world, name)
    builders.conceal(world, "a.alone")
    return world


def run(world: World) -> running.Ran:
    return running.run(world.cellule["a"])


def test_what_was_hidden_is_erased_and_what_is_due_is_hidden(over: World, actor_of: ActorOf) -> None:
    ran = run(over)
    assert (ran.hidden, ran.erased, ran.stop) == (1, 1, None)
    assert not exists(over, "a.alone")
    assert hidden(over, "a.closed")
    with pytest.raises(NotFound), db.reading(actor_of("a.manager")):
        case_queries.get_case(actor_of("a.manager"), over.case["a.closed"])
    # Nothing else is near its end.
    assert all(exists(over, name) for name in ("a.shared", "a.partial", "a.triage", "b.alone", "b.closed"))
    again = run(over)
    assert (again.hidden, again.erased) == (0, 0)


def freeze(world: World) -> None:
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.alone"])
        session.get_one(InsuredPerson, case.person_id).frozen_on = clock.today()


def hold(world: World) -> None:
    with as_owner():
        builders.add_hold(world, "a.alone")


def ask_rights(world: World) -> None:
    with as_owner() as session:
        add_rights(world, "a")
        session.flush()
        session.execute(
            update(RightsRequest)
            .where(RightsRequest.cellule_id == world.cellule["a"])
            .values(case_id=world.case_id["a.alone"], closed_on=None)
        )


def reopen(world: World) -> None:
    builders.close(world, "a.alone", stage=Stage.OPEN)


def contact(world: World) -> None:
    with as_owner():
        builders.add_contact(world, "a.alone", clock.today() - timedelta(days=10))


def come_again(world: World) -> None:
    """The person has another case, under way."""
    with as_owner() as session:
        first = session.get_one(Case, world.case_id["a.alone"])
        session.get_one(Case, world.case_id["a.shared"]).person_id = first.person_id


SUSPENSIONS = {
    "a hold": hold,
    "a frozen person": freeze,
    "an open request of rights": ask_rights,
    "a case open again": reopen,
    "a recent contact": contact,
    "another case of the person": come_again,
}


@pytest.mark.parametrize("reason", SUSPENSIONS)
@pytest.mark.parametrize("stage", ["hidden", "due"])
def test_what_suspends_deletes_nothing(
    world: World, reason: str, stage: str, figure: Callable[[str, object], None], engine_name: str
) -> None:
    builders.close(world, "a.alone")
    if stage == "hidden":
        builders.conceal(world, "a.alone")
    SUSPENSIONS[reason](world)
    ran = run(world)
    assert (ran.hidden, ran.erased, ran.stop) == (0, 0, None)
    assert exists(world, "a.alone")
    assert hidden(world, "a.alone") is (stage == "hidden")
    figure("retention.suspended", f"{engine_name}: {reason}, {stage}: 0 deleted")


def test_a_clock_wrong_by_ten_years_deletes_nothing_and_says_why(
    over: World, figure: Callable[[str, object], None], engine_name: str
) -> None:
    with clock.acting_at(clock.now() + timedelta(days=3653)):
        ran = run(over)
    assert (ran.hidden, ran.erased, ran.stop) == (0, 0, StopReason.CLOCK)
    assert "même heure" in ran.reason
    assert exists(over, "a.alone")
    # The run of the next day is stopped as well: the stopped one left an entry ten years ahead.
    assert run(over).stop is StopReason.CLOCK
    # That one wrote the right date: the clock is trusted again, years before the entries of the wrong one.
    assert run(over).stop is None
    figure("retention.clock", f"{engine_name}: clock ten years ahead: 0 deleted, « {ran.reason} »")


def test_the_database_itself_refuses_to_erase_a_case_hidden_for_less_than_seven_days(world: World) -> None:
    builders.close(world, "a.alone")
    builders.conceal(world, "a.alone", days=6)
    with as_owner() as session, pytest.raises(DBAPIError, match="only moves forward"):
        session.execute(text("UPDATE case_erasure SET state = 'erasing'"))


@pytest.mark.postgresql
def test_the_application_cannot_say_that_a_case_was_hidden_long_ago(world: World, database: Database) -> None:
    builders.close(world, "a.alone")
    cellule_id, case_id = world.cellule["a"], world.case_id["a.alone"]
    values = f"'e', {cellule_id}, {case_id}, 'hidden', '2022-03-31', now() - interval '8 days', '2024-01-01', '', ''"
    columns = "public_id, cellule_id, case_id, state, last_contact_on, hidden_at, erase_on, case_mark, person_mark"
    with database.engine.begin() as connection:
        connection.execute(
            text(f"SELECT set_config('pdp.cellule', '{cellule_id}', true), set_config('pdp.role', 'upkeep', true)")
        )
        with pytest.raises(DBAPIError, match="begins when it is written"):
            connection.execute(text(f"INSERT INTO case_erasure ({columns}) VALUES ({values})"))
    assert exists(world, "a.alone")


@pytest.mark.parametrize("table", ["case_note", "fund_decision", "vote"])
def test_rows_that_are_only_added_to_stay_without_a_certificate(over: World, table: str) -> None:
    from tests.minutes import seance

    seance.hold(over)
    with as_owner() as session:
        session.execute(
            text(
                "INSERT INTO case_note (public_id, cellule_id, case_id, label, text, author_id, written_at) "
                f"VALUES ('n', {over.cellule['a']}, {over.case_id['a.alone']}, 'request', '', "
                f"{over.user['a.manager']}, CURRENT_TIMESTAMP)"
            )
        )
    with owner_of(db.bound()).engine.begin() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0
    with pytest.raises(DBAPIError, match="append-only"), owner_of(db.bound()).engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))


def crowd(world: World) -> None:
    for name in ("a.alone", "a.closed", "a.shared", "a.partial"):
        builders.close(world, name)
        builders.conceal(world, name)


def test_beyond_the_cap_nothing_goes_until_two_people_confirm(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None], engine_name: str
) -> None:
    crowd(world)
    ran = run(world)
    assert (ran.erased, ran.stop) == (0, StopReason.CAP)
    with db.reading(actor_of("a.coordinateur")):
        waiting = queries.waiting_run(world.cellule["a"])
    assert waiting is not None
    assert deciding.confirm_run(actor_of("a.coordinateur"), waiting.public_id) is False
    with pytest.raises(RuleViolation, match="autre personne"):
        deciding.confirm_run(actor_of("a.coordinateur"), waiting.public_id)
    assert deciding.confirm_run(actor_of("a.dpo"), waiting.public_id) is True
    assert run(world).erased == 4
    figure("retention.cap", f"{engine_name}: 4 cases over a cap of 3: 0 deleted, then 4 once two people confirmed")


def test_a_confirmation_does_not_cover_more_cases_than_were_shown(world: World, actor_of: ActorOf) -> None:
    crowd(world)
    run(world)
    with db.reading(actor_of("a.dpo")):
        waiting = queries.waiting_run(world.cellule["a"])
    assert waiting is not None
    for name in ("a.coordinateur", "a.dpo"):
        deciding.confirm_run(actor_of(name), waiting.public_id)
    builders.close(world, "a.expired")
    builders.conceal(world, "a.expired")
    ran = run(world)
    assert (ran.erased, ran.stop) == (0, StopReason.CAP)


def test_a_crash_between_two_cases_is_taken_up_by_the_next_run(
    world: World, erasures_file: Path, figure: Callable[[str, object], None], engine_name: str
) -> None:
    for name in ("a.alone", "a.closed"):
        builders.close(world, name)
        builders.conceal(world, name)
    # The erasures' file cannot be written: the process dies after the commit of the first case.
    erasures_file.parent.mkdir(parents=True)
    erasures_file.mkdir()
    with pytest.raises(OSError):
        run(world)
    assert [exists(world, name) for name in ("a.alone", "a.closed")].count(True) == 1
    erasures_file.rmdir()
    assert run(world).erased == 1
    assert not exists(world, "a.alone")
    assert not exists(world, "a.closed")
    assert {line.case for line in erasures.read()} == {world.case_id["a.alone"], world.case_id["a.closed"]}
    figure(
        "retention.crash", f"{engine_name}: stopped between two cases: the next run erased the other, 2 lines written"
    )


def test_a_dry_run_says_what_would_go_and_writes_nothing(over: World) -> None:
    said: list[str] = []
    before = run_count()
    assert commands.act("dry-run", said.append, said.append) == 0
    assert run_count() == before
    assert "1 to hide, 1 to erase" in said[0]
    assert "case_file 1" in said[1]
    assert "insured_person 1" in said[1]
    assert exists(over, "a.alone")


def run_count() -> int:
    with as_owner() as session:
        return session.scalar(select(func.count(RetentionRun.id))) or 0


def test_statistics_are_the_same_before_and_after(
    over: World, figure: Callable[[str, object], None], engine_name: str
) -> None:
    from tests.minutes import seance

    seance.hold(over)
    # The time of the séance's case is over as well: its opinions and decisions are counted.
    with as_owner():
        before = queries.statistics(over.cellule["a"])
    by_hand = {
        ("cases.ended", "2022-03", "", "", "closed"): 2,
        ("cases.age", "2022-03", "", "", "40-49"): 2,
    }
    for key, count in by_hand.items():
        assert before[queries.Line(*key)] == count
    with db.transaction(db.Upkeep(over.cellule["a"])):
        row = queries.find_case(over.cellule["a"], over.case_id["a.alone"], lock=True)
        erasure = queries.find_hidden(over.cellule["a"], over.case_id["a.alone"])
        assert row is not None
        assert erasure is not None
        erasing._erase(row, erasure)
    with as_owner():
        after = queries.statistics(over.cellule["a"])
    assert after == before
    figure("retention.statistics", f"{engine_name}: {len(before)} figures, 0 different after an erasure")


def test_a_restored_backup_is_purged_again(
    over: World, database: Database, figure: Callable[[str, object], None], engine_name: str
) -> None:
    line = {"at": clock.now().isoformat(), "last_contact_on": "2022-03-31", "hidden_at": "2024-05-01T03:15:00+00:00"}
    gone = [("a.shared", over.case["a.shared"]), ("a.partial", over.case["a.partial"]), ("a.triage", "another")]
    # What an older backup brings back: cases that are there, open, without any certificate.
    erasures.append(
        [
            erasures.Erased(
                cellule=over.cellule["a"],
                case=over.case_id[name],
                case_mark=erasures.case_mark(public_id),
                person_mark="",
                **line,
            )
            for name, public_id in gone
        ]
    )
    said: list[str] = []
    assert commands.act("status", said.append, said.append) == 1
    # `pdp retention reapply` opens the database as its owner.
    db.bind(owner_of(database))
    assert commands.act("reapply", said.append, said.append) == 0
    assert "3 lines" in said[-1]
    assert "2 cases had come back" in said[-1]
    assert not exists(over, "a.shared")
    assert not exists(over, "a.partial")
    # The key was given to another case since: its mark tells it apart.
    assert exists(over, "a.triage")
    assert commands.act("reapply", said.append, said.append) == 0
    assert "0 cases had come back" in said[-1]
    figure("retention.reapply", f"{engine_name}: 2 cases of an older backup erased again, 0 left")


def test_a_line_changed_in_the_erasures_file_stops_everything(over: World, erasures_file: Path) -> None:
    assert run(over).erased == 1
    written = erasures_file.read_text()
    assert over.case["a.alone"] not in written
    erasures_file.write_text(written.replace(f'"case": {over.case_id["a.alone"]}', '"case": 77'))
    said: list[str] = []
    assert commands.act("reapply", said.append, said.append) == 1
    assert "seal of line 1" in said[-1]


def test_a_case_brought_back_is_seen_again_and_its_clock_runs_from_today(over: World, actor_of: ActorOf) -> None:
    manager = actor_of("a.manager")
    deciding.bring_back(manager, over.case["a.alone"], reason="Nouvel arrêt signalé")
    assert not hidden(over, "a.alone")
    with db.reading(manager):
        assert case_queries.get_case(manager, over.case["a.alone"]).hidden_on is None
    assert run(over).erased == 0
    assert not hidden(over, "a.alone")


def test_a_hold_is_lifted_by_another_person_than_the_one_who_asked(over: World, actor_of: ActorOf) -> None:
    manager, coordinator = actor_of("a.manager"), actor_of("a.coordinateur")
    case = over.case["a.alone"]
    deciding.place_hold(manager, case, dispute="Recours n° 12")
    with as_owner():
        (hold_row, _), *_ = queries.list_holds(over.cellule["a"], over.case_id["a.alone"])
    deciding.ask_lift(manager, case, hold_row.public_id, lift_reason="Recours rejeté", version=1)
    with pytest.raises(RuleViolation, match="autre personne"):
        deciding.lift(manager, case, hold_row.public_id, version=2)
    assert run(over).erased == 0
    deciding.lift(coordinator, case, hold_row.public_id, version=2)
    assert run(over).erased == 1


def test_a_cellule_whose_run_fails_leaves_the_others_alone(world: World) -> None:
    for name in ("a.alone", "b.alone"):
        builders.close(world, name)
        builders.conceal(world, name)
    # A rule that no calendar can count to: the run of the first cellule fails.
    with as_owner() as session:
        session.add(builders.rules(world, "a", clock.today(), months=10**9))
    with pytest.raises(ExceptionGroup):
        jobs.run()
    assert exists(world, "a.alone")
    assert not exists(world, "b.alone")
