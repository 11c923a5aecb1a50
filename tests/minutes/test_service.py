"""Minutes composed from a stored séance, on both engines: numbers, versions, register, who reads what."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from pdp.accounts.models import GovernanceRules
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.core.errors import NotFound, RuleViolation
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.minutes import queries, service
from pdp.minutes.models import Minutes, MinutesFile, MinutesVersion
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.minutes import seance
from tests.minutes.extract import words
from tests.minutes.seance import HELD_AT
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


def versions_of(actor: Actor, public_id: str) -> dict[str, str]:
    return {version.name: version.public_id for version in service.read_minutes(actor, public_id).versions}


def texts(actor: Actor, minutes: str, version: str) -> dict[str, str]:
    return {name: words(name, service.download(actor, minutes, version, name).body) for name in ("pdf", "docx", "odt")}


def change_agreements(world: World, case: str, **values: Any) -> None:
    with as_owner() as session:
        for agreement in session.scalars(
            select(SharingAgreement).where(SharingAgreement.case_id == world.case_id[case])
        ):
            for name, value in values.items():
                setattr(agreement, name, value)
        session.add(AuditEntry(at=clock.now(), action="tests.agreements", refused=False))


def test_numbers_follow_each_other_by_cellule_and_year(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    days = (datetime(2025, 3, 4, 13, tzinfo=UTC), datetime(2026, 1, 13, 13, tzinfo=UTC))
    dates = (days[0], days[0] + timedelta(days=30), days[1], days[1] + timedelta(days=30))
    references = [service.compose_minutes(actor, seance.hold(world, at=day).meeting).reference for day in dates]
    assert references == ["2025-01", "2025-02", "2026-01", "2026-02"]


def test_the_year_is_that_of_the_seance_in_france(world: World, actor_of: ActorOf) -> None:
    # 23:30 UTC on 31 December is already the new year in France.
    held = seance.hold(world, at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert service.compose_minutes(actor_of("a.coordinateur"), held.meeting).reference == "2026-01"


def test_minutes_are_composed_once(world: World, actor_of: ActorOf) -> None:
    actor, held = actor_of("a.coordinateur"), seance.hold(world)
    first = service.compose_minutes(actor, held.meeting)
    second = service.compose_minutes(actor, held.meeting)
    assert (first.created, second.created) == (True, False)
    assert (first.public_id, first.reference) == (second.public_id, second.reference)
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(Minutes)) == 1
        assert session.scalar(select(func.count()).where(AuditEntry.action == "minutes.compose")) == 1


def test_two_composers_at_once_write_one_document(world: World, actor_of: ActorOf) -> None:
    actor, held, barrier = actor_of("a.coordinateur"), seance.hold(world), Barrier(2)

    def compose() -> service.Composed:
        barrier.wait()
        return service.compose_minutes(actor, held.meeting)

    with ThreadPoolExecutor(2) as pool:
        answers = [future.result() for future in [pool.submit(compose), pool.submit(compose)]]
    assert sorted(answer.created for answer in answers) == [False, True]
    assert len({answer.public_id for answer in answers}) == 1


def test_two_seances_composed_at_once_have_two_numbers(world: World, actor_of: ActorOf) -> None:
    actor, barrier = actor_of("a.coordinateur"), Barrier(2)
    meetings = [seance.hold(world).meeting for _ in range(2)]

    def compose(meeting: str) -> str:
        barrier.wait()
        return service.compose_minutes(actor, meeting).reference

    with ThreadPoolExecutor(2) as pool:
        references = list(pool.map(compose, meetings))
    assert sorted(references) == [f"{HELD_AT.year}-01", f"{HELD_AT.year}-02"]


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.OPEN])
def test_an_open_seance_has_no_minutes(world: World, actor_of: ActorOf, status: MeetingStatus) -> None:
    held = seance.hold(world, status=status)
    with pytest.raises(RuleViolation, match="La séance n’est pas close"):
        service.compose_minutes(actor_of("a.coordinateur"), held.meeting)


@pytest.mark.parametrize("role", ["service_social", "manager", "service_medical", "cpam", "csam", "cap_emploi", "dpo"])
def test_only_the_coordinator_composes(world: World, actor_of: ActorOf, role: str) -> None:
    held = seance.hold(world)
    with pytest.raises(NotFound):
        service.compose_minutes(actor_of(f"a.{role}"), held.meeting)


def test_another_cellule_knows_nothing_of_the_minutes(world: World, actor_of: ActorOf) -> None:
    held, stranger = seance.hold(world), actor_of("b.coordinateur")
    with pytest.raises(NotFound):
        service.compose_minutes(stranger, held.meeting)
    composed = service.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    for name in (held.meeting, composed.public_id):
        with pytest.raises(NotFound):
            service.read_minutes(stranger, name)


def test_the_register_tells_the_truth_about_each_file(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    composed = service.compose_minutes(actor, seance.hold(world).meeting)
    seance.deliver()
    view = service.read_minutes(actor, composed.public_id)
    assert [version.name for version in view.versions] == [
        "Version complète",
        "Service de prévention et de santé au travail",
        "Cap emploi",
    ]
    for version in view.versions:
        assert [file.format for file in version.files] == ["pdf", "docx", "odt"]
        for file in version.files:
            sent = service.download(actor, composed.public_id, version.public_id, file.format)
            assert hashlib.sha256(sent.body).hexdigest() == file.sha256
            assert (len(sent.body), sent.file_name) == (file.size, file.file_name)


def test_files_have_neutral_names(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    composed = service.compose_minutes(actor, seance.hold(world).meeting)
    seance.deliver()
    view = service.read_minutes(actor, composed.public_id)
    names = [version.files[0].file_name for version in view.versions]
    year = HELD_AT.year
    assert names == [
        f"pv-{year}-01-complet.pdf",
        f"pv-{year}-01-service-de-prevention-et-de-sante-au-travail.pdf",
        f"pv-{year}-01-cap-emploi.pdf",
    ]


def test_the_complete_version_says_what_was_stored(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.cpam")
    composed = service.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    seance.deliver()
    [version] = versions_of(actor, composed.public_id).values()
    for name, text in texts(actor, composed.public_id, version).items():
        expected = (*seance.SHARED_WORDS, *seance.ALONE_WORDS, *seance.CORE_ONLY_WORDS, "QXADVICECAPSHARED")
        assert [word for word in expected if word not in text] == [], name
        assert [word for word in seance.NEVER_WORDS if word in text] == [], name
        assert "Un point relève de droits qui ne figurent pas dans un procès-verbal" in text, name


def test_a_rule_is_printed_only_for_who_reads_what_it_speaks_of(world: World, actor_of: ActorOf) -> None:
    coordinator, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    change_agreements(world, "a.shared", labels=frozenset({Label.IDENTITY, Label.REQUEST}))
    composed = service.compose_minutes(coordinator, seance.hold(world).meeting)
    seance.deliver()
    [version] = versions_of(partner, composed.public_id).values()
    for name, text in texts(partner, composed.public_id, version).items():
        assert "QXREASONSHARED" in text, name
        hidden = ("QXSTOPPAGESHARED", "EE-E-10", "QXPIECESHARED", "QXCONDITIONSHARED", *seance.NEVER_WORDS)
        assert [word for word in hidden if word in text] == [], name
        assert "Un point relève de droits" not in text, name


def test_the_complete_version_tells_seats_votes_and_times(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    composed = service.compose_minutes(actor, seance.hold(world).meeting)
    seance.deliver()
    plain = json.dumps(service.read_minutes(actor, composed.public_id).shown.content, ensure_ascii=False)
    local = clock.local(HELD_AT + timedelta(minutes=27))
    for expected in (
        # The vote that holds is the second one of the seat; the seat without a vote is absent from the list.
        "4 pour\u00a0; 1 contre. La majorité est acquise.",
        "favorable sous réserve",
        "ne s’est pas prononcé",
        f"arrivée à {local.hour}\u00a0h\u00a0{local.minute:02d}, point\u00a02",
        "en visioconférence",
        "excusé",
        "Il faut trois sièges délibératifs sur six",
        "Atteint : 5 sièges délibératifs",
        "demande accordée le 13\u00a0mars 2026",
        "Oui, vu QXANSWERSHARED",
        "Médecin traitant\u00a0: donné le 24\u00a0février 2026. "
        "Médecin-conseil\u00a0: refusé le 25\u00a0février 2026, soins en cours QXPIECESHARED.",
    ):
        assert expected in plain, expected
    assert plain.count('"text": "arrivée à') == 1


def test_a_partner_receives_its_case_and_nothing_of_the_other(world: World, actor_of: ActorOf) -> None:
    held = seance.hold(world)
    composed = service.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    partner = actor_of("a.cap_emploi")
    view = service.read_minutes(partner, composed.public_id)
    assert [version.name for version in view.versions] == ["Cap emploi"]
    for name, text in texts(partner, composed.public_id, view.versions[0].public_id).items():
        hidden = (*seance.ALONE_WORDS, *seance.CORE_ONLY_WORDS, *seance.NEVER_WORDS)
        assert [word for word in hidden if word in text] == [], name
        expected = (*seance.SHARED_WORDS, "QXADVICECAPSHARED", "QXACTIONSHARED")
        assert [word for word in expected if word not in text] == [], name


def test_a_partner_never_reaches_another_version(world: World, actor_of: ActorOf) -> None:
    coordinator, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    composed = service.compose_minutes(coordinator, seance.hold(world).meeting)
    seance.deliver()
    for name, version in versions_of(coordinator, composed.public_id).items():
        if name == "Cap emploi":
            continue
        with pytest.raises(NotFound):
            service.download(partner, composed.public_id, version, "pdf")
        with pytest.raises(NotFound):
            service.read_minutes(partner, composed.public_id, compare=version)


def test_a_partner_without_a_shared_case_has_no_version(world: World, actor_of: ActorOf) -> None:
    composed = service.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    seance.deliver()
    for name in ("a.mdph", "a.comete", "a.oeth"):
        with pytest.raises(NotFound):
            service.read_minutes(actor_of(name), composed.public_id)


def test_an_agreement_withdrawn_before_composition_gives_no_version(world: World, actor_of: ActorOf) -> None:
    coordinator, held = actor_of("a.coordinateur"), seance.hold(world)
    change_agreements(world, "a.shared", withdrawn_on=clock.today())
    composed = service.compose_minutes(coordinator, held.meeting)
    seance.deliver()
    assert list(versions_of(coordinator, composed.public_id)) == ["Version complète"]


def test_an_agreement_given_after_the_seance_opens_nothing_of_it(world: World, actor_of: ActorOf) -> None:
    coordinator, held = actor_of("a.coordinateur"), seance.hold(world)
    change_agreements(world, "a.shared", starts_on=clock.today())
    composed = service.compose_minutes(coordinator, held.meeting)
    seance.deliver()
    assert list(versions_of(coordinator, composed.public_id)) == ["Version complète"]


@pytest.mark.parametrize("end", ["withdrawal", "period", "narrowing", "case"])
def test_the_end_of_a_sharing_shuts_the_partner_version(world: World, actor_of: ActorOf, end: str) -> None:
    coordinator, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    composed = service.compose_minutes(coordinator, seance.hold(world).meeting)
    seance.deliver()
    version = versions_of(coordinator, composed.public_id)["Cap emploi"]
    assert service.download(partner, composed.public_id, version, "pdf").file_name.endswith("cap-emploi.pdf")
    _end_sharing(world, end)
    with pytest.raises(NotFound, match="ne vous est plus ouverte") as refusal:
        service.download(partner, composed.public_id, version, "pdf")
    assert [word for word in ("Shared", "2026-0002") if word in refusal.value.message] == []
    with pytest.raises(NotFound, match="ne vous est plus ouverte"):
        service.read_minutes(partner, composed.public_id)
    # What was sent is still in the coordinator's register.
    assert service.download(coordinator, composed.public_id, version, "pdf").body


def _end_sharing(world: World, end: str) -> None:
    match end:
        case "withdrawal":
            change_agreements(world, "a.shared", withdrawn_on=clock.today())
        case "period":
            change_agreements(world, "a.shared", ends_on=clock.today() - timedelta(days=1))
        case "narrowing":
            change_agreements(world, "a.shared", labels=frozenset({Label.REQUEST, Label.IDENTITY}))
        case "case":
            with as_owner() as session:
                session.get_one(Case, world.case_id["a.shared"]).stage = Stage.CLOSED
                session.add(AuditEntry(at=clock.now(), action="tests.close", refused=False))


def test_an_spst_version_holds_no_conclusion_even_for_its_physician(world: World, actor_of: ActorOf) -> None:
    coordinator = actor_of("a.coordinateur")
    composed = service.compose_minutes(coordinator, seance.hold(world).meeting)
    seance.deliver()
    with as_owner() as session:
        contents = session.scalars(
            select(MinutesVersion.content).where(MinutesVersion.organisation_id == world.organisation["a.spst"])
        )
        [content] = contents
    assert "'label': 'request'" in str(content)
    assert "'label': 'conclusion'" not in str(content)
    assert composed.created


def test_reading_leaves_one_entry_per_case_of_the_document(world: World, actor_of: ActorOf) -> None:
    coordinator, partner = actor_of("a.coordinateur"), actor_of("a.cap_emploi")
    composed = service.compose_minutes(coordinator, seance.hold(world, points=4).meeting)
    seance.deliver()
    version = versions_of(partner, composed.public_id)["Cap emploi"]
    service.download(partner, composed.public_id, version, "odt")
    service.read_minutes(actor_of("a.cpam"), composed.public_id)
    with as_owner() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "minutes.read").order_by(AuditEntry.id)
        )
        told = [(entry.role, entry.case_id, (entry.detail or {}).get("file_format")) for entry in entries]
    shared, alone = world.case_id["a.shared"], world.case_id["a.alone"]
    assert told == [
        ("cap_emploi", shared, None),
        ("cap_emploi", shared, "odt"),
        ("cpam", min(shared, alone), None),
        ("cpam", max(shared, alone), None),
    ]


def test_stored_minutes_cannot_be_changed(world: World, actor_of: ActorOf) -> None:
    service.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    for table in (Minutes, MinutesVersion, MinutesFile):
        with pytest.raises(Exception, match="append-only"), as_owner() as session:
            session.execute(table.__table__.delete())


def test_composing_and_reading_run_as_many_statements_for_5_and_40_points(
    world: World, actor_of: ActorOf, count_queries: Callable[[], Any], figure: Callable[[str, object], None]
) -> None:
    actor, counts = actor_of("a.coordinateur"), []
    for points in (5, 40):
        held = seance.hold(world, points=points)
        with count_queries() as drafting:
            service.open_minutes(actor, held.meeting)
        with count_queries() as composing:
            service.compose_minutes(actor, held.meeting)
        with count_queries() as reading:
            service.open_minutes(actor, held.meeting)
        counts.append((len(drafting), len(composing), len(reading)))
    figure("minutes.queries", f"draft, composition, page: {counts[0]} statements")
    assert counts[0] == counts[1]


def test_the_rules_are_those_of_the_day_of_the_opening(world: World) -> None:
    # Planned for one day, opened on a later one from which other rules hold: its ballots were counted under these.
    held = seance.hold(world)
    with as_owner() as session:
        session.add(GovernanceRules(cellule_id=world.cellule["a"], valid_from=clock.today(), quorum_percent=75))
        meeting = session.scalars(select(Meeting).where(Meeting.public_id == held.meeting)).one()
        meeting.opened_at = clock.now()
        audit.record(None, "meeting.open", subject=meeting)
        session.flush()
        assert queries.load(meeting).rules.quorum_percent == 75
