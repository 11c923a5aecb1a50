"""The life of a measure, told again from its events: periods, convention, start, interruption, end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pdp.dispositifs.enums import Dispositif
from pdp.measures.enums import Achievement, EventKind, Interruption, Objective, Signer
from pdp.requests.rules.trial import Segment

# A change of one of these makes the text another one: what was signed before no longer holds.
_TERMS = frozenset({EventKind.PLANNED, EventKind.CANCELLED})


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as it was recorded; `cancels` names the period that it calls off."""

    key: str
    kind: EventKind
    on: date
    until: date | None = None
    code: str = ""
    result: str = ""
    text_version: int | None = None
    cancels: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period planned, cut where the measure was interrupted."""

    key: str
    start: date
    end: date
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed which version of the convention, when; `holds` while that version is the current one."""

    signer: Signer
    on: date
    text_version: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Life:
    """Where a measure stands. `text_version` 0: no convention was written; `text_current`: it fits the periods."""

    periods: tuple[Stretch, ...] = ()
    text_version: int = 0
    text_on: date | None = None
    text_current: bool = False
    signatures: tuple[Signature, ...] = ()
    started_on: date | None = None
    interrupted_on: date | None = None
    interruption: Interruption | None = None
    ended_on: date | None = None
    objectives: tuple[tuple[Objective, Achievement], ...] = ()
    followed: tuple[Dispositif, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day planned, None without a period."""
        return max((each.end for each in self.periods), default=None)

    @property
    def signed_by(self) -> frozenset[Signer]:
        """Who signed the current text."""
        return frozenset(each.signer for each in self.signatures if each.holds)

    def signature_of(self, signer: Signer) -> Signature | None:
        """Return the last signature of somebody, whether it still holds or not."""
        return next((each for each in reversed(self.signatures) if each.signer is signer), None)

    def segments(self, *, renewal: bool) -> tuple[Segment, ...]:
        """Return the periods as the clocks count them."""
        return tuple(Segment(each.start, each.end, renewal) for each in self.periods)


def tell(events: Sequence[Event]) -> Life:
    """Tell the life of a measure from its events, oldest first."""
    life = Life()
    for event in events:
        life = _after(life, event)
    signatures = tuple(
        replace(each, holds=life.text_current and each.text_version == life.text_version) for each in life.signatures
    )
    return replace(life, signatures=signatures)


def _after(life: Life, event: Event) -> Life:
    if event.kind in _TERMS:
        return replace(life, periods=_planned(life.periods, event), text_current=False)
    match event.kind:
        case EventKind.CONVENTION:
            return replace(life, text_version=life.text_version + 1, text_on=event.on, text_current=True)
        case EventKind.SIGNED:
            signed = Signature(Signer(event.code), event.on, event.text_version or 0, holds=True)
            return replace(life, signatures=(*life.signatures, signed))
        case EventKind.STARTED:
            return replace(life, started_on=event.on)
        case EventKind.INTERRUPTED:
            cut = tuple(_cut(life.periods, event.on))
            return replace(life, periods=cut, interrupted_on=event.on, interruption=Interruption(event.code))
        case EventKind.OBJECTIVE:
            judged = (Objective(event.code), Achievement(event.result))
            return replace(life, objectives=(*life.objectives, judged))
        case EventKind.ENDED:
            return replace(life, periods=tuple(_cut(life.periods, event.on)), ended_on=event.on)
        case _:
            return replace(life, followed=(*life.followed, Dispositif(event.code)))


def _planned(periods: Iterable[Stretch], event: Event) -> tuple[Stretch, ...]:
    """Return the periods once one is added, or called off."""
    if event.kind is EventKind.CANCELLED:
        return tuple(each for each in periods if each.key != event.cancels)
    added = Stretch(event.key, event.on, event.until or event.on)
    return tuple(sorted((*periods, added), key=lambda each: each.start))


def _cut(periods: Iterable[Stretch], day: date) -> Iterable[Stretch]:
    """Keep what was done up to a day, included: later periods fall, the one under way ends on it."""
    for each in periods:
        if each.start <= day:
            yield replace(each, end=min(each.end, day), cut=each.cut or each.end > day)
