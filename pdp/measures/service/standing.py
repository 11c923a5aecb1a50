"""From rows to where a measure stands: its life, its clocks, its place in the arrêt. Nothing is checked here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pdp.core.calendar import Territory
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Moment
from pdp.measures.catalogue import load_clocks
from pdp.measures.enums import Span
from pdp.measures.models import MeasureEvent
from pdp.measures.rules.alerts import Deadline, deadlines
from pdp.measures.rules.clocks import Reading, applying, read_clock
from pdp.measures.rules.fit import Fitting, fit_in_stoppage
from pdp.measures.rules.life import Event, Life, tell
from pdp.measures.rules.renewal import FollowOn, follow_ons
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.facts import RENEWAL, Situation
from pdp.requests.rules.stoppage import Episode, current_episode
from pdp.requests.rules.trial import Segment
from pdp.requests.service.appraisal import Frame, situation_of

Events = Mapping[int, Sequence[MeasureEvent]]
_FIXED_BY_FUND = "cap.R323_3"


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure today. `fitting` None: it takes place once the arrêt is over, and needs none."""

    life: Life
    readings: tuple[Reading, ...]
    fitting: Fitting | None
    territory: Territory
    follows: tuple[FollowOn, ...]

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """What must not pass unseen, nearest first."""
        return deadlines(self.readings, self.fitting, self.life.last_day)


def standing_of(
    request: DispositifRequest,
    others: Sequence[DispositifRequest],
    events: Events,
    frame: Frame,
    added: Segment | None = None,
) -> Standing:
    """Return where a measure stands; `others` are those granted in the same case, `added` a period to try."""
    life = life_of(request, events)
    situation = situation_of(request.case, frame)
    own = [*life.segments(renewal=_renews(request)), *([added] if added else [])]
    episode = _episode(situation, own, frame.day)
    counted = [*own, *_earlier(request, others, events, episode)]
    readings = tuple(
        read_clock(each, counted if each.span is Span.STOPPAGE else own, situation.territory, _fixed(request))
        for each in applying(
            load_clocks(),
            request.dispositif,
            [occupation.status for occupation in situation.occupations],
            ald=situation.long_term_condition,
            day=frame.day,
        )
    )
    during = sheet(request.dispositif).moment is Moment.DURING
    # What follows a measure begins after it, and not before today.
    end = max(life.last_day or request.measure_end or frame.day, frame.day)
    return Standing(
        life=life,
        readings=readings,
        fitting=fit_in_stoppage(own, episode) if during else None,
        territory=situation.territory,
        follows=follow_ons(request.dispositif, readings, end, situation.territory),
    )


def life_of(request: DispositifRequest, events: Events) -> Life:
    """Tell the life of a measure from its rows."""
    rows = events.get(request.id, ())
    keys = {row.id: row.public_id for row in rows}
    return tell(
        [
            Event(
                key=row.public_id,
                kind=row.kind,
                on=row.happened_on,
                until=row.until,
                code=row.code,
                result=row.result,
                text_version=row.text_version,
                cancels=keys.get(row.cancels_id) if row.cancels_id else None,
            )
            for row in rows
        ]
    )


def segment(request: DispositifRequest, start: date, end: date) -> Segment:
    """Return a period of a measure as its clocks count it."""
    return Segment(start, end, _renews(request))


def _renews(request: DispositifRequest) -> bool:
    return bool(request.details.get(RENEWAL))


def _episode(situation: Situation, own: Sequence[Segment], today: date) -> Episode | None:
    day = min((each.start for each in own), default=today)
    return current_episode(situation.periods, situation.groups[0], day)


def _earlier(
    request: DispositifRequest, others: Sequence[DispositifRequest], events: Events, episode: Episode | None
) -> list[Segment]:
    """Return the periods of the other measures of the same dispositif in the same arrêt."""
    found: list[Segment] = []
    for other in others:
        if other.id == request.id or other.dispositif is not request.dispositif:
            continue
        planned = life_of(other, events).segments(renewal=_renews(other))
        if not planned and other.measure_start and other.measure_end:
            planned = (segment(other, other.measure_start, other.measure_end),)
        found.extend(each for each in planned if episode is None or episode.covers(each.start))
    return found


def _fixed(request: DispositifRequest) -> date | None:
    said = request.details.get(_FIXED_BY_FUND)
    return date.fromisoformat(said) if said else None
