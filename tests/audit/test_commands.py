"""`pdp audit` run as a person runs it: in the folder where the data is, without options."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from pdp.audit import commands
from pdp.core.db import Database
from tests.audit import builders


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `pdp` in a folder, with nothing of the tests' environment that names an installation."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PDP_")} | environment
    command = [sys.executable, "-m", "pdp.cli", *words]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the demo was played."""
    folder = tmp_path_factory.mktemp("demo")
    done = run(folder, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_demo_ends_with_a_journal_that_verifies_where_it_was_played(played: Path) -> None:
    for folder in (played, played / "instance"):
        done = run(folder, "audit", "verify")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("The journal is whole: ")
        assert "came after the last anchor" not in done.stdout
    lines = (played / "instance" / "journal" / "anchors.jsonl").read_text().splitlines()
    assert {json.loads(line)["month"] for line in lines}


def test_one_changed_row_is_named(played: Path) -> None:
    connection = sqlite3.connect(played / "instance" / "demo.db")
    connection.execute("DROP TRIGGER audit_entry_no_update")
    row = connection.execute(
        "SELECT e.id, s.cellule_key, s.month, e.sequence, e.action FROM audit_entry e "
        "JOIN audit_segment s ON s.id = e.segment_id WHERE e.case_id IS NOT NULL ORDER BY e.id LIMIT 1 OFFSET 20"
    ).fetchone()
    for value, code in ((row[4][:-1] + "x", 1), (row[4], 0)):
        connection.execute("UPDATE audit_entry SET action = ? WHERE id = ?", (value, row[0]))
        connection.commit()
        done = run(played, "audit", "verify")
        assert done.returncode == code
        if code:
            where = f"First bad entry: cellule {row[1]}, month {row[2]}, entry {row[3]}: "
            assert where in done.stderr
            assert "Traceback" not in done.stderr
    connection.close()


def test_it_says_so_when_there_is_nothing_to_verify(tmp_path: Path) -> None:
    for environment in ({}, {"PDP_SECRET_KEY": "s" * 40, "PDP_KEYS": f"1:{'ab' * 32}"}):
        done = run(tmp_path, "audit", "verify", **environment)
        assert done.returncode == 2
        assert done.stderr
        assert "Traceback" not in done.stderr


def test_both_engines_answer_with_counts_then_with_the_first_bad_entry(
    journal: tuple[int, ...], owner: Database, anchors_file: Path
) -> None:
    said: list[str] = []
    complained: list[str] = []
    builders.write(journal[1], 2)
    assert commands.verify(said.append, complained.append) == 0
    # Three chains of four months; the base world wrote in the current month of each besides.
    assert "12 segments, 0 destroyed segments with a certificate, 12 anchors" in said[0]
    assert said[1] == "2 entries came after the last anchor."
    assert commands.anchor(said.append, complained.append) == 0
    assert said[2] == f"1 anchor written to {anchors_file}"
    with builders.tampering(owner) as connection:
        connection.execute(text("UPDATE audit_entry SET refused = NOT refused WHERE sequence = 3 AND cellule_id = 2"))
    assert commands.verify(said.append, complained.append) == 1
    assert complained[-1].startswith("The journal is broken. First bad entry: cellule 2, month ")
    assert complained[-1].endswith(", entry 3: altered, forged or moved: its seal does not hold")
