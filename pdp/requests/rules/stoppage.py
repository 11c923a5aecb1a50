"""The arrêt of a person as the rules read it: prescribed periods joined into one episode per status group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pdp.cases.enums import StoppageOrigin
from pdp.dispositifs.enums import StatusGroup

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A prescribed period. `group` None: it concerns every status; `indemnified` None: not known."""

    origin: StoppageOrigin
    starts_on: date
    prescribed_end: date
    ended_on: date | None = None
    group: StatusGroup | None = None
    indemnified: bool | None = None
    full_time: bool = True

    @property
    def last_day(self) -> date:
        """The last day of arrêt: the recorded end, else the prescribed one."""
        return self.ended_on or self.prescribed_end


@dataclass(frozen=True, slots=True)
class Episode:
    """Periods that follow one another without a day of work between them, in order."""

    periods: tuple[Period, ...]

    @property
    def start(self) -> date:
        """The first day of arrêt."""
        return self.periods[0].starts_on

    @property
    def last(self) -> Period:
        """The last extension."""
        return max(self.periods, key=lambda period: period.last_day)

    @property
    def prescribed_end(self) -> date:
        """The end prescribed by the last extension."""
        return max(period.prescribed_end for period in self.periods)

    def covers(self, day: date) -> bool:
        """Tell whether a day falls in the arrêt."""
        return self.start <= day <= self.last.last_day


def current_episode(periods: Sequence[Period], group: StatusGroup, day: date) -> Episode | None:
    """Return the episode of a status group that a day falls in, else the last one begun before that day."""
    concerned = [p for p in periods if p.group in (None, group) and p.starts_on <= day]
    episodes: list[list[Period]] = []
    for period in sorted(concerned, key=lambda each: each.starts_on):
        if episodes and period.starts_on <= max(each.last_day for each in episodes[-1]) + _DAY:
            episodes[-1].append(period)
        else:
            episodes.append([period])
    future = sorted((p for p in periods if p.group in (None, group) and p.starts_on > day), key=lambda p: p.starts_on)
    for period in future:
        # An extension already prescribed prolongs the arrêt although it has not begun.
        if episodes and period.starts_on <= max(each.last_day for each in episodes[-1]) + _DAY:
            episodes[-1].append(period)
    return Episode(tuple(episodes[-1])) if episodes else None


def stoppage_facts(episode: Episode | None, day: date, measure_start: date | None) -> dict[str, Any]:
    """Return the facts `stoppage.*` of an episode; none where no arrêt is recorded, which proves nothing."""
    if episode is None:
        return {}
    facts: dict[str, Any] = {
        "stoppage.exists": True,
        "stoppage.start": episode.start,
        "stoppage.prescribed_end": episode.prescribed_end,
        "stoppage.origin": episode.periods[0].origin.value,
        "stoppage.full_time": episode.last.full_time,
    }
    ended_on = episode.last.ended_on
    if ended_on is not None:
        facts["stoppage.end"] = ended_on
    if episode.covers(day):
        facts["stoppage.active"] = True
    elif ended_on is not None:
        # A prescribed end that has passed without a recorded return may hide an extension: not a no.
        facts["stoppage.active"] = False
    if episode.last.indemnified is not None:
        facts["stoppage.indemnified"] = episode.last.indemnified
    just_before = _full_time_indemnified_just_before(episode, measure_start)
    if just_before is not None:
        facts["stoppage.full_time_indemnified_just_before"] = just_before
    return facts


def _full_time_indemnified_just_before(episode: Episode, measure_start: date | None) -> bool | None:
    if episode.last.indemnified is False or not episode.last.full_time:
        return False
    if measure_start is None or episode.last.indemnified is None:
        return None
    return measure_start <= episode.last.last_day + _DAY
