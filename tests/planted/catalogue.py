"""The planted bugs: one patch each, which says in its head what it breaks and which tests must see it."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


@dataclass(frozen=True)
class Planted:
    """One patch. `tests` are arguments of pytest, as narrow as possible."""

    name: str
    what: str
    tests: tuple[str, ...]
    path: Path

    @property
    def needs_postgresql(self) -> bool:
        """Tell whether its tests run on PostgreSQL: only those of a lock or of row-level security."""
        return any("postgresql" in argument for argument in self.tests)


def _read(path: Path) -> Planted:
    head = {}
    for line in path.read_text().splitlines():
        if line.startswith("--- "):
            break
        name, _, value = line.partition(": ")
        head[name] = value
    return Planted(path.stem, head["What"], tuple(head["Tests"].split()), path)


def catalogue() -> list[Planted]:
    """Return every planted bug, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.patch"))]
