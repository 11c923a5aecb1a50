"""Working days of an essai encadré: 14 for the first period, 28 over the same arrêt (D. 323-6 s. CSS)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pdp.core.calendar import Territory, working_days
from pdp.requests.rules.stoppage import Episode

FIRST_PERIOD = 14
WHOLE_STOPPAGE = 28


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of trial. `renewal`: it belongs to the renewal, not to the first period."""

    start: date
    end: date
    renewal: bool = False


@dataclass(frozen=True, slots=True)
class TrialDays:
    """Working days already engaged and asked now, in the period concerned and over the whole arrêt."""

    asked: int
    engaged_first: int
    engaged_total: int
    renewal: bool

    @property
    def first_period(self) -> int:
        """Days of the first period, those asked included unless they belong to the renewal."""
        return self.engaged_first + (0 if self.renewal else self.asked)

    @property
    def total(self) -> int:
        """Days over the whole arrêt, those asked included."""
        return self.engaged_total + self.asked

    @property
    def limit(self) -> int:
        """The limit that the days asked now are first counted against."""
        return WHOLE_STOPPAGE if self.renewal else FIRST_PERIOD

    @property
    def engaged(self) -> int:
        """The days engaged before, that count against `limit`."""
        return self.engaged_total if self.renewal else self.engaged_first

    @property
    def left(self) -> int:
        """What would be left before the limit, the days asked not counted; 0 when it is reached."""
        return max(self.limit - self.engaged, 0)


def count_days(
    asked: Segment, earlier: Iterable[Segment], episode: Episode | None, territory: Territory = Territory.METROPOLE
) -> TrialDays:
    """Count the working days of a trial with those of the earlier ones of the same arrêt.

    Without a recorded arrêt every earlier trial counts. Raises ValueError when a segment ends before it starts.
    """
    same = [each for each in earlier if episode is None or episode.covers(each.start)]
    days = [(each.renewal, working_days(each.start, each.end, territory)) for each in same]
    return TrialDays(
        asked=working_days(asked.start, asked.end, territory),
        engaged_first=sum(count for renewal, count in days if not renewal),
        engaged_total=sum(count for _, count in days),
        renewal=asked.renewal,
    )
