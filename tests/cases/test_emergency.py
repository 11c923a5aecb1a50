"""The emergency access: one case, read only, sixty minutes, one sign-in, told to two people, in a register."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pdp import wiring
from pdp.accounts import service as accounts
from pdp.accounts.login import limits_of
from pdp.accounts.models import Cellule
from pdp.audit.models import AuditEntry
from pdp.cases import service as cases
from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case, EmergencyAccess
from pdp.cases.service import emergency
from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import GRANTS, Permission, can
from pdp.settings import Settings
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
REASON = "Appel de l’hôpital ce soir : il faut l’état des demandes en cours."
READ_ONLY = {"account:use", "advice:read", "case:list", "case:read", "document:read", "request:read", "rules:read"}


@pytest.fixture(autouse=True)
def _listeners() -> None:
    wiring.connect()


def _cellule(world: World, key: str) -> str:
    with as_owner() as session:
        return session.get_one(Cellule, world.cellule[key]).public_id


def _ask(world: World, key: str = "b", reference: str = "2026-0002", reason: str = REASON) -> dict[str, str]:
    return {"cellule": _cellule(world, key), "reference": reference, "reason": reason}


def _token(world: World, settings: Settings, name: str) -> str:
    return accounts.sign_in_as(world.membership[name], limits_of(settings))


def _resumed(token: str, settings: Settings) -> Actor:
    found = accounts.resume(token, limits_of(settings))
    assert found is not None
    return found.actor


def _restrict(world: World, actor: Actor) -> None:
    with as_owner() as session:
        version = session.get_one(Case, world.case_id["a.shared"]).version
    cases.restrict_case(actor, world.case["a.shared"], reason=RestrictionReason.RELATIVE, version=version)


def test_a_case_of_another_cellule_opens_alone_and_read_only(
    world: World, settings: Settings, actor_of: ActorOf
) -> None:
    token = _token(world, settings, "a.service_medical")
    case_id = emergency.open_emergency(actor_of("a.service_medical"), token, **_ask(world))
    actor = _resumed(token, settings)
    assert case_id == world.case["b.shared"]
    assert cases.read_case(actor, case_id, part="summary").writable == frozenset()
    for other in ("b.alone", "b.triage", "a.shared"):
        with pytest.raises(NotFound):
            cases.read_case(actor, world.case[other], part="summary")
    left = {permission.value for permission in Permission if can(actor, permission)}
    assert left == {word for word in READ_ONLY if actor.role in GRANTS[Permission(word)]}


def test_a_restricted_case_opens_with_the_labels_of_the_role_and_no_social_note(
    world: World, settings: Settings, actor_of: ActorOf
) -> None:
    cases.add_note(actor_of("a.service_social"), world.case["a.shared"], label=Label.SOCIAL, text="Note du référent")
    _restrict(world, actor_of("a.service_social"))
    token = _token(world, settings, "a.manager")
    with pytest.raises(NotFound):
        cases.read_case(actor_of("a.manager"), world.case["a.shared"], part="summary")
    emergency.open_emergency(actor_of("a.manager"), token, **_ask(world, "a"))
    view, notes = cases.read_support(_resumed(token, settings), world.case["a.shared"])
    assert view.identity is not None
    assert notes == []


def test_it_ends_by_itself_after_sixty_minutes_to_the_second(
    world: World, settings: Settings, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    token = _token(world, settings, "a.cpam")
    emergency.open_emergency(actor_of("a.cpam"), token, **_ask(world))
    for minutes in (20, 40, 59):
        monkeypatch.setattr(clock, "now", lambda m=minutes: start + timedelta(minutes=m))
        assert _resumed(token, settings).in_emergency
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=60) - timedelta(microseconds=1))
    assert _resumed(token, settings).in_emergency
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=60))
    after = _resumed(token, settings)
    assert not after.in_emergency
    assert after.cellule_id == world.cellule["a"]
    with pytest.raises(NotFound):
        cases.read_case(after, world.case["b.shared"], part="summary")


def test_it_belongs_to_one_sign_in_and_ends_with_it(world: World, settings: Settings, actor_of: ActorOf) -> None:
    token, other = (_token(world, settings, "a.cpam") for _ in range(2))
    emergency.open_emergency(actor_of("a.cpam"), token, **_ask(world))
    assert not _resumed(other, settings).in_emergency
    accounts.sign_out(token)
    assert accounts.resume(token, limits_of(settings)) is None
    with as_owner() as session:
        access = session.scalars(select(EmergencyAccess)).one()
    assert access.ended_at is not None
    assert access.ended_at < access.expires_at


def test_every_use_is_traced_and_told(
    world: World, settings: Settings, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    people = ("a.cpam", "a.service_medical", "a.coordinateur", "a.service_social", "a.manager")
    for name in people:
        token = _token(world, settings, name)
        case_id = emergency.open_emergency(actor_of(name), token, **_ask(world))
        actor = _resumed(token, settings)
        cases.read_case(actor, case_id, part="summary")
        emergency.end_emergency(actor, token)
        assert not _resumed(token, settings).in_emergency
    with as_owner() as session:
        uses = session.query(EmergencyAccess).count()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("case.emergency"))).all()
        told = {(row.user_id, row.cellule_id) for row in session.query(Notice)}
    opened = [row for row in entries if row.action == "case.emergency" and not row.refused]
    ended = [row for row in entries if row.action == "case.emergency.end"]
    assert (uses, len(opened), len(ended)) == (5, 5, 5)
    assert {row.cellule_id for row in entries} == {world.cellule["b"]}
    assert {(world.user["b.service_social"], world.cellule["b"]), (world.user["b.dpo"], world.cellule["b"])} <= told
    rows = emergency.read_register(actor_of("b.dpo"))
    assert [row.read for row in rows] == [1] * 5
    assert emergency.read_register(actor_of("a.dpo")) == []
    figure(
        "emergency.traced", f"{uses} uses of {uses} in the journal, in the register and told; 60 minutes to the second"
    )


def test_an_unknown_reference_a_refusal_and_a_throttle_answer_alike(
    world: World, settings: Settings, actor_of: ActorOf
) -> None:
    actor, token, messages = actor_of("a.cpam"), _token(world, settings, "a.cpam"), []
    for reference in ("2026-9999", "2026", "2026-000", "%", "2026-0002' OR 1=1"):
        with pytest.raises(InvalidInput) as refused:
            emergency.open_emergency(actor, token, **_ask(world, reference=reference))
        messages.append(str(refused.value.errors))
    assert len(set(messages)) == 1
    for reference in ("2026-0002", "2026-9999"):
        with pytest.raises(InvalidInput, match="erreurs") as refused:
            emergency.open_emergency(actor, token, **_ask(world, reference=reference))
        assert "Trop d’essais" in str(refused.value.errors)
    with as_owner() as session:
        refusals = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.emergency")).all()
        assert session.query(EmergencyAccess).count() == 0
    assert [row.refused for row in refusals] == [True] * 7
    assert {row.case_id for row in refusals} == {None}


def test_a_case_already_open_and_a_reason_that_says_nothing_are_refused_in_words(
    world: World, settings: Settings, actor_of: ActorOf
) -> None:
    actor, token = actor_of("a.cpam"), _token(world, settings, "a.cpam")
    with pytest.raises(RuleViolation, match="déjà ouvert"):
        emergency.open_emergency(actor, token, **_ask(world, "a"))
    for reason in ("urgent", "x" * 60, "a b " * 30):
        with pytest.raises(InvalidInput) as refused:
            emergency.open_emergency(actor, token, **_ask(world, reason=reason))
        assert "reason" in refused.value.errors


@pytest.mark.parametrize("role", ["csam", "spst", "cap_emploi", "dpo", "admin", "pilotage"])
def test_nobody_outside_the_core_has_an_emergency_access(
    world: World, settings: Settings, actor_of: ActorOf, role: str
) -> None:
    with pytest.raises(NotFound):
        emergency.open_emergency(actor_of(f"a.{role}"), "aucun", **_ask(world))


def test_the_pages_warn_open_show_the_bar_and_end(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cpam")
    assert "prévenus aussitôt" in client.get("/acces-urgence").get_data(as_text=True)
    wrong = client.post("/acces-urgence", data=_ask(world, reference="2026-9999"))
    assert wrong.status_code == 422
    assert "Aucun dossier ne s’ouvre" in wrong.get_data(as_text=True)
    page = client.post("/acces-urgence", data=_ask(world), follow_redirects=True).get_data(as_text=True)
    assert "emergency-strip" in page
    assert "2026-0002" in page
    for path in ("/", "/dossiers", "/mon-role", "/simulateur"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "emergency-strip" in answer.get_data(as_text=True), path
    listed = client.get("/dossiers").get_data(as_text=True)
    assert listed.count('class="link-strong"') == 1
    for path in ("/cellule", "/seances", "/acces-urgence", "/dossiers/nouveau"):
        assert client.get(path).status_code == 404, path
    note = client.post(f"/dossiers/{world.case['b.shared']}/accompagnement", data={"label": "request", "text": "x"})
    assert note.status_code == 404
    client.post("/acces-urgence/fin")
    assert "emergency-strip" not in client.get("/").get_data(as_text=True)
    assert client.get(f"/dossiers/{world.case['b.shared']}").status_code == 404


def test_changing_of_role_ends_it(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cpam")
    client.post("/acces-urgence", data=_ask(world))
    client.post("/mon-role", data={"membership": world.membership["a.cpam"]})
    assert "emergency-strip" not in client.get("/").get_data(as_text=True)


def test_the_officer_reviews_each_access_once(world: World, sign_in_as: SignIn) -> None:
    sign_in_as("a.cpam").post("/acces-urgence", data=_ask(world))
    officer = sign_in_as("b.dpo")
    page = officer.get("/acces-urgence/registre").get_data(as_text=True)
    assert "Appel de l’hôpital" in page
    assert "Cpam EssaiA" in page
    with as_owner() as session:
        access = session.scalars(select(EmergencyAccess.public_id)).one()
    path = f"/acces-urgence/registre/{access}"
    assert officer.post(path, data={"comment": ""}).status_code == 422
    assert sign_in_as("a.dpo").post(path, data={"comment": "Vu"}).status_code == 404
    assert officer.post(path, data={"comment": "Justifié, confirmé par le référent."}).status_code == 303
    assert officer.post(path, data={"comment": "Encore"}).status_code in {409, 422}
    assert "Justifié, confirmé" in officer.get("/acces-urgence/registre").get_data(as_text=True)


def test_nobody_examines_their_own_access(world: World, settings: Settings, actor_of: ActorOf) -> None:
    token = _token(world, settings, "a.cpam")
    emergency.open_emergency(actor_of("a.cpam"), token, **_ask(world))
    with as_owner() as session:
        access = session.scalars(select(EmergencyAccess)).one()
        access.user_id = world.user["b.dpo"]
        public_id = access.public_id
    with pytest.raises(RuleViolation, match="Cet accès est le vôtre"):
        emergency.review_access(actor_of("b.dpo"), public_id, comment="Justifié")
    with as_owner() as session:
        assert session.scalars(select(EmergencyAccess.reviewed_at)).one() is None
