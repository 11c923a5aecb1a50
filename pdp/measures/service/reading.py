"""Show the measures of a case, and one of them: cut to the reader's labels, one journal entry."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pdp.audit import service as audit
from pdp.cases import queries as case_queries
from pdp.cases import service as cases
from pdp.cases.rules.view import CaseView
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif
from pdp.measures import queries
from pdp.measures.enums import Signer
from pdp.measures.rules import acts
from pdp.measures.rules.alerts import Deadline, deadlines, near
from pdp.measures.rules.clocks import Reading
from pdp.measures.rules.fit import Fitting
from pdp.measures.rules.life import Life
from pdp.measures.rules.renewal import FollowOn
from pdp.measures.service.standing import Events, Standing, standing_of
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels, writable_labels
from pdp.requests import queries as requests
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.workflow import GRANTED
from pdp.requests.service.appraisal import frame_of

# Where the measure takes place, among the details of the request.
HOST = "host.type"


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure as its reader may see it. `signers`: who signs its convention, empty when it takes none."""

    public_id: str
    case: str
    case_reference: str
    title: str
    dispositif: Dispositif
    status: RequestStatus
    version: int
    asked: tuple[date | None, date | None]
    life: Life
    readings: tuple[Reading, ...]
    fitting: Fitting | None
    deadlines: tuple[Deadline, ...]
    near: tuple[Deadline, ...]
    signers: tuple[Signer, ...]
    follows: tuple[FollowOn, ...]
    may_conclude: bool
    may_write: bool
    may_ask: bool


def read_case_measures(actor: Actor, case_public_id: str) -> tuple[CaseView, tuple[MeasureView, ...]]:
    """Open the « Mesures » tab of a case: what was granted, newest first."""
    with db.transaction(actor):
        view = cases.read_case(actor, case_public_id, part="measures")
        if Label.REQUEST not in view.labels:
            return view, ()
        case = case_queries.get_case(actor, case_public_id)
        granted, events = load(case.cellule_id, case.id)
        frame = frame_of(case.cellule_id)
        return view, tuple(_view(actor, each, standing_of(each, granted, events, frame)) for each in granted)


def read_measure(actor: Actor, request_public_id: str) -> MeasureView:
    """Open a measure and journal it (`measure.read`). Raises `NotFound` before it is granted."""
    ensure(actor, Permission.REQUEST_READ)
    with db.transaction(actor):
        request = requests.get_request(actor, request_public_id)
        labels = readable_labels(actor, case_queries.case_facts(request.case), clock.today())
        if request.status not in GRANTED or Label.OUTCOME not in labels:
            raise NotFound
        audit.record(actor, "measure.read", case_id=request.case_id, subject=request)
        granted, events = load(request.cellule_id, request.case_id)
        return _view(actor, request, standing_of(request, granted, events, frame_of(request.cellule_id)))


def load(cellule_id: int, case_id: int) -> tuple[Sequence[DispositifRequest], Events]:
    """Return the measures granted in a case, newest first, with what happened to each."""
    found = [each for each in requests.list_case_requests(cellule_id, case_id) if each.status in GRANTED]
    return found, queries.list_events(cellule_id, [each.id for each in found])


def shown_readings(readings: Sequence[Reading], labels: Collection[Label]) -> tuple[Reading, ...]:
    """Return the clocks that a reader may know: one that applies by status, or by ALD, tells of it."""
    return tuple(
        each
        for each in readings
        if (each.clock.group is None or Label.EMPLOYMENT in labels)
        and (each.clock.ald is None or Label.ALLOWANCE in labels)
    )


def shown_follows(standing: Standing, labels: Collection[Label]) -> tuple[FollowOn, ...]:
    """Return what a reader may ask next: the dates of a renewal would tell a limit that the reader may not know."""
    hides = len(shown_readings(standing.readings, labels)) < len(standing.readings)
    return tuple(each for each in standing.follows if not (hides and each.renewal))


def _view(actor: Actor, request: DispositifRequest, standing: Standing) -> MeasureView:
    today, facts = clock.today(), case_queries.case_facts(request.case)
    labels, writable = readable_labels(actor, facts, today), writable_labels(actor, facts, today)
    readings = shown_readings(standing.readings, labels)
    fitting = standing.fitting if Label.STOPPAGE in labels else None
    ended = request.status is RequestStatus.ENDED
    coming = () if ended else deadlines(readings, fitting, standing.life.last_day)
    writes = Label.OUTCOME in writable and can(actor, Permission.OUTCOME_RECORD)
    return MeasureView(
        public_id=request.public_id,
        case=request.case.public_id,
        case_reference=request.case.reference,
        title=sheet(request.dispositif).label,
        dispositif=request.dispositif,
        status=request.status,
        version=request.version,
        asked=(request.measure_start, request.measure_end),
        life=standing.life,
        readings=readings,
        fitting=fitting,
        deadlines=coming,
        near=near(coming, today),
        signers=acts.signers(request.dispositif, request.details.get(HOST)),
        follows=shown_follows(standing, labels),
        may_conclude=writes and ended,
        may_write=writes and not ended,
        may_ask=writes and Label.REQUEST in writable and can(actor, Permission.REQUEST_CREATE),
    )
