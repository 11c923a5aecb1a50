"""An erasures' file of the test."""

from pathlib import Path

import pytest

from pdp.retention import erasures


@pytest.fixture(autouse=True)
def erasures_file(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "erasures.jsonl"
    erasures.use(path)
    return path
