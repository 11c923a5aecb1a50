"""A copy of the product in which a patch is applied, its tests are run, and the patch is taken back."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.planted.catalogue import ROOT, Planted

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "instance", "node_modules", ".ci")
_COUNTS = re.compile(r"(\d+) (passed|failed|error)")
_LONGEST = 240


class DoesNotApply(AssertionError):
    """The patch does not fit the code any more: write it again, or delete it with what it broke."""


@dataclass(frozen=True)
class Outcome:
    """What a run of pytest said."""

    passed: int
    failed: int
    errors: int
    output: str

    @property
    def is_green(self) -> bool:
        """Tell whether every test passed, and there was one."""
        return self.passed > 0 and not self.failed and not self.errors

    @property
    def is_red(self) -> bool:
        """Tell whether a test failed by itself: a test that could not even begin proves nothing."""
        return self.failed > 0


class Copy:
    """A copy of the tree, made once and used for many patches."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "copy"
        shutil.copytree(ROOT, self.root, ignore=_LEFT_OUT)

    @contextmanager
    def planted(self, bug: Planted) -> Iterator[None]:
        """Apply a patch inside the block."""
        self._apply(bug)
        try:
            yield
        finally:
            self._apply(bug, "--reverse")

    def run(self, tests: tuple[str, ...]) -> Outcome:
        """Run tests against the copy, in a process of its own, until the first one that fails."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(
            [*command, *tests],
            cwd=self.root,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_LONGEST,
        )
        counts = {word: int(number) for number, word in _COUNTS.findall(done.stdout)}
        return Outcome(
            counts.get("passed", 0), counts.get("failed", 0), counts.get("error", 0), done.stdout + done.stderr
        )

    def _environment(self) -> dict[str, str]:
        # What this run of pytest set for its own processes is not for the other one.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PDP_TEST_FOLDER"))
        }
        return kept | {"PYTHONPATH": str(self.root), "CI": ""}

    def _apply(self, bug: Planted, *options: str) -> None:
        done = subprocess.run(
            ["git", "apply", *options, str(bug.path)], cwd=self.root, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DoesNotApply(f"{bug.name}: {done.stderr.strip()}")
        self._forget_compiled(bug)

    def _forget_compiled(self, bug: Planted) -> None:
        """Delete what Python compiled: two versions written in the same second look the same to it."""
        for changed in re.findall(r"^\+\+\+ b/(\S+)", bug.path.read_text(), re.MULTILINE):
            path = self.root / changed
            for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
                compiled.unlink()
