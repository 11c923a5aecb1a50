"""Requests through their use cases: each right and each refusal, with its journal entry."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from pdp.accounts.models import GovernanceRules
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.core.errors import Conflict, Forbidden, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import AgreementKind, Dispositif, PersonStatus, StatusGroup
from pdp.policy.actor import Actor
from pdp.requests import queries, service
from pdp.requests.enums import PieceState, RequestAction, RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import EligibilitySnapshot, HumanAnswer
from pdp.requests.rules.findings import read_stored
from tests.meetings.builders import build_request
from tests.requests.build import ask, evict_ineligibility, piece_of, reload, set_case
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SALARIE, TI = StatusGroup.SALARIE, StatusGroup.TI


def snapshots(request: str) -> Sequence[EligibilitySnapshot]:
    with as_owner():
        return queries.list_snapshots(reload(request))


def entries(action: str) -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def test_a_request_is_created_as_a_draft_with_the_pieces_of_its_dispositif(world: World, actor_of: ActorOf) -> None:
    request = reload(ask(actor_of("a.service_social"), world))
    assert request.status is RequestStatus.DRAFT
    assert [(piece.kind, piece.state.value) for piece in request.pieces] == [
        ("ATTENDING", "MISSING"),
        ("ADVISER", "MISSING"),
        ("OCCUPATIONAL", "MISSING"),
        ("HOST_COMPANY", "MISSING"),
        ("TRIAL_CONVENTION", "ABSENT"),
    ]
    assert entries("request.create") == 1


def test_a_double_status_asks_for_the_pieces_of_both_once(world: World, actor_of: ActorOf) -> None:
    set_case(world, activities=(PersonStatus.EMPLOYEE_CDI, PersonStatus.SE_TRADE))
    request = reload(ask(actor_of("a.service_social"), world, dispositif=Dispositif.INCLUPRO))
    assert [piece.kind for piece in request.pieces] == ["ATTENDING", "ADVISER", "BOETH_RECEIPT"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("a.service_social", "DRAFT"),
        ("a.manager", "DRAFT"),
        ("a.service_medical", "DRAFT"),
        ("a.cpam", "DRAFT"),
        ("a.coordinateur", "DRAFT"),
        ("a.spst", "PROPOSED"),
        ("a.cap_emploi", "PROPOSED"),
        ("a.comete", "hidden"),
        ("a.mdph", "hidden"),
        ("a.csam", "hidden"),
        ("a.pilotage", "hidden"),
        ("a.dpo", "hidden"),
        ("a.admin", "hidden"),
        ("b.service_social", "hidden"),
    ],
)
def test_who_may_ask(world: World, actor_of: ActorOf, who: str, expected: str) -> None:
    if expected == "hidden":
        with pytest.raises(NotFound):
            ask(actor_of(who), world)
    else:
        assert reload(ask(actor_of(who), world)).status.value == expected


def test_a_period_that_ends_before_it_starts_is_refused(world: World, actor_of: ActorOf) -> None:
    today = clock.today()
    with pytest.raises(InvalidInput) as refusal:
        ask(actor_of("a.service_social"), world, measure_start=today, measure_end=today - timedelta(days=1))
    assert refusal.value.errors == {"measure_end": ["La fin précède le début. Vérifiez les deux dates."]}
    assert entries("request.create") == 0


@pytest.mark.parametrize(("case", "word"), [("a.triage", "à trier"), ("a.closed", "clos")])
def test_a_case_that_is_not_followed_takes_no_request(world: World, actor_of: ActorOf, case: str, word: str) -> None:
    with pytest.raises(RuleViolation, match=word):
        ask(actor_of("a.service_social"), world, case=case)


def test_a_proposal_is_confirmed_by_the_referent_alone(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.cap_emploi"), world)
    for who in ("a.cap_emploi", "a.cpam", "a.service_social_2"):
        with pytest.raises(Forbidden):
            service.confirm(actor_of(who), request)
    service.confirm(actor_of("a.service_social"), request)
    assert reload(request).status is RequestStatus.DRAFT
    assert entries("request.move") == 1


def test_a_partner_changes_its_own_proposal_only(world: World, actor_of: ActorOf) -> None:
    own = ask(actor_of("a.cap_emploi"), world)
    other = ask(actor_of("a.service_social"), world)
    service.edit(actor_of("a.cap_emploi"), own, version=1, author=RequestAuthor.INSURED, purpose="Autre objet")
    with pytest.raises(Forbidden):
        service.edit(actor_of("a.cap_emploi"), other, version=1, author=RequestAuthor.INSURED)
    with pytest.raises(Forbidden):
        service.withdraw(actor_of("a.spst"), own)
    service.confirm(actor_of("a.service_social"), own)
    with pytest.raises(Forbidden):
        service.withdraw(actor_of("a.cap_emploi"), own)


def test_a_partner_without_the_label_does_not_find_the_request(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world, case="a.alone")
    for who in ("a.cap_emploi", "a.mdph", "a.csam", "b.service_social"):
        with pytest.raises(NotFound), as_owner():
            queries.get_request(actor_of(who), request)


def test_a_stale_form_changes_nothing(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.service_social"), ask(actor_of("a.service_social"), world)
    service.edit(actor, request, version=1, author=RequestAuthor.INSURED, purpose="Premier texte")
    with pytest.raises(Conflict, match="rien n’est perdu"):
        service.edit(actor, request, version=1, author=RequestAuthor.INSURED, purpose="Second texte")
    assert reload(request).purpose == "Premier texte"
    with pytest.raises(Conflict):
        service.submit(actor, request, version=1)
    assert reload(request).version == 2


def test_what_is_ready_is_reopened_before_it_changes(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.service_social"), ask(actor_of("a.service_social"), world)
    service.submit(actor, request)
    with pytest.raises(RuleViolation, match="Remettez-la en brouillon"):
        service.edit(actor, request, version=2, author=RequestAuthor.INSURED)
    service.move(actor, request, RequestAction.REOPEN)
    service.edit(actor, request, version=3, author=RequestAuthor.INSURED, purpose="Corrigé")
    assert reload(request).purpose == "Corrigé"


# What the séance, the decision and the measure alone may do, and the role that holds the right to do it there.
ELSEWHERE = [
    ("a.coordinateur", "READY", RequestAction.SCHEDULE),
    ("a.coordinateur", "SCHEDULED", RequestAction.UNSCHEDULE),
    ("a.coordinateur", "SCHEDULED", RequestAction.GIVE_OPINION),
    ("a.coordinateur", "SCHEDULED", RequestAction.ADJOURN),
    ("a.coordinateur", "SCHEDULED", RequestAction.REORIENT),
    ("a.cpam", "OPINION_GIVEN", RequestAction.DECIDE),
    ("a.cpam", "OPINION_GIVEN", RequestAction.REFUSE),
    ("a.service_social", "DECIDED", RequestAction.START),
    ("a.service_social", "RUNNING", RequestAction.END),
]


@pytest.mark.parametrize(("person", "status", "action"), ELSEWHERE)
def test_the_page_of_a_request_never_replaces_the_seance_the_decision_or_the_measure(
    world: World, actor_of: ActorOf, person: str, status: str, action: RequestAction
) -> None:
    request = build_request(world, status=RequestStatus(status))
    with pytest.raises(RuleViolation, match="depuis la séance, la décision ou la mesure"):
        service.move(actor_of(person), request, action)
    assert reload(request).status.value == status


def test_a_proposal_is_not_confirmed_once_its_case_is_over(world: World, actor_of: ActorOf) -> None:
    request = build_request(world, "a.closed", RequestStatus.PROPOSED)
    with pytest.raises(Forbidden):
        service.confirm(actor_of("a.service_social"), request)


# role → kinds that the role may record, with a document named.
PIECE_WRITERS = {
    "a.service_social": {"ATTENDING", "OCCUPATIONAL", "HOST_COMPANY", "TRIAL_CONVENTION"},
    "a.manager": {"ATTENDING", "OCCUPATIONAL", "HOST_COMPANY", "TRIAL_CONVENTION"},
    "a.service_medical": {"ADVISER", "TRIAL_CONVENTION"},
    "a.cpam": set(),
    "a.coordinateur": set(),
    "a.spst": {"OCCUPATIONAL", "TRIAL_CONVENTION"},
    "a.cap_emploi": set(),
    "a.comete": set(),
    "a.mdph": set(),
    "a.csam": set(),
    "a.pilotage": set(),
    "a.dpo": set(),
    "a.admin": set(),
}


@pytest.mark.parametrize("who", PIECE_WRITERS)
def test_each_role_records_its_own_kinds_of_piece(world: World, actor_of: ActorOf, who: str) -> None:
    request = ask(actor_of("a.service_social"), world)
    recorded = set()
    for piece in reload(request).pieces:
        state = PieceState.PRESENT if piece.kind == "TRIAL_CONVENTION" else PieceState.GIVEN
        try:
            service.record_piece(
                actor_of(who),
                request,
                piece.public_id,
                version=1,
                state=state,
                dated=clock.today(),
                comment="document reçu",
            )
        except (RuleViolation, NotFound):
            continue
        recorded.add(piece.kind)
    assert recorded == PIECE_WRITERS[who]
    assert entries("request.piece") == len(recorded)


def test_a_member_who_may_not_record_an_agreement_is_told_whose_act_it_is(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    piece = piece_of(request, "ADVISER")
    with pytest.raises(RuleViolation, match="Seul le service médical"):
        service.record_piece(actor_of("a.cpam"), request, piece.public_id, version=1, state=PieceState.GIVEN)


def test_a_stale_piece_is_refused_and_a_recorded_one_is_not_asked_again(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    piece, adviser = piece_of(request, "ADVISER"), actor_of("a.service_medical")
    service.ask_piece(actor_of("a.service_social"), request, piece.public_id)
    assert piece_of(request, "ADVISER").asked_on == clock.today()
    with pytest.raises(Conflict):
        service.record_piece(adviser, request, piece.public_id, version=1, state=PieceState.GIVEN)
    service.record_piece(adviser, request, piece.public_id, version=2, state=PieceState.GIVEN, dated=clock.today())
    with pytest.raises(RuleViolation, match="déjà au dossier"):
        service.ask_piece(actor_of("a.service_social"), request, piece.public_id)


def test_submitting_keeps_every_rule_with_its_version_and_the_facts(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    (snapshot,) = snapshots(request)
    assert snapshot.reason is SnapshotReason.SUBMITTED
    assert snapshot.doctrine == "regional"
    assert len(snapshot.ruleset_hash) == 64
    (result,) = snapshot.results
    assert result["status_group"] == "salarie"
    assert len(result["rules"]) == 22  # 5 common rules and 17 of the essai encadré
    assert all(rule["version"] for rule in result["rules"])
    assert snapshot.facts["salarie"]["request.author"] == "INSURED"


def test_a_kept_eligibility_does_not_move_with_what_comes_after(
    world: World, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    before = snapshots(request)[0].results
    evict_ineligibility(monkeypatch)
    service.move(actor_of("a.service_social"), request, RequestAction.REOPEN)
    service.submit(actor_of("a.service_social"), request)
    second, first = snapshots(request)
    assert first.results == before
    assert len(second.results[0]["rules"]) == 5
    assert first.ruleset_hash != second.ruleset_hash


@pytest.mark.parametrize(("status", "kept"), [("DRAFT", 0), ("READY", 1), ("SCHEDULED", 1), ("ADJOURNED", 1)])
def test_a_piece_of_a_declared_request_renews_the_verdict_that_lists_show(
    world: World, actor_of: ActorOf, status: str, kept: int
) -> None:
    missing = {AgreementKind.ADVISER: PieceState.MISSING}
    request = build_request(world, status=RequestStatus(status), agreements=missing)
    piece = piece_of(request, "ADVISER")
    service.ask_piece(actor_of("a.service_social"), request, piece.public_id)
    assert len(snapshots(request)) == kept
    service.record_piece(
        actor_of("a.service_medical"),
        request,
        piece.public_id,
        version=2,
        state=PieceState.REFUSED,
        dated=clock.today(),
    )
    found = snapshots(request)
    assert len(found) == 2 * kept
    if found:
        assert found[0].reason is SnapshotReason.CHECKED
        assert found[0].facts["salarie"]["agreement.ADVISER"] == "REFUSED"


def test_a_snapshot_row_cannot_be_changed(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    (snapshot,) = snapshots(request)
    with pytest.raises(DatabaseError, match="append-only"), as_owner() as session:
        session.execute(
            update(EligibilitySnapshot).where(EligibilitySnapshot.id == snapshot.id).values(doctrine="law")
        )


def _to_verify(request: str) -> str:
    with as_owner():
        appraisal = service.appraise(reload(request))
    return next(each.id for each in appraisal.results[0].failed if each.verdict == "a_verifier")


def test_a_deliberative_member_answers_a_point_to_check_by_name(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.BILAN_COMPETENCES)
    rule = _to_verify(request)
    service.answer_rule(actor_of("a.cpam"), request, group=SALARIE, rule_id=rule, accepted=True, reason="Vérifié")
    with as_owner() as session:
        stored = session.scalars(select(HumanAnswer)).one()
        (answer,) = service.answers_of(reload(request))
    assert (stored.rule_id, stored.accepted, stored.seat_label) == (rule, True, "CPAM, siège 1")
    assert answer.by.endswith(", CPAM, siège 1")
    assert entries("request.answer") == 1


def test_the_coordinator_reads_and_settles_a_verdict_on_rights_that_only_others_read(
    world: World, actor_of: ActorOf
) -> None:
    """The amounts and counters stay hidden; what the rule answered is of the label `request`."""
    set_case(world, activities=(PersonStatus.SE_TRADE,))
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.BILAN_COMPETENCES)
    coordinator = actor_of("a.coordinateur")
    (group,) = service.read_request(coordinator, request).groups
    assert "BC-S-04" in {line.finding.id for line in group.failed if line.may_answer}
    service.answer_rule(coordinator, request, group=TI, rule_id="BC-S-04", accepted=True)
    assert entries("request.answer") == 1
    (partner,) = service.read_request(actor_of("a.cap_emploi"), request).groups
    assert "BC-S-04" not in {line.finding.id for line in partner.failed}


@pytest.mark.parametrize(
    ("who", "values", "error"),
    [
        ("a.cap_emploi", {}, Forbidden),
        ("a.service_medical_2", {"rule_id": "BC-E-01"}, NotFound),
        ("a.service_medical", {"accepted": False}, InvalidInput),
        ("a.service_medical", {"group": TI}, NotFound),
        ("a.service_medical", {"rule_id": "BC-E-02"}, RuleViolation),
    ],
)
def test_an_answer_is_refused(
    world: World, actor_of: ActorOf, who: str, values: dict[str, Any], error: type[Exception]
) -> None:
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.BILAN_COMPETENCES)
    given = {"group": SALARIE, "rule_id": _to_verify(request), "accepted": True} | values
    with pytest.raises(error):
        service.answer_rule(actor_of(who), request, **given)
    assert entries("request.answer") == 0


def test_the_regional_doctrine_is_set_aside_with_a_reason_and_a_text_of_law_never(
    world: World, actor_of: ActorOf
) -> None:
    set_case(world, activities=(PersonStatus.SE_TRADE,))
    tpt = ask(actor_of("a.service_social"), world, dispositif=Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE)
    trial = ask(actor_of("a.service_social"), world, dispositif=Dispositif.ESSAI_ENCADRE)
    cpam = actor_of("a.cpam")
    with pytest.raises(InvalidInput):
        service.override(cpam, tpt, group=TI, rule_id="TPT-S-00", reason=" ")
    service.override(cpam, tpt, group=TI, rule_id="TPT-S-00", reason="L’article D. 622-10 l’ouvre aux indépendants.")
    assert entries("request.override") == 1
    with pytest.raises(RuleViolation, match="vient d’un texte"):
        service.override(cpam, trial, group=TI, rule_id="EE-S-01", reason="Situation particulière.")


def test_a_refused_medical_agreement_is_not_set_aside(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    adviser = piece_of(request, "ADVISER")
    service.record_piece(
        actor_of("a.service_medical"),
        request,
        adviser.public_id,
        version=1,
        state=PieceState.REFUSED,
        dated=clock.today(),
    )
    with pytest.raises(RuleViolation, match="aucun membre ne peut passer outre"):
        service.override(actor_of("a.cpam"), request, group=SALARIE, rule_id="EE-E-05", reason="Malgré tout.")
    service.submit(actor_of("a.service_social"), request)
    with as_owner():
        found = reload(request)
        snapshot = queries.newest_snapshot(found)
        assert snapshot is not None
        standing = service.standing_of(found, snapshot)
    assert standing.allowed_opinions == {"UNFAVOURABLE", "NO_OBJECT", "REORIENTED"}


def test_paul_as_self_employed_gets_the_verdicts_of_the_seeds(world: World, actor_of: ActorOf) -> None:
    set_case(world, activities=(PersonStatus.SE_TRADE,))
    expected = {
        Dispositif.ESSAI_ENCADRE: "ineligible",
        Dispositif.CRPE: "ineligible",
        Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE: "ineligible",
        Dispositif.INCLUPRO: "a_verifier",
        Dispositif.BILAN_COMPETENCES: "a_verifier",
    }
    for dispositif, verdict in expected.items():
        request = reload(ask(actor_of("a.service_social"), world, dispositif=dispositif))
        with as_owner():
            (result,) = service.appraise(request).results
        assert (result.group, result.verdict.value) == (TI, verdict), dispositif


def test_under_the_doctrine_of_the_law_the_tpt_of_paul_is_to_be_checked(world: World, actor_of: ActorOf) -> None:
    set_case(world, activities=(PersonStatus.SE_TRADE,))
    request = reload(ask(actor_of("a.service_social"), world, dispositif=Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE))
    with as_owner():
        (regional,) = service.appraise(request).results
    assert regional.divergence is not None
    assert (regional.divergence.regional.value, regional.divergence.law.value) == ("ineligible", "a_verifier")
    with as_owner() as session:
        rules = session.scalars(select(GovernanceRules).where(GovernanceRules.cellule_id == world.cellule["a"])).one()
        rules.doctrine = "law"
        session.add(AuditEntry(at=clock.now(), action="tests.doctrine", refused=False))
    with as_owner():
        (law,) = service.appraise(request).results
    assert law.verdict.value == "a_verifier"


def test_valerie_reaches_an_open_trial_once_every_piece_is_there(world: World, actor_of: ActorOf) -> None:
    today = clock.today()
    request = ask(
        actor_of("a.service_social"),
        world,
        measure_start=today + timedelta(days=7),
        measure_end=today + timedelta(days=13),
        details={"trial.tutor_name": "Mme T."},
    )
    with as_owner():
        assert service.appraise(reload(request)).results[0].verdict.value == "piece_manquante"
    writers = {"ADVISER": "a.service_medical", "OCCUPATIONAL": "a.spst"}
    for piece in reload(request).pieces:
        service.record_piece(
            actor_of(writers.get(piece.kind, "a.service_social")),
            request,
            piece.public_id,
            version=1,
            state=PieceState.PRESENT if piece.kind == "TRIAL_CONVENTION" else PieceState.GIVEN,
            dated=today,
            comment="document reçu",
        )
    with as_owner():
        (result,) = service.appraise(reload(request)).results
    assert result.verdict.value == "eligible", [finding.id for finding in result.failed]


def test_a_person_with_two_statuses_gets_two_answers(world: World, actor_of: ActorOf) -> None:
    set_case(world, activities=(PersonStatus.EMPLOYEE_CDI, PersonStatus.SE_CRAFT))
    request = ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    (snapshot,) = snapshots(request)
    assert [(each.group, each.verdict.value) for each in read_stored(snapshot.results)] == [
        (SALARIE, "a_verifier"),
        (TI, "ineligible"),
    ]
    assert set(snapshot.facts) == {"salarie", "ti"}


def test_earlier_trials_of_the_same_arret_count_towards_the_limits(world: World, actor_of: ActorOf) -> None:
    today, actor = clock.today(), actor_of("a.service_social")
    first = ask(actor, world, measure_start=today - timedelta(days=20), measure_end=today - timedelta(days=7))
    service.submit(actor, first)
    second = ask(actor, world, measure_start=today + timedelta(days=7), measure_end=today + timedelta(days=13))
    with as_owner():
        found = service.appraise(reload(second))
        earlier = service.appraise(reload(first))
    assert found.trial is not None
    assert earlier.trial is not None
    assert found.trial.engaged == earlier.trial.asked
    assert found.trial.total == found.trial.asked + earlier.trial.asked


def test_the_moves_of_a_seance_join_the_transaction_of_the_caller(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.coordinateur"), ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    with as_owner() as session:
        found = queries.get_request(actor, request, lock=True)
        service.advance(actor, found, RequestAction.SCHEDULE)
        session.add(AuditEntry(at=clock.now(), action="tests.agenda", refused=False))
    assert reload(request).status is RequestStatus.SCHEDULED
    with pytest.raises(Forbidden), as_owner():  # noqa: PT012
        found = queries.get_request(actor_of("a.cpam"), request, lock=True)
        service.advance(actor_of("a.cpam"), found, RequestAction.GIVE_OPINION)
    assert reload(request).status is RequestStatus.SCHEDULED


def test_a_request_of_the_other_cellule_is_a_missing_one(world: World, actor_of: ActorOf) -> None:
    request = ask(actor_of("b.service_social"), world, case="b.shared")
    with pytest.raises(NotFound):
        service.submit(actor_of("a.service_social"), request)
    assert reload(request).status is RequestStatus.DRAFT
