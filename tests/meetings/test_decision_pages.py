"""The page of the decisions to record, and the form that records one."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.meetings.enums import MeetingStatus, OpinionCode
from pdp.meetings.models import FundDecision
from pdp.requests.enums import RequestStatus
from tests.meetings.pages import count_statements, entries, plain, read, status_of
from tests.meetings.planning_data import add_case, add_item, add_meeting, add_opinion, add_request, writing
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
OPINIONS = {
    OpinionCode.ADJOURNED: RequestStatus.ADJOURNED,
    OpinionCode.REORIENTED: RequestStatus.REORIENTED,
    OpinionCode.NO_OBJECT: RequestStatus.OPINION_GIVEN,
}


def _opined(
    world: World,
    number: int = 700,
    dispositif: Dispositif = Dispositif.ESSAI_ENCADRE,
    code: OpinionCode = OpinionCode.FAVOURABLE,
    **texts: str,
) -> str:
    """Add a request with its opinion, given three days ago; return its public id."""
    with writing():
        meeting = add_meeting(world, clock.today() - timedelta(days=3), MeetingStatus.CLOSED)
        case = add_case(world, number, "Ada", f"Numéro{number}", PersonStatus.EMPLOYEE_CDI)
        request = add_request(world, case, dispositif, OPINIONS.get(code, RequestStatus.OPINION_GIVEN))
        add_opinion(world, add_item(meeting, request, 1), code, **texts)
        return request.public_id


def _decided(**changes: str) -> dict[str, str]:
    return {"outcome": "GRANTED", "decided_on": clock.today().isoformat()} | changes


def _refused(**changes: str) -> dict[str, str]:
    texts = {"outcome": "REFUSED", "reasons": "La durée dépasse l’arrêt.", "appeal_routes": "Écrivez à la CRA."}
    return _decided() | texts | changes


def _decisions() -> list[FundDecision]:
    with as_owner() as session:
        return list(session.scalars(select(FundDecision)))


def test_the_list_holds_the_opinions_that_call_for_a_decision(sign_in_as: SignIn, world: World) -> None:
    for number, code in enumerate(OpinionCode, start=710):
        _opined(world, number, code=code)
    client = sign_in_as("a.cpam")
    page = read(client, "/decisions")
    shown = [code for number, code in enumerate(OpinionCode, start=710) if f"2026-{number:04}" in page]
    assert shown == [OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS, OpinionCode.UNFAVOURABLE]
    (entry,) = entries("decision.list")
    assert entry.detail == {"filter": "awaited", "count": 3}


def test_no_decision_awaited_is_said_with_the_next_step(sign_in_as: SignIn, world: World) -> None:
    assert "Aucune décision à saisir" in read(sign_in_as("a.cpam"), "/decisions")


def test_the_decisions_come_by_pages_the_oldest_first(sign_in_as: SignIn, world: World) -> None:
    for number in range(720, 742):
        _opined(world, number)
    client = sign_in_as("a.cpam")
    html = client.get("/decisions").get_data(as_text=True)
    follows = re.search(r'href="(/decisions\?apres=[^"]+)"', html)
    assert follows
    assert "22 décisions à saisir" in plain(html)
    assert "2026-0720" in html
    assert "2026-0740" not in html
    second = read(client, follows[1])
    assert "2026-0740" in second
    assert "2026-0741" in second
    assert "2026-0739" not in second


@pytest.mark.parametrize("role", ["coordinateur", "service_social", "service_medical", "cap_emploi", "pilotage"])
def test_only_the_cpam_records_decisions(sign_in_as: SignIn, world: World, role: str) -> None:
    request_id, client = _opined(world), sign_in_as(f"a.{role}")
    assert client.get("/decisions").status_code == 404
    assert client.get(f"/demandes/{request_id}/decision").status_code == 404
    assert client.post(f"/demandes/{request_id}/decision", data=_decided()).status_code == 404
    assert not _decisions()


def test_the_cpam_of_another_cellule_finds_nothing(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world), sign_in_as("b.cpam")
    assert client.get(f"/demandes/{request_id}/decision").status_code == 404
    assert client.post(f"/demandes/{request_id}/decision", data=_decided()).status_code == 404


def test_the_page_shows_the_sealed_opinion_and_who_decides(sign_in_as: SignIn, world: World) -> None:
    request_id = _opined(
        world, code=OpinionCode.FAVOURABLE_WITH_CONDITIONS, conditions="Un entretien avant.", explanation="4 pour."
    )
    html = sign_in_as("a.cpam").get(f"/demandes/{request_id}/decision").get_data(as_text=True)
    assert 'class="sealed tone-positive"' in html
    page = plain(html)
    assert "Favorable sous réserve" in page
    assert "Un entretien avant." in page
    assert "La décision revient à l’organisme compétent, ici : CPAM ." in page
    assert "commission de recours amiable (CRA)" in page
    assert "commission médicale de recours amiable (CMRA)" in page
    (entry,) = entries("case.read")
    assert entry.detail == {"part": "decision"}


def test_another_deciding_body_is_named_and_no_route_of_the_caisse_is_proposed(
    sign_in_as: SignIn, world: World
) -> None:
    request_id = _opined(world, dispositif=Dispositif.INCLUPRO)
    page = read(sign_in_as("a.cpam"), f"/demandes/{request_id}/decision")
    assert "ici : Agefiph ." in page
    assert "(CRA)" not in page


def test_a_request_without_opinion_has_no_decision_page(sign_in_as: SignIn, world: World) -> None:
    answer = sign_in_as("a.cpam").get(f"/demandes/{world.request['a.shared']}/decision")
    assert answer.status_code == 404


def test_an_adjourned_request_expects_no_decision(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world, code=OpinionCode.ADJOURNED), sign_in_as("a.cpam")
    page = read(client, f"/demandes/{request_id}/decision")
    assert "Aucune décision n’est attendue" in page
    assert "Enregistrer la décision" not in page
    assert client.post(f"/demandes/{request_id}/decision", data=_decided()).status_code == 422
    assert not _decisions()


def test_a_grant_is_recorded_without_appeal_routes(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world), sign_in_as("a.cpam")
    day = clock.today().isoformat()
    data = _decided(appeal_routes="Texte proposé.", notified_on=day, prior_approval_on=day)
    answer = client.post(f"/demandes/{request_id}/decision", data=data)
    assert answer.location == f"/demandes/{request_id}/decision"
    page = read(client, answer.location)
    assert "Accordé" in page
    assert "Elle ne change plus." in page
    (decision,) = _decisions()
    assert (decision.deciding_body, decision.outcome, decision.appeal_routes) == ("CPAM", "GRANTED", "")
    assert decision.notified_on == decision.prior_approval_on == clock.today()
    assert status_of(request_id) is RequestStatus.DECIDED
    assert len(entries("decision.record")) == 1


def test_a_refusal_keeps_its_reasons_and_routes(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world), sign_in_as("a.cpam")
    client.post(f"/demandes/{request_id}/decision", data=_refused())
    page = read(client, f"/demandes/{request_id}/decision")
    assert "Refusé" in page
    assert "La durée dépasse l’arrêt." in page
    assert "Écrivez à la CRA." in page
    assert status_of(request_id) is RequestStatus.REFUSED


def _tomorrow() -> str:
    return (clock.today() + timedelta(days=1)).isoformat()


def _before_the_opinion() -> str:
    return (clock.today() - timedelta(days=4)).isoformat()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (lambda: {"reasons": ""}, "Écrivez les motifs du refus."),
        (lambda: {"appeal_routes": "  "}, "Écrivez les voies et délais de recours"),
        (lambda: {"decided_on": _tomorrow()}, "La décision ne peut pas être dans le futur."),
        (lambda: {"decided_on": _before_the_opinion()}, "La décision vient après l’avis de la cellule."),
        (lambda: {"notified_on": _before_the_opinion()}, "La notification vient après la décision."),
        (lambda: {"decided_on": ""}, "Ce champ est obligatoire."),
        (lambda: {"outcome": ""}, "Dites si la mesure est accordée ou refusée."),
    ],
)
def test_a_wrong_decision_says_why_and_keeps_what_wastyped(
    sign_in_as: SignIn, world: World, changes: Callable[[], dict[str, str]], sentence: str
) -> None:
    request_id, client = _opined(world), sign_in_as("a.cpam")
    data = _refused(**({"reasons": "Motif tapé avec soin."} | changes()))
    answer = client.post(f"/demandes/{request_id}/decision", data=data)
    assert answer.status_code == 422
    page = plain(answer.get_data(as_text=True))
    assert sentence in page
    assert data["reasons"] in page
    assert data["appeal_routes"].strip() in page
    assert not _decisions()


def test_a_second_decision_is_refused_and_shows_the_first(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world), sign_in_as("a.cpam")
    client.post(f"/demandes/{request_id}/decision", data=_decided())
    answer = client.post(f"/demandes/{request_id}/decision", data=_refused(reasons="Trop tard, mais gardé."))
    assert answer.status_code == 422
    page = plain(answer.get_data(as_text=True))
    assert "La décision est déjà enregistrée sur cette demande." in page
    assert "Accordé" in page
    assert "Trop tard, mais gardé." in page
    assert len(_decisions()) == 1


def test_five_and_twenty_decisions_cost_the_same(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    client, counts = sign_in_as("a.cpam"), []
    for low, high in ((780, 785), (785, 820)):
        for number in range(low, high):
            _opined(world, number)
        counts.append(count_statements(client, "/decisions", count_queries))
    assert counts[0] == counts[1]


def test_the_journal_of_these_pages_holds_codes_and_counts_only(sign_in_as: SignIn, world: World) -> None:
    request_id, client = _opined(world), sign_in_as("a.cpam")
    client.post(f"/demandes/{request_id}/decision", data=_refused(reasons="Un motif secret."))
    client.get(f"/demandes/{request_id}/decision")
    with as_owner() as session:
        details = [str(entry.detail) for entry in session.scalars(select(AuditEntry))]
    assert not [detail for detail in details if "secret" in detail or "Ada" in detail]
