"""What templates and other features get of a case: a part is None or empty when its label is not readable."""

from dataclasses import dataclass, field
from datetime import date, datetime

from pdp.cases.enums import (
    Axis,
    BoethKind,
    BoethState,
    CaseMove,
    ConclusionCode,
    EncounterKind,
    Scheme,
    SignalSource,
    Stage,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.cases.rules.sharing import SharingView
from pdp.cases.rules.timeline import Timeline
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.labels import Label


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Label `identity`."""

    given_name: str
    family_name: str
    birth_date: date
    age: int
    phone: str
    email: str
    town: str

    @property
    def full_name(self) -> str:
        """Return given name then family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class SignalView:
    """Label `signal`."""

    source: SignalSource
    reason: str
    reorientation: str


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One professional status (label `employment`)."""

    public_id: str
    status: PersonStatus
    employer: str
    post: str
    working_time: str
    is_micro: bool
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class EmploymentView:
    """Label `employment`; an activity ended before today stays listed and opens no status."""

    scheme: Scheme
    affiliation_months: int | None
    activities: tuple[ActivityView, ...]
    groups: tuple[StatusGroup, ...]


@dataclass(frozen=True, slots=True)
class StoppageView:
    """One prescribed period of arrêt (label `stoppage`)."""

    public_id: str
    group: StatusGroup | None
    origin: StoppageOrigin
    starts_on: date
    prescribed_end: date
    ended_on: date | None
    indemnified: TriState
    full_time: bool


@dataclass(frozen=True, slots=True)
class EncounterView:
    """A dated step around the arrêt (label `stoppage`)."""

    public_id: str
    kind: EncounterKind
    happens_on: date


@dataclass(frozen=True, slots=True)
class StoppagesView:
    """Label `stoppage`: the periods, the encounters, and the day the present arrêt began (None at work)."""

    periods: tuple[StoppageView, ...]
    encounters: tuple[EncounterView, ...]
    current: StoppageView | None
    since: date | None


@dataclass(frozen=True, slots=True)
class SituationView:
    """Label `request`: what the cellule needs to know of the situation."""

    presentation: str
    work_exclusion_risk: TriState
    social_evaluation_on: date | None
    insured_request_on: date | None


@dataclass(frozen=True, slots=True)
class BoethView:
    """Label `boeth`."""

    kind: BoethKind | None
    state: BoethState
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class UnfitnessView:
    """Label `restrictions`."""

    state: UnfitnessState
    stated_on: date | None


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """Label `conclusion`."""

    code: ConclusionCode | None
    given_on: date | None
    limits: str


@dataclass(frozen=True, slots=True)
class AllowanceView:
    """Label `allowance`."""

    old_age_pension: TriState
    invalidity_pension: TriState
    long_term_condition: TriState
    fund_participates: TriState


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note under one label."""

    public_id: str
    label: Label
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ContestedView:
    """What the person contests under one label: which information, its words, since when, what was answered."""

    label: Label
    field: str
    statement: str
    since: date
    answer: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one actor may see it on one day.

    `name` is the full name, or the initials where the identity is not readable. `labels` are those
    readable, `writable` those the actor may write; `hidden` holds sentences, for the core only.
    """

    public_id: str
    reference: str
    name: str
    stage: Stage
    axis: Axis | None
    opened_on: date
    closed_on: date | None
    referent: str | None
    is_referent: bool
    version: int
    labels: frozenset[Label]
    writable: frozenset[Label]
    tabs: tuple[str, ...]
    moves: tuple[CaseMove, ...]
    timeline: Timeline
    can_share: bool = False
    restricted: bool = False
    can_restrict: bool = False
    hidden: tuple[str, ...] = ()
    identity: IdentityView | None = None
    nir: str | None = None
    signal: SignalView | None = None
    employment: EmploymentView | None = None
    stoppages: StoppagesView | None = None
    situation: SituationView | None = None
    boeth: BoethView | None = None
    unfitness: UnfitnessView | None = None
    conclusion: ConclusionView | None = None
    allowance: AllowanceView | None = None
    sharing: tuple[SharingView, ...] = field(default=())
    contested: tuple[ContestedView, ...] = ()
    # Since when the processing is restricted; a partner sees no such case.
    frozen_on: date | None = None
    # What awaits the reader about the rights of the person; on the synthesis only.
    alerts: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Return what the page is headed with: name and age, or initials."""
        return f"{self.name}, {self.identity.age} ans" if self.identity else self.name

    @property
    def groups(self) -> tuple[StatusGroup, ...]:
        """Return the groups of statuses that get a chip; none when the employment is not readable."""
        found = self.employment.groups if self.employment else ()
        return tuple(group for group in found if group is not StatusGroup.AUTRE)

    @property
    def shared_with(self) -> tuple[str, ...]:
        """Return the organisations whose agreement is in force."""
        names = [line.organisation for line in self.sharing if line.is_in_force]
        return tuple(dict.fromkeys(names))
