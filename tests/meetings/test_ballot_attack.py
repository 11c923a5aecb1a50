"""A ballot attacked by 24 people at once, on real separate connections: nothing lost, doubled or late.

Every figure is recounted from the tables by plain SQL; order is that of the journal, which each vote and
each closing writes while it holds the ballot's lock.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from pdp.core import db
from pdp.core.db import Database
from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import service
from pdp.meetings.enums import VoteValue
from pdp.meetings.rules import Tally
from pdp.meetings.service import VoteReceipt
from pdp.policy.actor import Actor
from tests.meetings.builders import SITTING, build_meeting
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

ROUNDS = 4
DEVICES = 2
TYPISTS = 4
CLOSERS = 4
TRIES = 12
# The closers wait for so many votes, so that their closing falls among others.
ENOUGH = 35
# Not a déport: it closes the file to the person, who would attack no more.
VALUES = tuple(value for value in VoteValue if value is not VoteValue.RECUSED)
THREADS = len(SITTING) * DEVICES + TYPISTS + CLOSERS


@dataclass
class Log:
    """What the attackers were told, gathered from every thread."""

    kept: list[VoteReceipt] = field(default_factory=list)
    replayed: list[tuple[VoteReceipt, VoteReceipt]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    closings: list[Tally] = field(default_factory=list)
    unexpected: list[BaseException] = field(default_factory=list)


@pytest.fixture
def wide(database: Database) -> Iterator[Database]:
    """The test's database with one real connection for each attacker."""
    own = Database(database.url, pool_size=THREADS, max_overflow=0)
    yield db.bind(own)
    own.engine.dispose()


def newest(ballot_id: int, seat: str) -> int | None:
    with as_owner() as session:
        return session.execute(
            text(
                "SELECT max(v.sequence) FROM vote v JOIN seat s ON s.id = v.seat_id "
                "WHERE v.ballot_id = :ballot AND s.public_id = :seat"
            ),
            {"ballot": ballot_id, "seat": seat},
        ).scalar()


class Attack:
    """One round: every attacker starts together on the same ballot."""

    def __init__(self, world: World, actors: dict[str, Actor], ballot: str, ballot_id: int, seed: int) -> None:
        self.world, self.actors = world, actors
        self.ballot, self.ballot_id, self.seed = ballot, ballot_id, seed
        self.log = Log()
        self.start = threading.Barrier(THREADS)

    def run(self) -> Log:
        """Let every attacker run to its end."""
        jobs: list[Callable[[random.Random], None]] = []
        for seat, person in SITTING.items():
            jobs += [self._voter(seat, person, device) for device in range(DEVICES)]
        jobs += [self._typist] * TYPISTS + [self._closer] * CLOSERS
        threads = [threading.Thread(target=self._guard, args=(job, n)) for n, job in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)
        return self.log

    def _guard(self, job: Callable[[random.Random], None], number: int) -> None:
        try:
            self.start.wait(30)
            job(random.Random(self.seed * 1000 + number))
        except BaseException as error:
            self.log.unexpected.append(error)

    def _voter(self, seat: str, person: str, device: int) -> Callable[[random.Random], None]:
        actor, seat_id = self.actors[person], self.world.seat[f"a.{seat}"]

        def vote(rng: random.Random) -> None:
            for attempt in range(TRIES):
                key = f"{self.ballot_id}.{seat}.{device}.{attempt}"
                replaces = newest(self.ballot_id, seat_id) if rng.random() < 0.8 else None
                value = rng.choice(VALUES)

                def cast(value: VoteValue = value, replaces: int | None = replaces, key: str = key) -> VoteReceipt:
                    return service.cast_vote(
                        actor, self.ballot, value=value, text="essai", replaces=replaces, idempotency_key=key
                    )

                first = self._try(cast)
                if first is not None and rng.random() < 0.5:
                    self.log.replayed.append((first, cast()))

        return vote

    def _typist(self, rng: random.Random) -> None:
        for _ in range(TRIES):
            seat = self.world.seat[f"a.{rng.choice(list(SITTING))}"]
            replaces = newest(self.ballot_id, seat)
            self._try(
                lambda seat=seat, replaces=replaces: service.type_vote(
                    self.actors["coordinateur"],
                    self.ballot,
                    seat=seat,
                    value=rng.choice(VALUES),
                    text="essai",
                    replaces=replaces,
                )
            )

    def _closer(self, rng: random.Random) -> None:
        deadline = time.monotonic() + 2
        while len(self.log.kept) < ENOUGH and time.monotonic() < deadline:
            time.sleep(rng.uniform(0.001, 0.01))
        try:
            closed = service.close_ballot(self.actors["coordinateur"], self.ballot, version=1, confirm_missing=True)
            self.log.closings.append(closed.tally)
        except Conflict:
            self.log.refused["closed twice"] += 1

    def _try(self, cast: Callable[[], VoteReceipt]) -> VoteReceipt | None:
        try:
            receipt = cast()
        except Conflict:
            self.log.refused["voted already"] += 1
        except RuleViolation as error:
            self.log.refused["after closing" if "clos" in error.message else "own device"] += 1
        else:
            self.log.kept.append(receipt)
            return receipt
        return None


def stored(database: Database, ballot_id: int) -> list[tuple[str, str, int, str, str | None]]:
    """Return every stored vote: seat, voice, sequence, value, key."""
    with owner_of(database).engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT b.seat_label, b.voice, v.sequence, v.value, v.idempotency_key FROM vote v "
                "JOIN ballot_voter b ON b.ballot_id = v.ballot_id AND b.seat_id = v.seat_id "
                "WHERE v.ballot_id = :ballot ORDER BY v.seat_id, v.sequence"
            ),
            {"ballot": ballot_id},
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def recount(database: Database, ballot_id: int) -> dict[str, int]:
    """Recount the deliberative answers that hold, in plain SQL."""
    with owner_of(database).engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT v.value, count(*) FROM ballot_voter b LEFT JOIN vote v ON v.ballot_id = b.ballot_id "
                "AND v.seat_id = b.seat_id AND v.sequence = (SELECT max(w.sequence) FROM vote w "
                "WHERE w.ballot_id = b.ballot_id AND w.seat_id = b.seat_id) "
                "WHERE b.ballot_id = :ballot AND b.voice = 'deliberative' GROUP BY v.value"
            ),
            {"ballot": ballot_id},
        )
        return {row[0] or "silent": row[1] for row in rows}


def late(database: Database, ballot_id: int) -> tuple[int, int]:
    """Return how many votes the journal places after the closing, and how many closings it holds."""
    with owner_of(database).engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM audit_entry v WHERE v.action = 'vote.cast' "
                "AND v.object_kind = 'ballot' AND v.object_id = :ballot AND v.id > (SELECT min(c.id) "
                "FROM audit_entry c WHERE c.action = 'ballot.close' AND c.object_id = :ballot)), "
                "(SELECT count(*) FROM audit_entry c WHERE c.action = 'ballot.close' AND c.object_id = :ballot)"
            ),
            {"ballot": ballot_id},
        ).one()
        return found[0], found[1]


def test_24_people_at_once_lose_nothing_double_nothing_and_vote_never_late(
    world: World,
    wide: Database,
    actor_of: Callable[[str], Actor],
    engine_name: str,
    figure: Callable[[str, object], None],
) -> None:
    people = {*SITTING.values(), "coordinateur"}
    actors = {person: actor_of(f"a.{person}") for person in people}
    seance = build_meeting(world, ROUNDS, ballots=True)
    totals: Counter[str] = Counter()
    for number, (ballot, ballot_id) in enumerate(zip(seance.ballots, seance.ballot_ids, strict=True)):
        log = Attack(world, actors, ballot, ballot_id, number).run()
        assert log.unexpected == []
        rows = stored(wide, ballot_id)
        told = Counter((vote.seat_label, vote.sequence, vote.value.value) for vote in log.kept)
        kept = Counter((seat, sequence, value) for seat, _, sequence, value, _ in rows)
        totals["lost"] += (told - kept).total()
        totals["doubled"] += (kept - told).total() + sum(count - 1 for count in told.values())
        keys = Counter(key for *_, key in rows if key)
        totals["doubled"] += sum(count - 1 for count in keys.values())
        after, closings = late(wide, ballot_id)
        totals["late"] += after
        totals["closings"] += closings
        for seat in {row[0] for row in rows}:
            sequences = [row[2] for row in rows if row[0] == seat]
            assert sequences == list(range(1, len(sequences) + 1))
        for first, again in log.replayed:
            assert again.replayed
            assert (again.sequence, again.value) == (first.sequence, first.value)
        assert len(log.closings) == 1
        assert log.refused["closed twice"] == CLOSERS - 1
        figures, found = log.closings[0].deliberative, recount(wide, ballot_id)
        assert (figures.in_favour, figures.conditions, figures.against, figures.abstain) == (
            found.get("FOR", 0) + found.get("FOR_WITH_CONDITIONS", 0),
            found.get("FOR_WITH_CONDITIONS", 0),
            found.get("AGAINST", 0),
            found.get("ABSTAIN", 0),
        )
        assert (figures.recused, figures.silent) == (found.get("RECUSED", 0), found.get("silent", 0))
        totals["kept"] += len(log.kept)
        totals["replayed"] += len(log.replayed)
        totals.update({f"refused, {why}": count for why, count in log.refused.items()})
    figure("ballot.attack", f"{engine_name}: {THREADS} threads, {ROUNDS} ballots, {dict(sorted(totals.items()))}")
    assert (totals["lost"], totals["doubled"], totals["late"], totals["closings"]) == (0, 0, 0, ROUNDS)
    # The attack is one only if votes were kept, contested and refused after the closing.
    assert totals["kept"] > 100
    assert totals["refused, voted already"] > 0
    assert totals["refused, after closing"] > 0
