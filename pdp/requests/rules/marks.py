"""What the requests of a case add to the « parcours de l’arrêt »: one bar per dispositif that has dates."""

from collections.abc import Sequence
from datetime import date

from pdp.cases.rules.timeline import Certainty, Mark
from pdp.requests.enums import RequestStatus
from pdp.requests.rules.panel import RequestLine

LANE = "Dispositifs"

_GRANTED = frozenset({RequestStatus.DECIDED, RequestStatus.RUNNING, RequestStatus.ENDED})
_GONE = frozenset({RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.DECLINED, RequestStatus.REORIENTED})


def marks_of(lines: Sequence[RequestLine], today: date) -> list[Mark]:
    """Return a bar per dated request still alive, in order of date: done, to come, or only asked for."""
    dated = [line for line in lines if line.start and line.end and line.status not in _GONE]
    return [
        Mark(line.title, line.start, line.end, _certainty(line, today))
        for line in sorted(dated, key=lambda line: (line.start, line.public_id))
        if line.start and line.end
    ]


def _certainty(line: RequestLine, today: date) -> Certainty:
    if line.status not in _GRANTED:
        return Certainty.ASKED
    return Certainty.DONE if line.end and line.end < today else Certainty.PLANNED
