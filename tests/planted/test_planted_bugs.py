"""Each planted bug still applies and, in `make drills`, turns its tests red; that they are green without it, the
suite says.
"""

import subprocess
from collections.abc import Callable

import pytest

from tests.planted.catalogue import ROOT, Planted, catalogue
from tests.planted.copy import Copy

BUGS = catalogue()


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("planted"))


def test_there_are_enough_of_them() -> None:
    assert len(BUGS) >= 24
    assert len({bug.what for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_fits_the_code_of_today(bug: Planted) -> None:
    done = subprocess.run(["git", "apply", "--check", str(bug.path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"write it again, or delete it with what it broke: {done.stderr}"
    named = [argument.partition("::")[0] for argument in bug.tests if argument.startswith("tests/")]
    assert named
    assert all((ROOT / path).exists() for path in named)


@pytest.mark.drill
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(copy: Copy, bug: Planted, figure: Callable[[str, object], None]) -> None:
    with copy.planted(bug):
        after = copy.run(bug.tests)
    assert after.is_red, f"{bug.what}: not found\n{after.output[-3000:]}"
    figure("planted.bugs", f"{len(BUGS)} planted, {len(BUGS)} found")
