"""What we copied from others is what they published, and all of it is accounted for."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| ([\d.]+) \| ([\w.-]+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)
UNLISTED = {"README.md", "fonts/LICENSE"}


def _listed() -> dict[str, str]:
    return {row[0]: row[4] for row in ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))}


def test_each_vendored_file_is_listed_with_its_package_version_and_licence() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present - UNLISTED == set(_listed())
    assert len(_listed()) >= 8


def test_each_vendored_file_has_the_sum_written_in_the_readme() -> None:
    wrong = {
        name: found
        for name, expected in _listed().items()
        if (found := hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()) != expected
    }
    assert wrong == {}
