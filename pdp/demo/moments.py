"""Days and instants of the demo, counted from the day it is built."""

from datetime import date, datetime, time, timedelta

from pdp.core import clock

_THURSDAY = 3
_OPENING = time(14, 0)


class Moments:
    """Turns the offsets of the seed files into dates."""

    def __init__(self, built_on: date) -> None:
        self.built_on = built_on

    def day(self, offset: int | None) -> date | None:
        """Return the day at an offset; None stays None."""
        return None if offset is None else self.built_on + timedelta(days=offset)

    def on(self, offset: int) -> date:
        """Return the day at an offset."""
        return self.built_on + timedelta(days=offset)

    def at(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return an instant of the day at an offset, in office hours."""
        return datetime.combine(self.on(offset), time(hour, minute), tzinfo=clock.PARIS)

    def period(self, start: int, end: int) -> tuple[date, date]:
        """Return a measure's period: from the Monday at or after its offset, for as many days."""
        first = self.on(start)
        monday = first + timedelta(days=-first.weekday() % 7)
        return monday, monday + timedelta(days=end - start)

    def born(self, age: int) -> date:
        """Return a birth date that makes a person this old today."""
        return (self.built_on - timedelta(days=age * 365 + age // 4 + 120)).replace(day=14)

    def past_meeting(self) -> datetime:
        """Return the opening of the séance already held: a Thursday three weeks ago."""
        return self._thursday(-21, forward=False)

    def next_meeting(self) -> datetime:
        """Return the opening of the next séance: a Thursday, at least five days from now."""
        return self._thursday(5, forward=True)

    def _thursday(self, offset: int, *, forward: bool) -> datetime:
        day, step = self.on(offset), timedelta(days=1 if forward else -1)
        while day.weekday() != _THURSDAY:
            day += step
        return datetime.combine(day, _OPENING, tzinfo=clock.PARIS)
