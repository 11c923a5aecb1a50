"""The pages of requests, role by role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from pdp.audit.models import AuditEntry
from pdp.cases.enums import TriState
from pdp.cases.models import Case
from pdp.core import clock
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.policy.actor import Actor
from pdp.requests import service
from pdp.requests.enums import PieceState
from tests.requests.build import ask, piece_of, reload, set_case
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
ESSAI = Dispositif.ESSAI_ENCADRE


def text(client: StrictClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True).replace("\u00a0", " ").replace("&nbsp;", " ")


def entries(action: str) -> int:
    with as_owner() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


@pytest.fixture
def trial(world: World, actor_of: ActorOf) -> str:
    today = clock.today()
    return ask(
        actor_of("a.service_social"),
        world,
        measure_start=today + timedelta(days=7),
        measure_end=today + timedelta(days=12),
        purpose="Essayer le poste sans port de charge.",
    )


@pytest.mark.parametrize(
    ("who", "sees", "does_not_see"),
    [
        ("a.service_social", ["Accords et pièces exigés", "Déclarer prête", "Éligibilité", "Historique"], []),
        ("a.manager", ["Accords et pièces exigés", "Déclarer prête"], []),
        ("a.service_medical", ["Accords et pièces exigés", "Enregistrer"], []),
        ("a.cpam", ["Accords et pièces exigés"], ["Enregistrer"]),
        (
            "a.coordinateur",
            ["Accords et pièces exigés", "ension de retraite"],
            ["Enregistrer", "hors de vos attributions"],
        ),
        (
            "a.spst",
            ["Accords et pièces exigés", "Médecin du travail"],
            ["Historique", "pension de retraite", "Déclarer prête"],
        ),
        ("a.cap_emploi", ["Éligibilité"], ["Historique", "hors de vos attributions", "Déclarer prête"]),
    ],
)
def test_each_role_reads_the_request_by_its_labels(
    world: World, sign_in_as: SignIn, trial: str, who: str, sees: list[str], does_not_see: list[str]
) -> None:
    page = text(sign_in_as(who), f"/demandes/{trial}")
    assert "Essai encadré" in page
    for words in sees:
        assert words in page
    for words in does_not_see:
        assert words not in page
    assert entries("request.read") == 1


@pytest.mark.parametrize("who", ["a.csam", "a.comete", "a.mdph", "a.pilotage", "a.dpo", "a.admin", "b.service_social"])
def test_for_everyone_else_the_request_does_not_exist(world: World, sign_in_as: SignIn, trial: str, who: str) -> None:
    client = sign_in_as(who)
    text(client, f"/demandes/{trial}", 404)
    text(client, f"/dossiers/{world.case['a.shared']}/demandes", 404)
    assert client.post(f"/demandes/{trial}", data={"action": "submit", "version": "1"}).status_code == 404


def test_a_partner_with_the_request_alone_reads_what_is_asked_and_nothing_of_the_person(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    request = ask(actor_of("a.service_social"), world, case="a.partial", purpose="Objet de la demande partagée.")
    page = text(sign_in_as("a.cap_emploi"), f"/demandes/{request}")
    assert "Objet de la demande partagée." in page
    for words in ("Éligibilité", "Accords et pièces", "Médecin traitant", "Salarié", "régime"):
        assert words not in page


def test_the_tab_of_a_case_opens_the_newest_request_and_lists_the_others(
    world: World, sign_in_as: SignIn, actor_of: ActorOf, trial: str
) -> None:
    ask(actor_of("a.service_social"), world, dispositif=Dispositif.BILAN_COMPETENCES)
    page = text(sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/demandes")
    assert "Bilan de compétences" in page
    assert "Autres demandes du dossier" in page
    assert entries("case.read") == 1
    assert "Aucune demande pour le moment" in text(
        sign_in_as("a.service_social"), f"/dossiers/{world.case['a.future']}/demandes"
    )


def test_a_dispositif_is_chosen_with_the_verdict_of_each_status(world: World, sign_in_as: SignIn) -> None:
    set_case(world, activities=(PersonStatus.EMPLOYEE_CDI, PersonStatus.SE_TRADE))
    page = text(sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle")
    for dispositif in Dispositif:
        assert f"dispositif={dispositif.value}" in page
    assert "L’essai encadré n’est pas ouvert aux travailleurs indépendants." in page
    assert page.count("chip-ti") == page.count("chip-salarie") == 7


def test_an_unknown_dispositif_gets_a_clear_sentence(world: World, sign_in_as: SignIn) -> None:
    client, path = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle"
    assert "Ce dispositif n’existe pas" in text(client, f"{path}?dispositif=vacances", 422)
    answer = client.post(path, data={"dispositif": "vacances", "author": "INSURED"})
    assert answer.status_code == 422
    assert "Ce dispositif n’existe pas" in answer.get_data(as_text=True)


FORMS: dict[Dispositif, tuple[dict[str, Any], dict[str, Any]]] = {
    ESSAI: (
        {"host.type": "OTHER", "trial.tutor_name": " Mme T. ", "trial.renewal": "1"},
        {"host.type": "OTHER", "trial.tutor_name": "Mme T.", "trial.renewal": True},
    ),
    Dispositif.CRPE: (
        {"host.type": "OWN", "pay.before_stoppage": "1800", "pay.total_during": "1850.5"},
        {"host.type": "OWN", "pay.before_stoppage": 1800.0, "pay.total_during": 1850.5},
    ),
    Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE: ({"cap.R323_3": "31/12/2026"}, {"cap.R323_3": "2026-12-31"}),
    Dispositif.INCLUPRO: ({}, {}),
    Dispositif.BILAN_COMPETENCES: ({"funding.source": "CPF"}, {"funding.source": "CPF"}),
    Dispositif.PMSMP: (
        {"prescriber": "CAP_EMPLOI", "pmsmp.objects": ["DISCOVER"]},
        {"prescriber": "CAP_EMPLOI", "pmsmp.objects": ["DISCOVER"]},
    ),
    Dispositif.ACTION_REMOBILISATION: ({}, {}),
}


@pytest.mark.parametrize("dispositif", Dispositif)
def test_the_form_of_each_dispositif_is_kept_and_read_back(
    world: World, sign_in_as: SignIn, dispositif: Dispositif
) -> None:
    client, path = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle"
    text(client, f"{path}?dispositif={dispositif.value}")
    typed, expected = FORMS[dispositif]
    common = {"dispositif": dispositif.value, "author": "INSURED", "measure_start": "2026-12-01"}
    created = client.post(path, data=common | {"measure_end": "08/12/2026", "purpose": "Objet.\r\nSuite."} | typed)
    assert created.status_code == 303
    request = reload(created.location.rsplit("/", 1)[1])
    assert request.details == expected
    assert request.purpose == "Objet.\nSuite."
    assert request.measure_end is not None
    assert request.measure_end.isoformat() == "2026-12-08"
    text(client, created.location)
    form = text(client, f"{created.location}/modifier")
    assert "2026-12-08" in form


def test_a_wrong_period_loses_nothing_that_was_typed(world: World, sign_in_as: SignIn) -> None:
    client, path = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle"
    data = {
        "dispositif": "essai_encadre",
        "author": "INSURED",
        "measure_start": "2026-12-08",
        "measure_end": "2026-12-01",
        "trial.tutor_name": "Mme Tutrice",
        "purpose": "Un texte assez long pour qu’on y tienne.",
    }
    answer = client.post(path, data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "La fin précède le début" in page
    assert "Mme Tutrice" in page
    assert "Un texte assez long pour qu’on y tienne." in page
    assert entries("request.create") == 0


def test_a_stale_form_shows_both_texts_then_saves_the_choice(
    world: World, sign_in_as: SignIn, actor_of: ActorOf, trial: str
) -> None:
    client = sign_in_as("a.service_social")
    data = {"author": "INSURED", "purpose": "Le texte du second", "version": "1"}
    first = client.post(f"/demandes/{trial}/modifier", data=data | {"purpose": "Le texte du premier"})
    assert first.status_code == 303
    answer = client.post(f"/demandes/{trial}/modifier", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Le texte du premier" in page
    assert "Le texte du second" in page
    kept = client.post(f"/demandes/{trial}/modifier", data=data | {"version": "2"})
    assert kept.status_code == 303
    assert reload(trial).purpose == "Le texte du second"


def test_a_request_is_declared_ready_then_withdrawn_in_two_steps(world: World, sign_in_as: SignIn, trial: str) -> None:
    client = sign_in_as("a.service_social")
    assert client.post(f"/demandes/{trial}", data={"action": "submit", "version": "1"}).status_code == 303
    assert "Prête" in text(client, f"/demandes/{trial}")
    refused = client.post(f"/demandes/{trial}", data={"action": "submit", "version": "2"})
    assert refused.status_code == 422
    assert "attend son inscription" in refused.get_data(as_text=True)
    assert "Ce qui va se passer" in text(client, f"/demandes/{trial}/retrait")
    assert client.post(f"/demandes/{trial}", data={"action": "withdraw", "version": "2"}).status_code == 303
    assert "Retirée" in text(client, f"/demandes/{trial}")
    text(client, f"/demandes/{trial}/retrait", 404)


def test_a_stale_page_moves_nothing(world: World, sign_in_as: SignIn, trial: str) -> None:
    client = sign_in_as("a.service_social")
    answer = client.post(f"/demandes/{trial}", data={"action": "submit", "version": "7"})
    assert answer.status_code == 409
    assert reload(trial).status.value == "DRAFT"


def test_a_piece_is_recorded_by_who_may_and_shown_at_once(world: World, sign_in_as: SignIn, trial: str) -> None:
    adviser, piece = sign_in_as("a.service_medical"), piece_of(trial, "ADVISER")
    path = f"/demandes/{trial}/pieces/{piece.public_id}"
    text(adviser, path)
    wrong = adviser.post(path, data={"state": "GIVEN", "version": "1", "dated": "2031-01-01"})
    assert wrong.status_code == 422
    assert "dans le futur" in wrong.get_data(as_text=True)
    done = adviser.post(path, data={"state": "REFUSED", "version": "1", "dated": clock.today().isoformat()})
    assert done.status_code == 303
    page = text(adviser, f"/demandes/{trial}")
    assert "Le médecin-conseil a refusé son accord." in page
    assert "Non éligible" in page
    stale = adviser.post(path, data={"state": "GIVEN", "version": "1", "dated": clock.today().isoformat()})
    assert stale.status_code == 409
    assert "Enregistré entre-temps" in stale.get_data(as_text=True)
    text(sign_in_as("a.service_social"), path, 422)
    text(sign_in_as("a.cap_emploi"), path, 404)


def test_what_is_awaited_says_since_when(world: World, sign_in_as: SignIn, trial: str) -> None:
    client, piece = sign_in_as("a.service_social"), piece_of(trial, "ADVISER")
    assert client.post(f"/demandes/{trial}/pieces/{piece.public_id}/relance").status_code == 303
    page = text(client, f"/demandes/{trial}")
    assert "Demandé" in page
    assert "aujourd’hui" in page
    assert entries("request.ask_piece") == 1


def test_a_doctrine_that_differs_from_the_law_is_shown_and_may_be_set_aside(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    set_case(world, activities=(PersonStatus.SE_TRADE,))
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE)
    cpam = sign_in_as("a.cpam")
    page = text(cpam, f"/demandes/{request}")
    assert "La loi répond" in page
    assert "Écarter cette règle" in page
    path = f"/demandes/{request}/regles/ti/TPT-S-00"
    assert "imprimés au procès-verbal" in text(cpam, path)
    assert cpam.post(path, data={"act": "override", "reason": ""}).status_code == 422
    assert cpam.post(path, data={"act": "override", "reason": "L’article D. 622-10 l’ouvre."}).status_code == 303
    assert "Règle écartée par" in text(cpam, f"/demandes/{request}")
    assert "Écarter cette règle" not in text(sign_in_as("a.cap_emploi"), f"/demandes/{request}")


def test_a_point_to_check_is_settled_on_its_own_page(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.BILAN_COMPETENCES)
    path, client = f"/demandes/{request}/regles/salarie/BC-E-05", sign_in_as("a.cpam")
    assert "Trancher un point" in text(client, path)
    assert client.post(path, data={"reason": "rien choisi"}).status_code == 422
    assert client.post(path, data={"accepted": "no"}).status_code == 422
    assert client.post(path, data={"accepted": "yes"}).status_code == 303
    assert "Condition remplie, selon" in text(client, f"/demandes/{request}")
    for wrong in ("salarie/RIEN", "ti/BC-E-05", "inconnu/BC-E-05", "salarie/BC-E-01"):
        text(client, f"/demandes/{request}/regles/{wrong}", 404)


def test_fifteen_days_are_shown_as_one_too_many(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    start = clock.today() + timedelta(days=(7 - clock.today().weekday()))
    request = ask(actor_of("a.service_social"), world, measure_start=start, measure_end=start + timedelta(days=24))
    assert "de trop sur 14" in text(sign_in_as("a.service_social"), f"/demandes/{request}")


def test_the_tab_runs_as_many_statements_for_one_request_as_for_nine(
    world: World, sign_in_as: SignIn, actor_of: ActorOf, count_queries: Callable[[], Any]
) -> None:
    client, path = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.expired']}/demandes"
    ask(actor_of("a.service_social"), world, case="a.expired")
    with count_queries() as few:
        client.get(path)
    for dispositif in (*Dispositif, ESSAI):
        ask(actor_of("a.service_social"), world, case="a.expired", dispositif=dispositif)
    with count_queries() as many:
        client.get(path)
    assert len(many) == len(few) <= 40


def test_every_refusal_of_a_page_says_the_next_step(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    request = ask(actor_of("a.service_social"), world)
    service.submit(actor_of("a.service_social"), request)
    assert "Remettez-la en brouillon" in text(sign_in_as("a.service_social"), f"/demandes/{request}/modifier", 422)
    triage = f"/dossiers/{world.case['a.triage']}/demandes/nouvelle"
    assert "encore à trier" in text(sign_in_as("a.service_social"), triage, 422)


def test_a_partner_proposes_and_the_referent_confirms(world: World, sign_in_as: SignIn) -> None:
    partner, path = sign_in_as("a.cap_emploi"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle"
    assert "le référent du dossier la confirmera" in text(partner, f"{path}?dispositif=pmsmp")
    created = partner.post(path, data={"dispositif": "pmsmp", "author": "INSURED", "prescriber": "CAP_EMPLOI"})
    page = text(partner, created.location)
    assert "Proposée" in page
    assert "Confirmer la proposition" not in page
    referent = sign_in_as("a.service_social")
    assert "Confirmer la proposition" in text(referent, created.location)
    assert referent.post(created.location, data={"action": "confirm", "version": "1"}).status_code == 303
    assert reload(created.location.rsplit("/", 1)[1]).status.value == "DRAFT"


def test_a_refused_agreement_keeps_its_line_in_the_table(
    world: World, sign_in_as: SignIn, actor_of: ActorOf, trial: str
) -> None:
    piece = piece_of(trial, "ATTENDING")
    service.record_piece(
        actor_of("a.service_social"),
        trial,
        piece.public_id,
        version=1,
        state=PieceState.REFUSED,
        dated=clock.today(),
        comment="courrier du médecin",
    )
    page = text(sign_in_as("a.service_social"), f"/demandes/{trial}")
    assert "Refusé" in page
    assert "courrier du médecin" in page


def test_a_partner_cannot_tell_that_a_rule_is_hidden(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    with as_owner() as session:
        session.get_one(Case, world.case_id["a.shared"]).old_age_pension = TriState.YES
        session.add(AuditEntry(at=clock.now(), action="tests.pension", refused=False))
    today = clock.today()
    values = {"measure_start": today + timedelta(days=7), "measure_end": today + timedelta(days=9)}
    request = ask(actor_of("a.service_social"), world, **values, details={"trial.tutor_name": "Mme T."})
    core = text(sign_in_as("a.service_social"), f"/demandes/{request}")
    assert "À vérifier" in core
    assert "L’assuré perçoit une retraite" in core
    partner = text(sign_in_as("a.spst"), f"/demandes/{request}")
    assert "Pièce manquante" in partner
    # Of the 22 rules, those about the pension and the axis of the case are not counted.
    assert "sur 20" in partner
    for words in ("À vérifier", "retraite", "point est à", "sur 22", "sur 21"):
        assert words not in partner
    choice = text(sign_in_as("a.spst"), f"/dossiers/{world.case['a.shared']}/demandes/nouvelle")
    assert "retraite" not in choice


def test_a_status_that_no_rule_covers_is_settled_by_a_member(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    set_case(world, activities=(PersonStatus.JOBSEEKER,))
    request = ask(actor_of("a.service_social"), world, dispositif=Dispositif.PMSMP)
    client, path = sign_in_as("a.cpam"), f"/demandes/{request}/regles/autre/STATUT"
    assert "Aucune règle ne prévoit" in text(client, f"/demandes/{request}")
    assert "Trancher un point" in text(client, path)
    assert client.post(path, data={"accepted": "yes"}).status_code == 303
    assert "Condition remplie, selon" in text(client, f"/demandes/{request}")
