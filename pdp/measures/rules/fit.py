"""Whether a measure stays inside the arrêt that pays for it.

What takes place during an arrêt keeps its daily allowance only while the arrêt is prescribed
(L. 323-3-1 CSS): periods beyond it ask for a prolongation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.measures.enums import Fit
from pdp.requests.rules.stoppage import Episode
from pdp.requests.rules.trial import Segment


@dataclass(frozen=True, slots=True)
class Fitting:
    """Where the periods stand. `prescribed_end`: of the arrêt; `needed`: first and last day without a prescription."""

    fit: Fit
    prescribed_end: date | None = None
    needed: tuple[date, date] | None = None


def fit_in_stoppage(segments: Sequence[Segment], episode: Episode | None) -> Fitting:
    """Place the periods of a measure in an arrêt, known or not.

    Outside: a period begins before the arrêt, or goes on after the day on which it really ended.
    """
    if episode is None:
        return Fitting(Fit.UNKNOWN)
    prescribed = episode.prescribed_end
    if not segments:
        return Fitting(Fit.INSIDE, prescribed)
    first, last = min(each.start for each in segments), max(each.end for each in segments)
    really = episode.last.ended_on
    if first < episode.start or (really is not None and last > really):
        return Fitting(Fit.OUTSIDE, prescribed)
    if last <= prescribed:
        return Fitting(Fit.INSIDE, prescribed)
    beyond = min(max(each.start, prescribed + timedelta(days=1)) for each in segments if each.end > prescribed)
    return Fitting(Fit.EXTENSION, prescribed, (beyond, last))
