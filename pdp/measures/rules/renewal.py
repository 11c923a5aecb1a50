"""What may still be asked once a measure comes to its end, with dates to start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from pdp.core.calendar import Territory, add_working_days, period_end
from pdp.dispositifs.enums import Dispositif
from pdp.measures.enums import Span, Unit
from pdp.measures.rules.clocks import Reading

_DAY = timedelta(days=1)

# What a measure may become. An essai encadré prepares a part-time return or a rééducation (D. 323-6 CSS).
_CONVERSIONS: Mapping[Dispositif, tuple[Dispositif, ...]] = MappingProxyType(
    {Dispositif.ESSAI_ENCADRE: (Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE, Dispositif.CRPE)}
)


@dataclass(frozen=True, slots=True)
class FollowOn:
    """A request to prefill: what, from when, until when if a limit says it."""

    dispositif: Dispositif
    starts_on: date
    ends_on: date | None
    renewal: bool


def follow_ons(
    dispositif: Dispositif, readings: Sequence[Reading], end: date, territory: Territory
) -> tuple[FollowOn, ...]:
    """Return the renewal that the limits leave room for, then what the measure may be converted into, after `end`."""
    start = end + _DAY
    converted = tuple(FollowOn(other, start, None, renewal=False) for other in _CONVERSIONS.get(dispositif, ()))
    renewal = _renewal(dispositif, readings, end, territory)
    return (renewal, *converted) if renewal else converted


def _renewal(dispositif: Dispositif, readings: Sequence[Reading], end: date, territory: Territory) -> FollowOn | None:
    """Return the renewal of a measure: a trial for as many days again within 28, the others up to their limit.

    An immersion is not renewed: it takes a new convention, hence a new request of its own.
    """
    whole = next((each for each in readings if each.clock.span is not Span.INITIAL), None)
    if whole is None or dispositif is Dispositif.PMSMP or any(each.exceeded for each in readings):
        return None
    if whole.clock.unit is Unit.WORKING_DAYS:
        first = [each.clock.limit for each in readings if each.clock.span is Span.INITIAL]
        count = min([whole.left, *first])
        start = add_working_days(end, 1, territory)
        return FollowOn(dispositif, start, period_end(start, count, territory), renewal=True) if count else None
    last = end + whole.left * _DAY if whole.clock.unit is Unit.DAYS else whole.last_day
    return FollowOn(dispositif, end + _DAY, last, renewal=True) if last and last > end else None
