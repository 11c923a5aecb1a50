"""The clocks of the measures, read once from `seeds/reference`."""

from functools import lru_cache
from typing import Any

import yaml

from pdp.core.resources import data_dir
from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.measures.enums import Span, Unit
from pdp.measures.rules.clocks import Clock


@lru_cache(maxsize=1)
def load_clocks() -> tuple[Clock, ...]:
    """Return every clock, in the order in which they are shown."""
    text = (data_dir("seeds") / "reference" / "measure_clocks.yaml").read_text(encoding="utf-8")
    return tuple(_clock(entry) for entry in yaml.safe_load(text))


def _clock(entry: dict[str, Any]) -> Clock:
    group = entry.get("group")
    return Clock(
        code=entry["code"],
        dispositif=Dispositif(entry["dispositif"]),
        label=entry["label"],
        unit=Unit(entry["unit"]),
        limit=entry["limit"],
        span=Span(entry["span"]),
        alerts=tuple(entry["alerts"]),
        source=entry["source"],
        valid_from=entry["valid_from"],
        valid_to=entry.get("valid_to"),
        group=StatusGroup(group) if group else None,
        ald=entry.get("ald"),
        excepted=frozenset(PersonStatus(status) for status in entry.get("except", ())),
        note=entry.get("note", ""),
    )
