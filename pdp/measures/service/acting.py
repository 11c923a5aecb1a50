"""What is done with a measure: each act adds one fact, in one transaction, with one journal entry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.core.errors import Forbidden, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import Dispositif
from pdp.measures.enums import Achievement, EventKind, Interruption, Objective, Signer
from pdp.measures.models import MeasureEvent
from pdp.measures.rules import acts
from pdp.measures.rules.life import Life
from pdp.measures.service.reading import HOST, load, shown_follows, shown_readings
from pdp.measures.service.standing import Standing, segment, standing_of
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels, writable_labels
from pdp.requests import queries as requests
from pdp.requests import service as request_service
from pdp.requests.enums import RequestAction, RequestAuthor, RequestStatus
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.facts import RENEWAL
from pdp.requests.rules.workflow import GRANTED
from pdp.requests.service import access
from pdp.requests.service.appraisal import frame_of

_HIDDEN_LIMIT = "Cette période dépasse une limite de durée : voyez les dates avec le référent du dossier."
# What a renewal keeps of the measure that it prolongs.
_KEPT = (HOST, "trial.tutor_name")


@dataclass(frozen=True, slots=True)
class _Held:
    """A measure locked for an act, and where it stood before."""

    actor: Actor
    request: DispositifRequest
    standing: Standing

    @property
    def life(self) -> Life:
        return self.standing.life

    @property
    def signers(self) -> tuple[Signer, ...]:
        return acts.signers(self.request.dispositif, self.request.details.get(HOST))

    def add(
        self,
        kind: EventKind,
        on: date,
        *,
        until: date | None = None,
        code: str = "",
        result: str = "",
        text_version: int | None = None,
        cancels_id: int | None = None,
    ) -> MeasureEvent:
        """Add a fact to the measure."""
        event = MeasureEvent(
            cellule_id=self.request.cellule_id,
            case_id=self.request.case_id,
            request_id=self.request.id,
            kind=kind,
            happened_on=on,
            until=until,
            code=code,
            result=result,
            text_version=text_version,
            cancels_id=cancels_id,
            recorded_by_id=self.actor.user_id,
            recorded_at=clock.now(),
        )
        db.session().add(event)
        db.session().flush()
        return event


def plan(actor: Actor, request_id: str, *, version: int, starts_on: date, ends_on: date) -> None:
    """Plan a period, which counts in every limit of the measure. Raises `InvalidInput` when one is broken."""
    with _changing(actor, request_id, version, EventKind.PLANNED) as held:
        acts.check_period(held.life, starts_on, ends_on)
        _ensure_within(held, starts_on, ends_on)
        held.add(EventKind.PLANNED, starts_on, until=ends_on)


def cancel(actor: Actor, request_id: str, *, version: int, period: str) -> None:
    """Call off a period that has not begun."""
    with _changing(actor, request_id, version, EventKind.CANCELLED) as held:
        acts.period_to_cancel(held.life, period, clock.today())
        rows = load(held.request.cellule_id, held.request.case_id)[1][held.request.id]
        cancelled = next(row.id for row in rows if row.public_id == period)
        held.add(EventKind.CANCELLED, clock.today(), cancels_id=cancelled)


def write_convention(actor: Actor, request_id: str, *, version: int) -> None:
    """Note that the text of the convention is written for the periods now planned; earlier signatures fall."""
    with _changing(actor, request_id, version, EventKind.CONVENTION) as held:
        if not held.signers:
            raise RuleViolation("Cette mesure ne se fait pas par convention.")
        acts.ensure_writes_text(held.life)
        held.add(EventKind.CONVENTION, clock.today(), text_version=held.life.text_version + 1)


def sign(actor: Actor, request_id: str, *, version: int, signer: Signer, on: date) -> None:
    """Note that somebody signed the current text of the convention."""
    with _changing(actor, request_id, version, EventKind.SIGNED) as held:
        acts.check_signature(held.life, held.signers, signer, on, clock.today())
        held.add(EventKind.SIGNED, on, code=signer.value, text_version=held.life.text_version)


def start(actor: Actor, request_id: str, *, version: int, on: date) -> None:
    """Note the first day of the measure, every signature being there."""
    with _changing(actor, request_id, version, EventKind.STARTED) as held:
        acts.check_start(held.life, held.signers, on, clock.today())
        held.add(EventKind.STARTED, on)
        if held.request.status is RequestStatus.DECIDED:
            request_service.advance(actor, held.request, RequestAction.START)


def interrupt(actor: Actor, request_id: str, *, version: int, on: date, reason: Interruption) -> None:
    """Note the last day done before an interruption: what was planned after it no longer counts."""
    with _changing(actor, request_id, version, EventKind.INTERRUPTED) as held:
        acts.check_interruption(held.life, on, clock.today())
        held.add(EventKind.INTERRUPTED, on, code=reason.value)


def end(actor: Actor, request_id: str, *, version: int, on: date, results: Mapping[Objective, Achievement]) -> None:
    """Write the end report, objective by objective; the measure is over."""
    with _changing(actor, request_id, version, EventKind.ENDED) as held:
        acts.check_end(held.life, on, results, clock.today())
        for objective, achievement in results.items():
            held.add(EventKind.OBJECTIVE, on, code=objective.value, result=achievement.value)
        held.add(EventKind.ENDED, on)
        request_service.advance(actor, held.request, RequestAction.END)


def follow(actor: Actor, request_id: str, *, version: int, dispositif: Dispositif) -> str:
    """Ask for the renewal, or for what the measure is converted into; return the new request, prefilled."""
    with _changing(actor, request_id, version, EventKind.FOLLOWED) as held:
        labels = readable_labels(actor, case_facts(held.request.case), clock.today())
        open_ = shown_follows(held.standing, labels)
        found = next((each for each in open_ if each.dispositif is dispositif), None)
        if found is None:
            raise InvalidInput({"dispositif": ["Cette suite n’est pas ouverte à la mesure."]})
        details = {name: held.request.details[name] for name in _KEPT if name in held.request.details}
        created = request_service.create_request(
            actor,
            held.request.case.public_id,
            dispositif=dispositif,
            author=RequestAuthor.INSURED,
            purpose=f"À la suite de la mesure « {sheet(held.request.dispositif).label} ».",
            measure_start=found.starts_on,
            measure_end=found.ends_on,
            details=details | {RENEWAL: True} if found.renewal and dispositif is Dispositif.ESSAI_ENCADRE else {},
        )
        held.add(EventKind.FOLLOWED, clock.today(), code=dispositif.value)
        return created


@contextmanager
def _changing(actor: Actor, request_id: str, version: int, kind: EventKind) -> Iterator[_Held]:
    """Hold a measure for one act: its rights, its state and the freshness of the page are checked, then journaled.

    What follows a measure may be asked for once it is over. Raises `Conflict` on a stale page.
    """
    ensure(actor, Permission.OUTCOME_RECORD)
    with db.transaction(actor):
        request = requests.get_request(actor, request_id, lock=True)
        if request.status not in GRANTED:
            raise NotFound
        if Label.OUTCOME not in writable_labels(actor, case_facts(request.case), clock.today()):
            raise Forbidden(Permission.OUTCOME_RECORD)
        access.ensure_case_open(request.case)
        if kind is not EventKind.FOLLOWED:
            acts.ensure_live(request.status)
        access.ensure_fresh(request, version)
        granted, events = load(request.cellule_id, request.case_id)
        yield _Held(actor, request, standing_of(request, granted, events, frame_of(request.cellule_id)))
        request.version += 1
        audit.record(actor, "measure.record", case_id=request.case_id, subject=request, kind=kind.value)


def _ensure_within(held: _Held, starts_on: date, ends_on: date) -> None:
    """Refuse a period that breaks a limit; one that the actor may not know is not named."""
    request = held.request
    granted, events = load(request.cellule_id, request.case_id)
    added = segment(request, starts_on, ends_on)
    tried = standing_of(request, granted, events, frame_of(request.cellule_id), added).readings
    labels = readable_labels(held.actor, case_facts(request.case), clock.today())
    shown = shown_readings(tried, labels)
    acts.check_limits(shown)
    if any(each.exceeded for each in tried):
        raise InvalidInput({"ends_on": [_HIDDEN_LIMIT]})
