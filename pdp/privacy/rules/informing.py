"""When a person is to be given the information notice (art. 13 and 14 RGPD). Pure."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdp.privacy.enums.notices import NoticeStanding


@dataclass(frozen=True, slots=True)
class Informing:
    """What decides: when the case opened, when the person was met, who signalled it, what was given last.

    `contacts` are the days on which the service met or heard the person; `from_person` says that the person
    itself asked; `latest` is the newest version given, in any case of the person.
    """

    opened_on: date
    contacts: tuple[date, ...] = ()
    from_person: bool = False
    over: bool = False
    latest: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the notice: codes sort as their dates do."""

    code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the information of a person stands, and until when it is to be given."""

    state: NoticeStanding
    due_on: date | None = None
    version: str = ""

    @property
    def is_awaited(self) -> bool:
        """Tell whether somebody must act today."""
        return self.state in {NoticeStanding.DUE, NoticeStanding.NEWER}

    def is_late(self, today: date) -> bool:
        """Tell whether the day has gone by."""
        return self.is_awaited and self.due_on is not None and self.due_on < today


def standing(facts: Informing, versions: Sequence[Version], today: date) -> Standing:
    """Return where the information of a person stands on a day.

    Without any notice it is due at the first contact, and one month after the opening at the latest
    (art. 14, 3); at the opening itself when the person asked (art. 13). A newer version leaves one month,
    from its first day or from the opening.
    """
    in_use = newest(versions, today)
    if facts.latest is not None and facts.latest >= in_use.code:
        return Standing(NoticeStanding.GIVEN, version=facts.latest)
    if facts.over:
        return Standing(NoticeStanding.NOT_NEEDED, version=facts.latest or "")
    if facts.latest is not None:
        since = max(in_use.valid_from, facts.opened_on)
        return Standing(NoticeStanding.NEWER, one_month_after(since), facts.latest)
    due_on = _due_on(facts, today)
    return Standing(NoticeStanding.DUE if today >= due_on else NoticeStanding.AWAITED, due_on)


def newest(versions: Sequence[Version], today: date) -> Version:
    """Return the version in use on a day; the oldest for a day before all of them."""
    ordered = sorted(versions, key=lambda version: version.valid_from)
    return next((version for version in reversed(ordered) if version.valid_from <= today), ordered[0])


def one_month_after(day: date) -> date:
    """Return the same day of the next month, or its last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _due_on(facts: Informing, today: date) -> date:
    if facts.from_person:
        return facts.opened_on
    limit = one_month_after(facts.opened_on)
    met = [max(day, facts.opened_on) for day in facts.contacts if day <= today]
    return min([limit, *met])
