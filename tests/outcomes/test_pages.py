"""The « Suivi » tab and the form of an outcome, by role."""

from collections.abc import Callable

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.audit.models import AuditEntry
from pdp.cases.models import Activity
from pdp.core import clock
from pdp.dispositifs.enums import PersonStatus
from pdp.policy.labels import Label
from tests.minutes import seance
from tests.minutes.test_service import change_agreements
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def text(client: StrictClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True).replace("&nbsp;", "\u00a0")


def typed(**changes: str) -> dict[str, str]:
    return {
        "status_group": "salarie",
        "code": "SAME_JOB_ADAPTED",
        "result": "COMPLETED",
        "observed_on": clock.today().strftime("%d/%m/%Y"),
        "comment": "Poste aménagé depuis lundi.",
    } | changes


def test_an_outcome_goes_from_the_form_to_the_case(sign_in_as: SignIn, world: World) -> None:
    client, request = sign_in_as("a.service_social"), seance.hold(world).requests[0]
    tab = f"/dossiers/{world.case['a.shared']}/suivi"
    before = text(client, tab)
    assert "Aucune issue relevée pour le moment" in before
    assert f"/demandes/{request}/issue" in before
    answer = client.post(f"/demandes/{request}/issue", data=typed())
    assert (answer.status_code, answer.location) == (303, tab)
    after = text(client, tab)
    for expected in ("Reprise au poste avec aménagement", "Poste aménagé depuis lundi.", "mené à son terme"):
        assert expected in after, expected
    assert "Avis de la cellule\u00a0: favorable sous réserve" in after
    assert "Décision, CPAM\u00a0: accordé" in after


def test_a_case_without_request_says_that_nothing_is_recorded(sign_in_as: SignIn, world: World) -> None:
    page = text(sign_in_as("a.service_social"), f"/dossiers/{world.case['a.closed']}/suivi")
    assert "Aucune issue relevée" in page


def test_the_form_offers_the_codes_of_the_status_by_family(sign_in_as: SignIn, world: World) -> None:
    page = text(sign_in_as("a.service_social"), f"/demandes/{seance.hold(world).requests[0]}/issue")
    assert '<optgroup label="En emploi">' in page
    assert 'value="SAME_JOB"' in page
    assert 'value="INVALIDITY_1"' in page
    assert 'value="OWN_BUSINESS_RESUMED"' not in page
    assert "Poste compatible avec aménagement" in page


def test_a_double_status_chooses_one_first(sign_in_as: SignIn, world: World) -> None:
    request = seance.hold(world).requests[0]
    with as_owner() as session:
        keys = {"cellule_id": world.cellule["a"], "case_id": world.case_id["a.shared"]}
        session.add(Activity(**keys, status=PersonStatus.SE_CRAFT))
        session.add(AuditEntry(at=clock.now(), action="tests.activity", refused=False))
    client = sign_in_as("a.service_social")
    employee, own = (text(client, f"/demandes/{request}/issue?statut={group}") for group in ("salarie", "ti"))
    assert ('value="SAME_JOB"' in employee, 'value="SAME_JOB"' in own) == (True, False)
    assert ('value="BUSINESS_CLOSED"' in employee, 'value="BUSINESS_CLOSED"' in own) == (False, True)
    answer = client.post(f"/demandes/{request}/issue", data=typed(status_group="ti", code="OWN_BUSINESS_RESUMED"))
    assert answer.status_code == 303


def test_wrong_values_come_back_as_typed(sign_in_as: SignIn, world: World) -> None:
    client, request = sign_in_as("a.coordinateur"), seance.hold(world).requests[0]
    answer = client.post(
        f"/demandes/{request}/issue",
        data=typed(observed_on="31/02/2026", code="MOVED_OR_LOST", comment="Sans nouvelles"),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Cette date n’existe pas" in page
    assert 'value="31/02/2026"' in page
    assert 'value="MOVED_OR_LOST" selected' in page
    assert "Sans nouvelles" in page


def test_a_code_of_another_status_is_refused(sign_in_as: SignIn, world: World) -> None:
    client, request = sign_in_as("a.coordinateur"), seance.hold(world).requests[0]
    answer = client.post(f"/demandes/{request}/issue", data=typed(code="BUSINESS_CLOSED"))
    assert answer.status_code == 422
    assert "n’existe pas pour ce statut" in answer.get_data(as_text=True)


def test_too_early_is_said_with_the_next_step(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    path = f"/demandes/{world.request['a.shared']}/issue"
    assert "une fois la décision enregistrée" in text(client, path, 422)
    assert client.post(path, data=typed()).status_code == 422


@pytest.mark.parametrize("role", ["service_medical", "cpam"])
def test_readers_see_the_tab_without_the_button(sign_in_as: SignIn, world: World, role: str) -> None:
    request, client = seance.hold(world).requests[0], sign_in_as(f"a.{role}")
    page = text(client, f"/dossiers/{world.case['a.shared']}/suivi")
    assert "Essai encadré" in page
    assert f"/demandes/{request}/issue" not in page
    assert client.get(f"/demandes/{request}/issue").status_code == 404


@pytest.mark.parametrize("role", [OrganisationKind.CAP_EMPLOI, OrganisationKind.SPST])
def test_a_partner_records_on_its_shared_case_alone(sign_in_as: SignIn, world: World, role: str) -> None:
    held, client = seance.hold(world), sign_in_as(f"a.{role}")
    assert client.post(f"/demandes/{held.requests[0]}/issue", data=typed()).status_code == 303
    assert client.post(f"/demandes/{held.requests[1]}/issue", data=typed()).status_code == 404
    assert client.get(f"/dossiers/{world.case['a.alone']}/suivi").status_code == 404


def test_an_outcome_says_no_status_to_who_does_not_read_it(sign_in_as: SignIn, world: World) -> None:
    request, partner = seance.hold(world).requests[0], sign_in_as("a.cap_emploi")
    sign_in_as("a.service_social").post(f"/demandes/{request}/issue", data=typed(code="EXTERNAL_JOB"))
    change_agreements(world, "a.shared", labels=frozenset({Label.OUTCOME, Label.REQUEST}))
    page = text(partner, f"/dossiers/{world.case['a.shared']}/suivi")
    assert "Embauche dans une autre entreprise" in page
    assert "Salarié" not in page


@pytest.mark.parametrize("role", ["csam", "mdph", "pilotage", "dpo", "admin"])
def test_other_roles_find_no_tab(sign_in_as: SignIn, world: World, role: str) -> None:
    assert sign_in_as(f"a.{role}").get(f"/dossiers/{world.case['a.shared']}/suivi").status_code == 404


def test_opening_the_tab_and_the_form_is_journaled(sign_in_as: SignIn, world: World) -> None:
    request, client = seance.hold(world).requests[0], sign_in_as("a.coordinateur")
    text(client, f"/dossiers/{world.case['a.shared']}/suivi")
    text(client, f"/demandes/{request}/issue")
    with as_owner() as session:
        told = [
            (entry.action, entry.detail)
            for entry in session.query(AuditEntry).filter_by(case_id=world.case_id["a.shared"]).order_by(AuditEntry.id)
            if entry.action in {"case.read", "request.read"}
        ]
    assert told == [("case.read", {"part": "outcomes"}), ("request.read", {"part": "outcome"})]
