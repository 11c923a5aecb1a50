"""What is voted, given or decided cannot be rewritten, not even by SQL typed against the tables."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pdp.core import clock
from pdp.core.db import Database
from pdp.meetings import service
from pdp.meetings.enums import DecisionOutcome, OpinionCode
from pdp.policy.actor import Actor
from tests.meetings.builders import Seance, build_meeting
from tests.support.databases import owner_of
from tests.support.world import World

_DOUBLED = "SELECT 1 FROM vote GROUP BY ballot_id, seat_id, sequence HAVING count(*) > 1"
TABLES = ("vote", "ballot_voter", "cellule_opinion", "fund_decision", "eligibility_snapshot")


@pytest.fixture
def decided(world: World, actor_of: Callable[[str], Actor]) -> Seance:
    """A séance whose only item was voted, given an opinion and decided."""
    secretary = actor_of("a.coordinateur")
    seance = build_meeting(world, ballots=True, votes=8)
    service.close_ballot(secretary, seance.ballots[0], version=1)
    service.record_opinion(secretary, seance.items[0], version=1, code=OpinionCode.FAVOURABLE)
    service.record_decision(
        actor_of("a.cpam"), seance.requests[0], outcome=DecisionOutcome.GRANTED, decided_on=clock.today()
    )
    return seance


def refuses(database: Database, statement: str) -> bool:
    """Run a statement on its own connection and tell whether the database refused it."""
    try:
        with owner_of(database).engine.begin() as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        return "append-only" in str(error) or "the ballot is closed" in str(error)
    return False


def count(database: Database, table: str) -> int:
    with owner_of(database).engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET cellule_id = cellule_id", "DELETE FROM {}"])
def test_a_kept_row_is_neither_changed_nor_deleted(
    database: Database, decided: Seance, table: str, statement: str
) -> None:
    before = count(database, table)
    assert before > 0
    assert refuses(database, statement.format(table))
    assert count(database, table) == before


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_not_emptied_at_once(database: Database, decided: Seance, table: str, engine_name: str) -> None:
    if engine_name == "postgresql":
        assert refuses(database, f"TRUNCATE {table} CASCADE")
    else:
        assert refuses(database, f"DELETE FROM {table} WHERE 1 = 1")
    assert count(database, table) > 0


def insert_vote(ballot_id: int) -> str:
    return (
        "INSERT INTO vote (public_id, cellule_id, ballot_id, seat_id, membership_id, sequence, value, text, "
        "channel, cast_by_id, cast_at) SELECT 'x', cellule_id, ballot_id, seat_id, membership_id, 9, 'AGAINST', "
        f"'', 'typed', 1, '2026-03-02 10:00:00+00:00' FROM ballot_voter WHERE ballot_id = {ballot_id} LIMIT 1"
    )


def test_a_vote_is_not_inserted_into_a_closed_ballot(database: Database, decided: Seance) -> None:
    before = count(database, "vote")
    assert refuses(database, insert_vote(decided.ballot_ids[0]))
    assert count(database, "vote") == before


def test_the_same_insertion_is_accepted_while_the_ballot_is_open(database: Database, world: World) -> None:
    seance = build_meeting(world, ballots=True)
    before = count(database, "vote")
    assert not refuses(database, insert_vote(seance.ballot_ids[0]))
    assert count(database, "vote") == before + 1


def test_a_seat_cannot_hold_two_votes_of_one_rank(database: Database, world: World) -> None:
    seance = build_meeting(world, ballots=True)
    assert not refuses(database, insert_vote(seance.ballot_ids[0]))
    with pytest.raises(DBAPIError), owner_of(database).engine.begin() as connection:
        connection.execute(text(insert_vote(seance.ballot_ids[0]).replace("'x'", "'y'")))
    with owner_of(database).engine.connect() as connection:
        doubled = connection.execute(text(_DOUBLED)).all()
    assert doubled == []
