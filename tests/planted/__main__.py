"""`python -m tests.planted [name…]`: plant each bug, tell whether the tests see it, write docs/planted-bugs.md."""

import sys
import tempfile
from pathlib import Path

from tests.planted.catalogue import ROOT, Planted, catalogue
from tests.planted.copy import Copy, DoesNotApply

PAGE = ROOT / "docs" / "planted-bugs.md"
_HEAD = """<!-- Written by `python -m tests.planted`; do not edit. -->

# Bugs planted on purpose

Each patch of `tests/planted/` breaks one rule in a copy of the product. Its tests pass without the patch
and must fail with it: a rule that can be broken without a red test is not proved.

| Bug | What it breaks | Tests that see it | Result |
| --- | --- | --- | --- |
"""


def judge(copy: Copy, bug: Planted) -> str:
    """Return « found », or why the bug does not count as found."""
    before = copy.run(bug.tests)
    if not before.is_green:
        return f"its tests fail without it\n{before.output[-3000:]}"
    try:
        with copy.planted(bug):
            after = copy.run(bug.tests)
    except DoesNotApply as error:
        return f"no longer applies: {error}"
    return "found" if after.is_red else f"NOT found\n{after.output[-3000:]}"


def main(names: list[str]) -> int:
    """Judge the bugs named, or all of them; only a whole run writes the page."""
    bugs = [bug for bug in catalogue() if not names or bug.name in names]
    results: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="pdp-planted-") as folder:
        copy = Copy(Path(folder))
        for bug in bugs:
            results[bug.name] = judge(copy, bug)
            print(f"{bug.name}: {results[bug.name]}", flush=True)
    found = sum(result == "found" for result in results.values())
    print(f"planted.bugs: {found} found of {len(bugs)}")
    if not names:
        rows = [f"| {bug.name} | {bug.what} | {_tests(bug)} | {results[bug.name].splitlines()[0]} |" for bug in bugs]
        PAGE.write_text(_HEAD + "\n".join(rows) + f"\n\n{found} found of {len(bugs)}.\n")
    return 0 if found == len(bugs) else 1


def _tests(bug: Planted) -> str:
    return "<br>".join(f"`{argument}`" for argument in bug.tests if argument.startswith("tests/"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
