"""`pdp eligibility`: from any folder, with nothing configured, in its own process."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dispositifs.people import CONTRACT_EXAMPLE, PAUL

ROOT = Path(__file__).parents[2]


def run(cwd: Path, *arguments: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pdp.dispositifs.commands", *arguments],
        cwd=cwd,
        input=stdin,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_file_is_answered_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(CONTRACT_EXAMPLE), encoding="utf-8")
    done = run(tmp_path, "facts.json")
    assert (done.returncode, done.stderr) == (0, b"")
    (result,) = json.loads(done.stdout)["results"]
    assert set(result) == {"dispositif", "status_group", "verdict", "rules", "divergence"}
    assert result["verdict"] == "piece_manquante"
    assert [set(rule) for rule in result["rules"]] == [
        {"id", "version", "verdict", "reason", "source", "basis", "doctrine"}
    ]


def test_standard_input_is_read_and_every_dispositif_is_answered_without_requests(tmp_path: Path) -> None:
    done = run(tmp_path, "-", stdin=json.dumps({"facts": PAUL}).encode())
    results = json.loads(done.stdout)["results"]
    assert done.returncode == 0
    assert [result["dispositif"] for result in results] == [
        "essai_encadre",
        "crpe",
        "temps_partiel_therapeutique",
        "inclupro",
        "bilan_competences",
        "pmsmp",
        "action_remobilisation",
    ]


def test_all_lists_the_rules_that_passed_too(tmp_path: Path) -> None:
    content = json.dumps(CONTRACT_EXAMPLE).encode()
    few = json.loads(run(tmp_path, "-", stdin=content).stdout)["results"][0]["rules"]
    every = json.loads(run(tmp_path, "--all", "-", stdin=content).stdout)["results"][0]["rules"]
    assert (len(few), len(every)) == (1, 22)


def test_a_narrow_locale_does_not_break_the_french(tmp_path: Path) -> None:
    done = run(tmp_path, "-", stdin=json.dumps({"facts": PAUL}).encode(), LC_ALL="C", PYTHONIOENCODING="ascii")
    assert "sécurité sociale" in done.stdout.decode("utf-8")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert run(tmp_path, "-", stdin=b"\xef\xbb\xbf" + json.dumps({"facts": PAUL}).encode()).returncode == 0


def _with(**changes: Any) -> bytes:
    return json.dumps(copy.deepcopy(CONTRACT_EXAMPLE) | changes).encode()


WRONG = [
    (b"", "JSON mal formé"),
    (b"{", "JSON mal formé"),
    (b"\xff\xfe", "UTF-8"),
    (b"[" * 100_000, "JSON hors limites"),
    (b'{"facts": {"ald": true, "ald": false}}', "deux fois « ald »"),
    (b'{"facts": {"pay.before_stoppage": NaN}}', "NaN"),
    (b'{"facts": {"pay.before_stoppage": 1e999}}', "positif ou nul"),
    (b"[]", "objet JSON"),
    (b"null", "objet JSON"),
    (_with(facts=[]), "objet"),
    (_with(facts=None), "objet"),
    (_with(facts={"nonsense": 1}), "nonsense"),
    (_with(facts={"scheme": "MUTUELLE"}), "MUTUELLE"),
    (_with(facts={"status": ["BOSS"]}), "BOSS"),
    (_with(facts={"stoppage": {"start": "24/11/2025"}}), "AAAA-MM-JJ"),
    (_with(evaluated_on="2026-02-30"), "n’existe pas"),
    (_with(evaluated_on="hier"), "evaluated_on"),
    (_with(doctrine="locale"), "regional, law"),
    (_with(doctrin="law"), "doctrin"),
    (_with(requests={}), "liste"),
    (_with(requests=[{"dispositif": "retraite"}]), "dispositif inconnu « retraite »"),
    (_with(requests=[{}]), "dispositif inconnu"),
    (_with(requests=["crpe"]), "La demande 1"),
    (_with(requests=[{"dispositif": ["crpe"]}]), "dispositif inconnu"),
    (_with(requests=[{"dispositif": "crpe", "fact": {}}]), "fact"),
    (_with(requests=[{"dispositif": "crpe"}, {"dispositif": "crpe", "facts": {"trial.end": "x"}}]), "trial.end"),
]


@pytest.mark.parametrize(("content", "message"), WRONG)
def test_wrong_input_gets_exit_2_a_clear_message_and_no_answer(tmp_path: Path, content: bytes, message: str) -> None:
    done = run(tmp_path, "-", stdin=content)
    error = done.stderr.decode("utf-8").replace("\u00a0", " ")
    assert done.returncode == 2
    assert done.stdout == b""
    assert message in error
    assert "Traceback" not in error


def test_a_missing_file_gets_exit_2(tmp_path: Path) -> None:
    done = run(tmp_path, "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr.decode("utf-8")


@pytest.mark.parametrize("module", ["pdp.dispositifs.rules", "pdp.dispositifs.catalogue", "pdp.dispositifs.commands"])
def test_eligibility_starts_without_the_web_or_the_database(tmp_path: Path, module: str) -> None:
    heavy = "flask sqlalchemy marshmallow werkzeug alembic pdp.settings pdp.core.db"
    code = f"import sys, {module}; print([name for name in '{heavy}'.split() if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_rules_know_neither_the_clock_nor_a_file(tmp_path: Path) -> None:
    code = "import sys, pdp.dispositifs.rules; print('pdp.core.clock' in sys.modules, 'yaml' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["False", "False"]
