"""Someone who owns the database, but neither the keys nor the anchors' file, is found out."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, text, update

from pdp.audit import anchors, rules, verification
from pdp.audit.verification import JournalBroken
from pdp.core.db import Database
from tests.audit import builders
from tests.audit.builders import ENTRY, SEGMENT, Rows, Snapshot

POSITIONS = 5
WRONG_KEY = b"a key of the attacker's own, of no use"
Attack = Callable[[Connection, Rows, int], None]


def alter(connection: Connection, chain: Rows, at: int) -> None:
    changes = [{"action": "case.other"}, {"user_id": 424242}, {"refused": True}, {"detail": {"x": 1}}, {"case_id": 9}]
    connection.execute(update(ENTRY).where(ENTRY.c.id == chain[at]["id"]).values(changes[at % len(changes)]))


def delete_one(connection: Connection, chain: Rows, at: int) -> None:
    """Delete an entry and close the gap in the numbers."""
    at = min(at, len(chain) - 2)
    connection.execute(ENTRY.delete().where(ENTRY.c.id == chain[at]["id"]))
    for row in chain[at + 1 :]:
        connection.execute(update(ENTRY).where(ENTRY.c.id == row["id"]).values(sequence=row["sequence"] - 1))
    _end(connection, chain, len(chain) - 1, chain[-1]["seal"])


def insert_one(connection: Connection, chain: Rows, at: int) -> None:
    """Slip a forged entry in, moving the numbers of those that follow."""
    for row in reversed(chain[at:]):
        connection.execute(update(ENTRY).where(ENTRY.c.id == row["id"]).values(sequence=row["sequence"] + 1))
    forged = {name: value for name, value in chain[at].items() if name != "id"} | {"action": "case.forged"}
    connection.execute(ENTRY.insert().values(forged))
    _end(connection, chain, len(chain) + 1, chain[-1]["seal"])


def delete_tail(connection: Connection, chain: Rows, at: int) -> None:
    """Cut the last entries off, and make the segment agree."""
    at = max(at, 1)
    connection.execute(
        ENTRY.delete().where(
            ENTRY.c.segment_id == chain[0]["segment_id"], ENTRY.c.sequence > chain[at - 1]["sequence"]
        )
    )
    _end(connection, chain, at, chain[at - 1]["seal"])


def rewrite(connection: Connection, chain: Rows, at: int) -> None:
    """Change an entry, then seal the whole chain again with a key of one's own."""
    previous = ""
    for position, row in enumerate(chain):
        entry = row | ({"action": "case.other"} if position == at else {})
        body = rules.entry_body(row["cellule_id"] or 0, "2026-01", row["sequence"], entry)
        previous = rules.mac(WRONG_KEY, body, previous)
        values = {"action": entry["action"], "seal": previous}
        connection.execute(update(ENTRY).where(ENTRY.c.id == row["id"]).values(values))
    _end(connection, chain, len(chain), previous)


def append(connection: Connection, chain: Rows, at: int) -> None:
    """Add an entry at the end, sealed after the last one with a key of one's own."""
    forged = {name: value for name, value in chain[at].items() if name != "id"} | {"sequence": len(chain) + 1}
    body = rules.entry_body(forged["cellule_id"] or 0, "2026-01", len(chain) + 1, forged)
    forged["seal"] = rules.mac(WRONG_KEY, body, chain[-1]["seal"])
    connection.execute(ENTRY.insert().values(forged))
    _end(connection, chain, len(chain) + 1, forged["seal"])


def remove_segment(connection: Connection, chain: Rows, _at: int) -> None:
    connection.execute(ENTRY.delete().where(ENTRY.c.segment_id == chain[0]["segment_id"]))
    connection.execute(SEGMENT.delete().where(SEGMENT.c.id == chain[0]["segment_id"]))


def swap_cellules(connection: Connection, chain: Rows, at: int) -> None:
    """Exchange the entries of two cellules that stand at the same place of the same month."""
    mine = chain[at]
    own = SEGMENT.select().where(SEGMENT.c.id == mine["segment_id"])
    month = connection.execute(own).one().month
    other = connection.execute(
        text(
            "SELECT e.id, e.cellule_id, e.segment_id, e.seal FROM audit_entry e JOIN audit_segment s "
            "ON s.id = e.segment_id WHERE s.month = :month AND s.id <> :segment AND e.sequence = :sequence LIMIT 1"
        ),
        {"month": month, "segment": mine["segment_id"], "sequence": mine["sequence"]},
    ).one()
    connection.execute(update(ENTRY).where(ENTRY.c.id == mine["id"]).values(segment_id=None))
    for row_id, place in ((other.id, mine), (mine["id"], other._mapping)):
        values = {"cellule_id": place["cellule_id"], "segment_id": place["segment_id"]}
        connection.execute(update(ENTRY).where(ENTRY.c.id == row_id).values(values))


ATTACKS: dict[str, Attack] = {
    "altered": alter,
    "deleted": delete_one,
    "inserted": insert_one,
    "tail deleted": delete_tail,
    "rewritten": rewrite,
    "appended": append,
    "segment removed": remove_segment,
    "cellules swapped": swap_cellules,
}


def _end(connection: Connection, chain: Rows, count: int, seal: str) -> None:
    """Make the segment's row agree with what was done to its entries."""
    values = {"last_sequence": count, "last_seal": seal}
    connection.execute(update(SEGMENT).where(SEGMENT.c.id == chain[0]["segment_id"]).values(values))


def chains(kept: Snapshot) -> list[Rows]:
    """Return the chains with more than two entries, in order."""
    found: dict[int, Rows] = {}
    for row in sorted(kept.entries, key=lambda row: (row["segment_id"], row["sequence"])):
        found.setdefault(row["segment_id"], []).append(row)
    return [chain for chain in found.values() if len(chain) == 6]


def is_found() -> bool:
    try:
        verification.verify()
    except JournalBroken:
        return True
    return False


def test_every_attack_is_found_wherever_it_strikes(
    journal: tuple[int, ...], owner: Database, engine_name: str, figure: Callable[[str, object], None]
) -> None:
    random, kept = Random(20261122), builders.snapshot(owner)
    missed, tried = [], 0
    for name, attack in ATTACKS.items():
        for _ in range(POSITIONS):
            chain = random.choice(chains(kept))
            at = random.randrange(len(chain))
            with builders.tampering(owner) as connection:
                attack(connection, chain, at)
            tried += 1
            if not is_found():
                missed.append((name, at))
            builders.restore(owner, kept)
            verification.verify()
    for name, further in (("older backup", 0), ("older backup, then written on", 3)):
        for _ in range(POSITIONS):
            older = builders.snapshot(owner)
            builders.write(random.choice(journal), random.randint(1, 4))
            anchors.write()
            builders.restore(owner, older)
            builders.write(random.choice(journal), further)
            tried += 1
            if not is_found():
                missed.append((name, further))
            # The anchors of what was rolled back stay in the file: begin anew for the next attempt.
            anchors.path().unlink()
            with builders.tampering(owner) as connection:
                connection.execute(update(SEGMENT).values(anchored_sequence=None, anchored_at=None))
            anchors.write()
            verification.verify()
    figure("journal.tampering", f"{engine_name}: {tried - len(missed)} of {tried} found")
    assert missed == []


@pytest.mark.parametrize("change", ["altered", "deleted", "swapped"])
def test_an_anchor_cannot_be_changed_removed_or_moved(
    journal: tuple[int, ...], anchors_file: Path, change: str
) -> None:
    lines = anchors_file.read_text().splitlines(keepends=True)
    assert len(lines) >= 12
    if change == "altered":
        lines[3] = lines[3].replace('"sequence": ', '"sequence": 1')
    elif change == "deleted":
        del lines[3]
    else:
        lines[3], lines[4] = lines[4], lines[3]
    anchors_file.write_text("".join(lines))
    with pytest.raises(JournalBroken, match=r"line 4 of anchors\.jsonl is altered or out of place"):
        verification.verify()


def test_the_anchors_file_cannot_just_disappear(journal: tuple[int, ...], anchors_file: Path) -> None:
    anchors_file.unlink()
    with pytest.raises(JournalBroken, match="the anchors' file is missing"):
        verification.verify()


def test_a_line_torn_by_a_power_cut_is_taken_away_by_the_next_anchor(
    journal: tuple[int, ...], anchors_file: Path
) -> None:
    whole = anchors_file.read_text()
    anchors_file.write_text(whole + '{"at": "2026-')
    builders.write(journal[1], 1)
    assert anchors.write() == 1
    assert anchors_file.read_text().startswith(whole)
    verification.verify()


def test_an_anchor_is_written_only_for_what_moved(journal: tuple[int, ...], anchors_file: Path) -> None:
    before = len(anchors_file.read_text().splitlines())
    assert anchors.write() == 0
    builders.write(journal[2], 3)
    assert anchors.write() == 1
    assert len(anchors_file.read_text().splitlines()) == before + 1
