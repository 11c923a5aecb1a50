"""When the time of a case is over, what suspends it, and when a run must stop. Pure: today is an argument.

The time runs from the last contact with the person: the latest of the closing, an outcome reported or a
decision notified since, a request of the person under its rights, and a contact written down. Reading a case
is no contact. A date to come is none either: a slip of the keyboard must not keep a case for a century.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from pdp.core.french import NBSP
from pdp.retention.enums import Standing, StopReason, Suspension

# A hold is looked at again every year; the database refuses to erase within seven days of the hiding.
REVIEW_MONTHS = 12
SHORTEST_HIDING = 7
# A small cellule may lose this many cases at once without asking, whatever the percentage.
SMALLEST_CAP = 3
CLOCKS_MAY_DIFFER = timedelta(minutes=5)
# The job runs every day: two hours are left to it.
LONGEST_SILENCE = timedelta(days=1, hours=2)
# A confirmation by two people does not wait for ever.
CONFIRMED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a cellule keeps its cases, from `valid_from` on. The defaults are those of the product."""

    months: int = 24
    notice_days: int = 60
    hidden_days: int = 30
    cap_percent: int = 2
    cap_cases: int = 20
    valid_from: date | None = None

    def cap(self, base: int) -> int:
        """Return how many cases of a base one run may hide, and erase, without asking."""
        return min(self.cap_cases, max(SMALLEST_CAP, base * self.cap_percent // 100))


@dataclass(frozen=True, slots=True)
class CaseClock:
    """What decides of one case. `contacts` are the dates known after its end."""

    closed_on: date | None
    ended: bool
    contacts: tuple[date, ...] = ()
    suspensions: frozenset[Suspension] = field(default_factory=frozenset)
    hidden_on: date | None = None
    erase_on: date | None = None


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_contact(clock: CaseClock, today: date) -> date | None:
    """Return the last contact with the person, None while the case is not over."""
    if not clock.ended or clock.closed_on is None:
        return None
    return max(day for day in (clock.closed_on, *clock.contacts) if day <= today or day == clock.closed_on)


def due_on(clock: CaseClock, rules: Rules, today: date) -> date | None:
    """Return the first day on which the case may be hidden, None while its clock does not run."""
    last = last_contact(clock, today)
    return add_months(last, rules.months) if last else None


def standing(clock: CaseClock, rules: Rules, today: date) -> Standing:
    """Say where a case stands today."""
    due = due_on(clock, rules, today)
    if due is None:
        return Standing.RUNNING
    near = clock.hidden_on is not None or due <= today + timedelta(days=rules.notice_days)
    if not near:
        return Standing.RUNNING
    if clock.suspensions:
        return Standing.SUSPENDED
    if clock.hidden_on is not None:
        over = due <= today and clock.erase_on is not None and clock.erase_on <= today
        return Standing.READY if over else Standing.HIDDEN
    return Standing.DUE if due <= today else Standing.SOON


def rules_on(history: Iterable[Rules], today: date) -> Rules:
    """Return the rules in force: the newest whose date has come, else the product's."""
    begun = [rules for rules in history if rules.valid_from is not None and rules.valid_from <= today]
    return max(begun, key=lambda rules: rules.valid_from or date.min, default=Rules())


def doubt_of_clock(
    now: datetime, database_now: datetime, newest_entry: datetime | None, last_run: datetime | None
) -> str | None:
    """Say in French why the time cannot be trusted, None when it can.

    `newest_entry` is the newest of the journal, `last_run` the last run that was not stopped.
    """
    if abs(now - database_now) > CLOCKS_MAY_DIFFER:
        both = f"{_moment(now)} et {_moment(database_now)}"
        return f"L’application et la base de données ne donnent pas la même heure{NBSP}: {both}."
    for known, what in ((newest_entry, "la dernière entrée du journal"), (last_run, "le dernier passage")):
        if known is None:
            continue
        if known - now > CLOCKS_MAY_DIFFER:
            return f"L’heure a reculé{NBSP}: {what} date du {_moment(known)}."
        if now - known > LONGEST_SILENCE:
            days = ceil((now - known) / timedelta(days=1))
            return f"L’heure a avancé de {days}{NBSP}jours depuis {what}, du {_moment(known)}."
    return None


def beyond_cap(rules: Rules, base: int, to_hide: int, to_erase: int) -> str | None:
    """Say in French that a run would touch too many cases, None when it would not."""
    cap = rules.cap(base)
    if max(to_hide, to_erase) <= cap:
        return None
    return (
        f"{to_hide}{NBSP}dossiers seraient masqués et {to_erase} effacés, sur {base}{NBSP}: "
        f"le plafond d’un passage est de {cap}."
    )


def is_covered(
    stop: StopReason, confirmed: tuple[StopReason, datetime, int, int] | None, now: datetime, hide: int, erase: int
) -> bool:
    """Tell whether two people confirmed a stop like this one, lately, for at least as many cases."""
    if confirmed is None:
        return False
    reason, at, hide_then, erase_then = confirmed
    return reason is stop and timedelta(0) <= now - at <= CONFIRMED_FOR and hide <= hide_then and erase <= erase_then


def _moment(instant: datetime) -> str:
    return instant.strftime("%d/%m/%Y %H:%M UTC")


def age_band(birth_date: date, on: date) -> str:
    """Return the ten years that hold an age: `40-49`; `-29` and `60-` at the ends."""
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    if age < 30:
        return "-29"
    return "60-" if age >= 60 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"
