"""Use cases of measures."""

from pdp.measures.service.acting import cancel, end, follow, interrupt, plan, sign, start, write_convention
from pdp.measures.service.reading import MeasureView, read_case_measures, read_measure
from pdp.measures.service.telling import tell_all

__all__ = [
    "MeasureView",
    "cancel",
    "end",
    "follow",
    "interrupt",
    "plan",
    "read_case_measures",
    "read_measure",
    "sign",
    "start",
    "tell_all",
    "write_convention",
]
