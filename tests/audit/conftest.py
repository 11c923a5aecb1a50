"""A journal with several chains, anchored in a file of the test."""

from pathlib import Path

import pytest

from pdp.audit import anchors
from pdp.core.db import Database
from tests.audit import builders
from tests.support.world import World


@pytest.fixture(autouse=True)
def anchors_file(tmp_path: Path) -> Path:
    path = tmp_path / "anchors" / "anchors.jsonl"
    anchors.use(path)
    return path


@pytest.fixture
def journal(database: Database, world: World) -> tuple[int, ...]:
    """The keys of three chains with entries in four months, anchored."""
    cellules = (0, world.cellule["a"], world.cellule["b"])
    builders.write_months(cellules, months=4, each=6)
    anchors.write()
    return cellules
