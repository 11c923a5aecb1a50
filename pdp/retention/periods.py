"""How long each kind of object is kept, and on what ground: reference data, shown as they are."""

from dataclasses import dataclass
from functools import cache

import yaml

from pdp.core.resources import data_dir


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the table: in French, as the page says it."""

    name: str
    period: str
    start: str
    ground: str
    end: str


@cache
def load() -> tuple[Period, ...]:
    """Return the lines of `seeds/reference/retention.yaml`."""
    text = (data_dir("seeds") / "reference" / "retention.yaml").read_text(encoding="utf-8")
    return tuple(Period(**line) for line in yaml.safe_load(text))
