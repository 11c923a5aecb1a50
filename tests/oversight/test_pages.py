"""The DPO's pages, the administrator's counts, one's own entries and the insured's extract."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.cases import service as cases
from pdp.core import clock, db
from pdp.core.db import Database
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.policy.actor import Actor
from tests.audit import builders as journal
from tests.oversight import builders
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]


def page(client: StrictClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def person_id(world: World, name: str) -> str:
    with as_owner() as session:
        from pdp.accounts.models import User

        return session.get_one(User, world.user[name]).public_id


def block(world: World, person: str = "cap_emploi") -> str:
    """Suspend a person today."""
    alert_id = builders.add(world, "a.shared", person, AlertKind.BLOCK)
    with as_owner() as session:
        alert = session.scalars(select(AccessAlert).where(AccessAlert.public_id == alert_id)).one()
        alert.day, alert.looked_at, alert.looked_by_id, alert.comment = clock.today(), None, None, ""
        alert.lifted_at, alert.lifted_by_id, alert.lift_reason = None, None, ""
    return alert_id


def test_the_dpo_reads_the_journal_of_a_person_and_of_a_case(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    cases.read_case(actor_of("a.cap_emploi"), world.case["a.shared"], part="summary")
    with pytest.raises(Exception, match="n’existe pas"):
        cases.read_case(actor_of("a.cap_emploi"), world.case["a.alone"], part="summary")
    audit.record_refusal(actor_of("a.cap_emploi"), "cases.show_case")
    client = sign_in_as("a.dpo")
    person = words(page(client, f"/journal/personnes/{person_id(world, 'a.cap_emploi')}"))
    assert "Cap EssaiA" in person
    assert "Synthèse consultée 2026-0002" in person
    assert "Adresse refusée Refusé" in person
    case = words(page(client, f"/journal/dossiers/{world.case['a.shared']}"))
    assert "Cap EssaiA Cap emploi Synthèse consultée" in case
    # Reading the journal of a case opens nothing else of it.
    assert "NomShared" not in case
    found = client.get("/journal/dossiers?reference=2026-0002")
    assert found.location.endswith(world.case["a.shared"])
    assert "Aucun dossier de la cellule" in page(client, "/journal/dossiers?reference=1999-0001")


def test_the_journal_of_another_cellule_is_nowhere(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    cases.read_case(actor_of("b.cap_emploi"), world.case["b.shared"], part="summary")
    client = sign_in_as("a.dpo")
    assert client.get(f"/journal/dossiers/{world.case['b.shared']}").status_code == 404
    assert client.get(f"/journal/personnes/{person_id(world, 'b.cap_emploi')}").status_code == 404
    assert "EssaiB" not in page(client, "/journal/personnes")


def test_filters_by_day_and_nature_and_pages_lose_and_repeat_nothing(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    actor, now = actor_of("a.service_social"), clock.now()
    with db.transaction(actor):
        for number in range(120):
            audit.record(actor, "case.read", case_id=world.case_id["a.alone"], part="summary", number=number)
    with clock.acting_at(now - timedelta(days=40)), db.transaction(actor):
        audit.record(actor, "case.referent", case_id=world.case_id["a.alone"])
    client, path = sign_in_as("a.dpo"), f"/journal/personnes/{person_id(world, 'a.service_social')}"
    rows, following = 0, path
    for _ in range(4):
        html = page(client, following)
        rows += html.count("Synthèse consultée")
        found = re.search(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', html)
        if not found:
            break
        following = (found[1] or found[2]).replace("&amp;", "&")
    assert rows == 120
    day = clock.local(now - timedelta(days=40)).date()
    old = words(page(client, f"{path}?jour={day.isoformat()}"))
    assert "Référent désigné" in old
    assert "Synthèse consultée" not in old
    writes = words(page(client, f"{path}?nature=ecriture"))
    assert "Référent désigné" in writes
    assert "Synthèse consultée" not in writes
    # What cannot be read is left out, and never an error.
    for nonsense in (
        "?jour=2026-99-99",
        "?apres=1-2-3",
        "?apres=9999999999999999999-1",
        "?nature=x",
        "?jour=9999-12-31",
    ):
        page(client, path + nonsense)


def test_an_alert_is_looked_at_once_with_a_comment(world: World, sign_in_as: SignIn) -> None:
    alert_id, client = block(world), sign_in_as("a.dpo")
    home = words(page(client, "/"))
    assert "1 alerte du journal est à examiner." in home
    assert "Rien ne vous attend" not in home
    assert "Accès aux dossiers suspendu" in page(client, "/journal/alertes")
    assert client.post(f"/journal/alertes/{alert_id}/examen", data={"comment": " "}).status_code == 422
    done = client.post(f"/journal/alertes/{alert_id}/examen", data={"comment": "Vu avec la direction."})
    assert done.status_code == 303
    shown = words(page(client, f"/journal/alertes/{alert_id}"))
    assert "Dpo EssaiA" in shown
    assert "Vu avec la direction." in shown
    again = client.post(f"/journal/alertes/{alert_id}/examen", data={"comment": "Encore"})
    assert again.status_code == 422
    assert "déjà été examinée" in again.get_data(as_text=True)
    assert "Aucune alerte à examiner" in page(client, "/journal/alertes")
    assert "Rien ne vous attend" in page(client, "/")
    assert "Examinée" in page(client, "/journal/alertes?etat=toutes")


def test_a_suspension_is_lifted_with_a_reason_and_the_person_opens_cases_again(
    world: World, sign_in_as: SignIn
) -> None:
    alert_id, client, partner = block(world), sign_in_as("a.dpo"), sign_in_as("a.cap_emploi")
    case = f"/dossiers/{world.case['a.shared']}"
    assert partner.get(case).status_code == 403
    assert client.post(f"/journal/alertes/{alert_id}/levee", data={"reason": ""}).status_code == 422
    assert partner.get(case).status_code == 403
    assert client.post(f"/journal/alertes/{alert_id}/levee", data={"reason": "Permanence"}).status_code == 303
    assert partner.get(case).status_code == 200
    shown = words(page(client, f"/journal/alertes/{alert_id}"))
    assert "Permanence" in shown
    assert client.post(f"/journal/alertes/{alert_id}/levee", data={"reason": "Encore"}).status_code == 422
    with as_owner() as session:
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "alert.lift")).all()
    assert acts == ["alert.lift"]


def test_alerts_of_another_cellule_do_not_exist(world: World, sign_in_as: SignIn) -> None:
    alert_id = builders.add(world, "b.shared")
    client = sign_in_as("a.dpo")
    assert client.get(f"/journal/alertes/{alert_id}").status_code == 404
    assert client.post(f"/journal/alertes/{alert_id}/levee", data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize("person", ["dpo", "coordinateur"])
def test_the_extract_gives_days_organisations_and_roles_without_names(
    world: World, actor_of: ActorOf, sign_in_as: SignIn, person: str
) -> None:
    reader = actor_of("a.cap_emploi")
    for _ in range(3):
        cases.read_case(reader, world.case["a.shared"], part="summary")
    with db.transaction(actor_of("a.manager")):
        audit.record(actor_of("a.manager"), "case.note", case_id=world.case_id["a.shared"], label="plan")
    audit.record_refusal(actor_of("a.cpam"), "cases.show_case")
    client = sign_in_as(f"a.{person}")
    html = page(client, f"/dossiers/{world.case['a.shared']}/qui-a-consulte")
    shown = words(html[html.index("<h1") :])
    assert shown.count("Cap emploi A Cap emploi Consulté") == 1
    assert "Manager de proximité Consulté et complété" in shown
    # Drawing up the extract is noted too: it completes nothing.
    again = words(page(client, f"/dossiers/{world.case['a.shared']}/qui-a-consulte"))
    role = {"dpo": "Délégué à la protection des données", "coordinateur": "Coordination de la cellule"}[person]
    assert f"{role} Consulté" in again
    assert f"{role} Consulté et complété" not in again
    for hidden in ("EssaiA", "NomShared", "CPAM"):
        assert hidden not in shown.replace("Dpo EssaiA", "").replace("Coordinateur EssaiA", "")


def test_the_extract_is_for_the_dpo_and_the_coordinator_only(world: World, sign_in_as: SignIn) -> None:
    path = f"/dossiers/{world.case['a.shared']}/qui-a-consulte"
    for person in ("service_social", "manager", "cap_emploi", "admin", "pilotage"):
        assert sign_in_as(f"a.{person}").get(path).status_code == 404
    assert sign_in_as("b.coordinateur").get(path).status_code == 404
    assert sign_in_as("b.dpo").get(path).status_code == 404


def test_the_administrator_sees_counts_and_nothing_of_a_person(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    cases.read_case(actor_of("a.cap_emploi"), world.case["a.shared"], part="summary")
    client = sign_in_as("a.admin")
    html = page(client, "/journal/volumes")
    main = words(html[html.index("<main") : html.index("</main>")])
    for hidden in ("Essai", "2026-0", "Cap emploi", "NomShared"):
        assert hidden not in main
    for path in ("/journal/alertes", "/journal/personnes", "/journal/integrite"):
        assert client.get(path).status_code == 404


def test_each_person_reads_their_own_entries(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    cases.read_case(actor_of("a.cap_emploi"), world.case["a.shared"], part="summary")
    cases.read_case(actor_of("a.cpam"), world.case["a.alone"], part="summary")
    shown = words(page(sign_in_as("a.cap_emploi"), "/mes-acces"))
    assert "Synthèse consultée 2026-0002" in shown
    assert "2026-0001" not in shown
    # The reference goes with the sharing.
    with as_owner() as session:
        session.execute(
            text("UPDATE sharing_agreement SET withdrawn_on = starts_on WHERE case_id = :case"),
            {"case": world.case_id["a.shared"]},
        )
    assert "2026-0002" not in words(page(sign_in_as("a.cap_emploi"), "/mes-acces"))


def test_the_dpo_sees_whether_each_month_is_whole(world: World, owner: Database, sign_in_as: SignIn) -> None:
    journal.write_months((world.cellule["a"],), months=3, each=4)
    client = sign_in_as("a.dpo")
    assert "Scellé" in page(client, "/journal/integrite")
    whole = words(page(client, "/journal/integrite?verifier=1"))
    assert "Toutes les entrées correspondent" in whole
    with journal.tampering(owner) as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'x' WHERE action = 'tests.act' AND sequence = 2"))
    broken = words(page(client, "/journal/integrite?verifier=1"))
    assert "Le journal est altéré" in broken
    assert "Altéré" in broken


def test_the_coordinator_s_tab_says_the_role_and_links_to_the_extract(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    for reader in ("a.cap_emploi", "a.manager"):
        cases.read_case(actor_of(reader), world.case["a.shared"], part="summary")
    tab = page(sign_in_as("a.coordinateur"), f"/dossiers/{world.case['a.shared']}/journal")
    assert "Cap EssaiA Cap emploi Synthèse consultée" in words(tab)
    assert ", manager de proximité Synthèse consultée" in words(tab)
    assert f"/dossiers/{world.case['a.shared']}/qui-a-consulte" in tab
    assert "qui-a-consulte" not in page(sign_in_as("a.cpam"), f"/dossiers/{world.case['a.shared']}/journal")


@pytest.mark.parametrize("act", ["levee", "examen"])
def test_nobody_deals_with_an_alert_about_oneself(world: World, sign_in_as: SignIn, act: str) -> None:
    alert_id = block(world)
    with as_owner() as session:
        session.scalars(select(AccessAlert)).one().user_id = world.user["a.dpo"]
    typed = {"levee": {"reason": "Permanence"}, "examen": {"comment": "Rien à dire"}}[act]
    refused = sign_in_as("a.dpo").post(f"/journal/alertes/{alert_id}/{act}", data=typed)
    assert refused.status_code == 422
    assert "Cette alerte vous concerne" in refused.get_data(as_text=True)
    with as_owner() as session:
        alert = session.scalars(select(AccessAlert)).one()
        assert (alert.lifted_at, alert.looked_at) == (None, None)
