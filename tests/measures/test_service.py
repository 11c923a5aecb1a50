"""The life of a measure by its use cases, by role, on both engines."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, delete, select, update
from sqlalchemy.exc import DBAPIError

from pdp.audit.models import AuditEntry
from pdp.cases.enums import TriState
from pdp.cases.models import Activity, Case, Stoppage
from pdp.core import clock, db
from pdp.core.calendar import add_working_days, period_end
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.home import service as home
from pdp.measures import jobs, service
from pdp.measures.enums import Achievement, Fit, Interruption, Objective, Signer
from pdp.measures.models import MeasureEvent
from pdp.measures.service import MeasureView
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.facts import RENEWAL
from tests.minutes import seance
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
WEEK = timedelta(days=7)
SIGNERS = (Signer.INSURED, Signer.EMPLOYER, Signer.TUTOR, Signer.PHYSICIAN)


class Measure:
    """A measure granted on the shared case, acted upon as a person would: from the page as it stands."""

    def __init__(self, actor: Actor, world: World) -> None:
        self.actor, self.world = actor, world
        self.request = seance.hold(world).requests[0]
        # The trial asked was of spring: its periods are planned anew.
        self.first = add_working_days(clock.today(), 1)

    def view(self) -> MeasureView:
        return service.read_measure(self.actor, self.request)

    def do(self, act: Callable[..., Any], **values: Any) -> Any:
        return act(self.actor, self.request, version=self.view().version, **values)

    def plan(self, start: date, working_days: int) -> None:
        self.do(service.plan, starts_on=start, ends_on=period_end(start, working_days))

    def sign_all(self, day: date) -> None:
        self.do(service.write_convention)
        for signer in SIGNERS:
            self.do(service.sign, signer=signer, on=day)


@pytest.fixture
def measure(world: World, actor_of: ActorOf) -> Measure:
    return Measure(actor_of("a.service_social"), world)


def change(model: type[Any], world: World, **values: Any) -> None:
    with as_owner() as session:
        column = Case.id if model is Case else model.case_id
        for row in session.scalars(select(model).where(column == world.case_id["a.shared"])):
            for name, value in values.items():
                setattr(row, name, value)


def test_the_fifteenth_day_and_a_period_over_another_are_refused(measure: Measure) -> None:
    start = measure.first
    with pytest.raises(InvalidInput) as told:
        measure.plan(start, 15)
    assert "15 jours ouvrables pour 14 au plus" in told.value.errors["ends_on"][0]
    measure.plan(start, 6)
    with pytest.raises(InvalidInput):
        measure.plan(start, 1)
    second = add_working_days(period_end(start, 6), 4)
    with pytest.raises(InvalidInput):
        measure.plan(second, 9)
    measure.plan(second, 8)
    first, whole = measure.view().readings
    assert [(each.clock.code, each.used, each.left) for each in (first, whole)] == [
        ("EE-14", 14, 0),
        ("EE-28", 14, 14),
    ]


def test_the_twenty_ninth_day_of_an_arret_is_refused_whatever_the_request_it_is_asked_in(
    measure: Measure, world: World
) -> None:
    measure.plan(measure.first, 14)
    with as_owner() as session:
        model = session.scalars(select(DispositifRequest).where(DispositifRequest.public_id == measure.request)).one()
        renewal = DispositifRequest(
            **{
                name: getattr(model, name)
                for name in ("cellule_id", "case_id", "dispositif", "status", "author", "created_by_id")
            },
            created_by_organisation_id=model.created_by_organisation_id,
            created_at=model.created_at,
            details={RENEWAL: True},
        )
        session.add(renewal)
        session.flush()
    other = Measure.__new__(Measure)
    other.actor, other.world, other.request = measure.actor, world, renewal.public_id
    start = add_working_days(period_end(measure.first, 14), 1)
    with pytest.raises(InvalidInput) as told:
        other.plan(start, 15)
    assert "29 jours ouvrables pour 28 au plus" in told.value.errors["ends_on"][0]
    other.plan(start, 14)
    assert [(each.used, each.left) for each in other.view().readings] == [(0, 14), (28, 0)]


def test_a_changed_period_voids_what_was_signed(measure: Measure) -> None:
    today = clock.today()
    with pytest.raises(RuleViolation):
        measure.do(service.write_convention)
    measure.plan(today, 5)
    with pytest.raises(RuleViolation):
        measure.do(service.sign, signer=Signer.INSURED, on=today)
    measure.sign_all(today)
    assert measure.view().life.signed_by == set(SIGNERS)
    measure.plan(measure.view().life.periods[-1].end + WEEK, 2)
    life = measure.view().life
    assert (len(life.signed_by), life.text_current, len(life.signatures)) == (0, False, 4)
    with pytest.raises(RuleViolation, match="la convention attend"):
        measure.do(service.start, on=today)
    measure.sign_all(today)
    held = {(each.text_version, each.holds) for each in measure.view().life.signatures}
    assert held == {(1, False), (2, True)}
    # Calling the second period off comes back to the first terms: it is a third text all the same.
    measure.do(service.cancel, period=measure.view().life.periods[-1].key)
    assert measure.view().life.signed_by == set()


def test_a_measure_goes_from_its_first_day_to_its_report_and_to_what_follows(
    measure: Measure, actor_of: ActorOf, world: World
) -> None:
    start = clock.today()
    measure.plan(start, 5)
    measure.plan(start + 3 * WEEK, 5)
    measure.sign_all(start)
    measure.do(service.start, on=start)
    assert measure.view().status == "RUNNING"
    with clock.acting_at(clock.now() + timedelta(days=2)):
        with pytest.raises(RuleViolation):
            measure.do(service.cancel, period=measure.view().life.periods[0].key)
        measure.do(service.interrupt, on=start + timedelta(days=1), reason=Interruption.HEALTH)
        life = measure.view().life
        assert [(each.start, each.end, each.cut) for each in life.periods] == [
            (start, start + timedelta(days=1), True)
        ]
        with pytest.raises(InvalidInput):
            measure.do(service.end, on=clock.today(), results={})
        judged = {Objective.ADAPTED_POST: Achievement.REACHED, Objective.FORMER_POST: Achievement.MISSED}
        measure.do(service.end, on=start + timedelta(days=1), results=judged)
        done = measure.view()
        assert (done.status, dict(done.life.objectives), done.may_write) == ("ENDED", judged, False)
        with pytest.raises(RuleViolation):
            measure.plan(start + 5 * WEEK, 1)
        created = measure.do(service.follow, dispositif=Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE)
    with as_owner() as session:
        asked = session.scalars(select(DispositifRequest).where(DispositifRequest.public_id == created)).one()
        assert (asked.dispositif, asked.status) == (Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE, "DRAFT")
        assert asked.measure_start == start + timedelta(days=3)
        kinds = [
            (entry.detail or {})["kind"]
            for entry in session.scalars(
                select(AuditEntry).where(AuditEntry.action == "measure.record").order_by(AuditEntry.id)
            )
        ]
    signed = ["convention", *["signed"] * 4]
    assert kinds == ["planned", "planned", *signed, "started", "interrupted", "ended", "followed"]


def test_a_stale_page_changes_nothing(measure: Measure) -> None:
    version = measure.view().version
    measure.plan(measure.first, 2)
    with pytest.raises(Conflict):
        service.write_convention(measure.actor, measure.request, version=version)


@pytest.mark.parametrize(
    "change_it", [update(MeasureEvent).values(happened_on=date(2026, 1, 1)), delete(MeasureEvent)]
)
def test_what_happened_to_a_measure_is_neither_changed_nor_deleted(measure: Measure, change_it: Executable) -> None:
    measure.plan(measure.first, 2)
    with pytest.raises(DBAPIError), db.transaction(measure.actor) as session:
        session.execute(change_it)
    assert len(measure.view().life.periods) == 1


@pytest.mark.parametrize("role", ["service_medical", "cpam"])
def test_who_reads_the_follow_up_without_writing_it_only_reads_the_measure(
    measure: Measure, actor_of: ActorOf, role: str
) -> None:
    assert not service.read_measure(actor_of(f"a.{role}"), measure.request).may_write
    with pytest.raises(NotFound):
        service.write_convention(actor_of(f"a.{role}"), measure.request, version=1)


@pytest.mark.parametrize("role", ["a.csam", "a.mdph", "a.comete", "a.pilotage", "b.service_social"])
def test_the_others_do_not_know_that_there_is_a_measure(measure: Measure, actor_of: ActorOf, role: str) -> None:
    with pytest.raises(NotFound):
        service.read_measure(actor_of(role), measure.request)


def test_a_partner_knows_neither_the_ald_nor_the_limit_that_tells_of_it(
    measure: Measure, world: World, actor_of: ActorOf
) -> None:
    change(Case, world, long_term_condition=TriState.NO)
    change(Activity, world, status=PersonStatus.SE_CRAFT)
    with as_owner() as session:
        row = session.scalars(select(DispositifRequest).where(DispositifRequest.public_id == measure.request)).one()
        row.dispositif = Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE
    start = measure.first
    partner = actor_of("a.cap_emploi")
    with pytest.raises(InvalidInput) as told:
        service.plan(
            partner,
            measure.request,
            version=measure.view().version,
            starts_on=start,
            ends_on=start + timedelta(days=90),
        )
    assert not any(character.isdigit() for character in told.value.errors["ends_on"][0])
    measure.do(service.plan, starts_on=start, ends_on=start + timedelta(days=60))
    assert [each.clock.code for each in measure.view().readings] == ["TPT-TI-90"]
    assert [each.renewal for each in measure.view().follows] == [True]
    theirs = service.read_measure(partner, measure.request)
    assert (theirs.readings, theirs.follows) == ((), ())
    # Asked for all the same, the renewal would come back with the last day of that limit.
    with pytest.raises(InvalidInput) as shut:
        service.follow(partner, measure.request, version=theirs.version, dispositif=theirs.dispositif)
    assert list(shut.value.errors) == ["dispositif"]


def test_what_goes_beyond_the_arret_is_said_as_a_prolongation(measure: Measure, world: World) -> None:
    measure.plan(measure.first, 3)
    view = measure.view()
    assert view.fitting is not None
    assert view.fitting.fit is Fit.INSIDE
    last = view.life.last_day
    assert last is not None
    change(Stoppage, world, prescribed_end=last - timedelta(days=1))
    fitting = measure.view().fitting
    assert fitting is not None
    assert (fitting.fit, fitting.needed) == (Fit.EXTENSION, (last, last))


def test_the_referent_is_told_seven_and_two_days_before_the_end_then_once_past(measure: Measure, world: World) -> None:
    end = clock.today() + timedelta(days=20)
    measure.do(service.plan, starts_on=end, ends_on=end)
    told = []
    for days in (0, 12, 13, 14, 19, 20, 21, 40):
        with clock.acting_at(clock.now() + timedelta(days=days)):
            jobs.tell_limits()
            jobs.tell_limits()
        with as_owner() as session:
            found = session.scalars(select(Notice).where(Notice.kind == NoticeKind.MEASURE_LIMIT)).all()
            for notice in found:
                notice.seen_at = notice.seen_at or clock.now()
            told.append(len(found))
            assert all(notice.link == f"/demandes/{measure.request}/mesure" for notice in found)
    assert told == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_end_of_a_measure_waits_on_the_home_page_until_its_report(measure: Measure, actor_of: ActorOf) -> None:
    def waiting(role: str = "a.service_social") -> list[tuple[date, str]]:
        lines = home.read_worklist(actor_of(role)).deadlines
        return [(line.day, line.event) for line in lines if line.endpoint == "measures.show_measure"]

    start = clock.today()
    measure.plan(start, 3)
    measure.sign_all(start)
    assert waiting() == []
    measure.do(service.start, on=start)
    assert waiting() == [(period_end(start, 3), "Essai encadré : fin de la mesure.")]
    assert waiting("a.service_social_2") == []
    measure.do(service.interrupt, on=start, reason=Interruption.PERSON)
    assert [day for day, _ in waiting()] == [start]
    measure.do(service.end, on=start, results={Objective.FORMER_POST: Achievement.MISSED})
    assert waiting() == []
