"""Outcomes recorded and read, by role, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import StatusGroup
from pdp.outcomes import service
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode
from pdp.outcomes.models import RequestOutcome
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest
from tests.minutes import seance
from tests.minutes.test_service import change_agreements
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def values(**changes: Any) -> dict[str, Any]:
    return {
        "status_group": StatusGroup.SALARIE,
        "code": OutcomeCode.SAME_JOB_ADAPTED,
        "result": MeasureResult.COMPLETED,
        "conclusion": MeasureConclusion.COMPATIBLE_WITH_ADAPTATION,
        "observed_on": clock.today(),
    } | changes


def status_of(request: str) -> str:
    with as_owner() as session:
        return str(
            session.scalars(select(DispositifRequest.status).where(DispositifRequest.public_id == request)).one()
        )


def entries(action: str) -> list[AuditEntry]:
    with as_owner() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        return list(found)


@pytest.mark.parametrize(
    "role", ["service_social", "service_social_2", "manager", "coordinateur", "cap_emploi", "spst"]
)
def test_who_writes_outcomes_records_one_on_a_shared_case(world: World, actor_of: ActorOf, role: str) -> None:
    request = seance.hold(world).requests[0]
    actor = actor_of(f"a.{role}")
    assert service.record_outcome(actor, request, **values()) == world.case["a.shared"]
    _, followed = service.read_case_outcomes(actor, world.case["a.shared"])
    [outcome] = next(line.outcomes for line in followed if line.public_id == request)
    assert (outcome.code, outcome.in_work, outcome.result) == ("SAME_JOB_ADAPTED", True, "COMPLETED")
    assert (outcome.recorded_by, outcome.observed_on) == (actor.name, clock.today())


@pytest.mark.parametrize(
    ("reader", "told"), [("cap_emploi", "un partenaire"), ("spst", "Spst EssaiA"), ("coordinateur", "Spst EssaiA")]
)
def test_who_recorded_for_a_sensitive_partner_is_named_to_those_who_may_know(
    world: World, actor_of: ActorOf, reader: str, told: str
) -> None:
    with as_owner() as session:
        session.get_one(Organisation, world.organisation["a.spst"]).sensitive = True
    request = seance.hold(world).requests[0]
    service.record_outcome(actor_of("a.spst"), request, **values())
    _, followed = service.read_case_outcomes(actor_of(f"a.{reader}"), world.case["a.shared"])
    [outcome] = next(line.outcomes for line in followed if line.public_id == request)
    assert outcome.recorded_by == told


@pytest.mark.parametrize("role", ["service_medical", "cpam", "csam", "mdph", "comete", "pilotage", "dpo", "admin"])
def test_the_others_record_none(world: World, actor_of: ActorOf, role: str) -> None:
    request = seance.hold(world).requests[0]
    with pytest.raises(NotFound):
        service.record_outcome(actor_of(f"a.{role}"), request, **values())
    with pytest.raises(NotFound):
        service.prepare_outcome(actor_of(f"a.{role}"), request)


def test_a_partner_records_nothing_on_a_case_that_is_not_shared(world: World, actor_of: ActorOf) -> None:
    request = seance.hold(world).requests[1]
    with pytest.raises(NotFound):
        service.record_outcome(actor_of("a.cap_emploi"), request, **values())


def test_an_agreement_without_the_outcome_label_is_not_enough(world: World, actor_of: ActorOf) -> None:
    request = seance.hold(world).requests[0]
    change_agreements(world, "a.shared", labels=frozenset({Label.REQUEST, Label.OPINION}))
    with pytest.raises(NotFound):
        service.record_outcome(actor_of("a.cap_emploi"), request, **values())
    service.record_outcome(actor_of("a.service_social"), request, **values(comment="QXCOMMENT"))
    _, followed = service.read_case_outcomes(actor_of("a.cap_emploi"), world.case["a.shared"])
    assert all(line.outcomes == () and not line.awaited for line in followed)
    change_agreements(world, "a.shared", labels=frozenset({Label.REQUEST}))
    with pytest.raises(NotFound):
        service.read_case_outcomes(actor_of("a.cap_emploi"), world.case["a.shared"])


def test_another_cellule_finds_nothing(world: World, actor_of: ActorOf) -> None:
    request = seance.hold(world).requests[0]
    with pytest.raises(NotFound):
        service.record_outcome(actor_of("b.coordinateur"), request, **values())


def test_recording_ends_the_measure_and_leaves_one_entry(world: World, actor_of: ActorOf) -> None:
    request = seance.hold(world).requests[0]
    assert status_of(request) == "DECIDED"
    service.record_outcome(actor_of("a.service_social"), request, **values(comment="QXCOMMENT"))
    assert status_of(request) == "ENDED"
    [entry] = entries("outcome.record")
    assert (entry.case_id, entry.object_kind) == (world.case_id["a.shared"], "request_outcome")
    assert entry.detail == {"code": "SAME_JOB_ADAPTED", "result": "COMPLETED", "status_group": "salarie"}


def test_a_later_outcome_is_added_and_shown_first(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.coordinateur"), seance.hold(world).requests[0]
    service.record_outcome(actor, request, **values(code=OutcomeCode.STILL_ON_LEAVE, conclusion=None))
    service.record_outcome(actor, request, **values())
    _, followed = service.read_case_outcomes(actor, world.case["a.shared"])
    codes = [outcome.code for line in followed if line.public_id == request for outcome in line.outcomes]
    assert codes == ["SAME_JOB_ADAPTED", "STILL_ON_LEAVE"]


def test_a_request_still_in_seance_has_no_outcome(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.coordinateur"), world.request["a.shared"]
    with pytest.raises(RuleViolation, match="une fois la décision enregistrée"):
        service.record_outcome(actor, request, **values())
    with pytest.raises(RuleViolation, match="une fois la décision enregistrée"):
        service.prepare_outcome(actor, request)
    with as_owner() as session:
        assert session.scalars(select(RequestOutcome)).all() == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("status_group", {"status_group": StatusGroup.TI, "code": OutcomeCode.EXTERNAL_JOB}),
        ("code", {"code": OutcomeCode.BUSINESS_CLOSED}),
        ("observed_on", {"observed_on": clock.today() + timedelta(days=1)}),
        ("comment", {"code": OutcomeCode.MOVED_OR_LOST}),
    ],
)
def test_a_refused_outcome_writes_nothing(
    world: World, actor_of: ActorOf, field: str, changes: dict[str, Any]
) -> None:
    request = seance.hold(world).requests[0]
    with pytest.raises(InvalidInput) as refusal:
        service.record_outcome(actor_of("a.service_social"), request, **values(**changes))
    assert list(refusal.value.errors) == [field]
    assert status_of(request) == "DECIDED"
    assert entries("outcome.record") == []


def test_a_stored_outcome_cannot_be_changed(world: World, actor_of: ActorOf) -> None:
    service.record_outcome(actor_of("a.service_social"), seance.hold(world).requests[0], **values())
    with pytest.raises(Exception, match="append-only"), as_owner() as session:
        session.execute(RequestOutcome.__table__.delete())


def test_the_tab_shows_opinion_and_decision_only_to_who_reads_them(world: World, actor_of: ActorOf) -> None:
    request = seance.hold(world).requests[0]
    change_agreements(world, "a.shared", labels=frozenset({Label.REQUEST, Label.OUTCOME}))
    for name, readable in (("a.cpam", True), ("a.cap_emploi", False)):
        _, followed = service.read_case_outcomes(actor_of(name), world.case["a.shared"])
        line = next(each for each in followed if each.public_id == request)
        assert (line.opinion is not None, line.decision is not None) == (readable, readable)


def test_the_tab_runs_as_many_statements_for_5_and_40_requests(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any], figure: Callable[[str, object], None]
) -> None:
    actor, counts = actor_of("a.coordinateur"), []
    for points in (9, 70):
        seance.hold(world, points=points)
        with count_queries() as statements:
            service.read_case_outcomes(actor, world.case["a.shared"])
        counts.append(len(statements))
    figure("outcomes.tab.queries", f"{counts[0]} statements")
    assert counts[0] == counts[1]
