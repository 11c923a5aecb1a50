"""The pages of a case, role by role, as a browser gets them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.cases import service
from pdp.cases.models import Case
from pdp.core import clock
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]

CORE = ("service_social", "manager", "service_medical", "cpam", "coordinateur")
OUTSIDE = ("comete", "mdph", "oeth", "pilotage", "dpo", "admin")
TABS = ("", "/partage", "/accompagnement", "/journal")


def text(page: TestResponse) -> str:
    return page.get_data(as_text=True)


def _without_token(page: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text(page))


def url(world: World, name: str, rest: str = "") -> str:
    return f"/dossiers/{world.case[name]}{rest}"


def version_of(page: TestResponse) -> str:
    found = re.search(r'name="version" value="([^"]+)"', text(page))
    assert found
    return found[1]


def stored(world: World, name: str) -> Case:
    with as_owner() as session:
        return session.get_one(Case, world.case_id[name])


@pytest.mark.parametrize("role", [*CORE, "cap_emploi", "spst"])
def test_a_role_bound_to_the_case_opens_each_tab(role: str, sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as(f"a.{role}")
    for tab in TABS:
        page = client.get(url(world, "a.shared", tab))
        assert page.status_code == 200, tab
        assert "2026-0002" in text(page)


def test_a_csam_opens_the_synthesis_and_its_own_journal(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.csam")
    answers = [client.get(url(world, "a.shared", tab)).status_code for tab in TABS]
    assert answers == [200, 404, 404, 200]
    page = text(client.get(url(world, "a.shared")))
    assert "Présentation d’essai" not in page
    assert "Vendeuse" in page


@pytest.mark.parametrize("role", OUTSIDE)
def test_a_role_without_relation_gets_the_page_of_a_missing_case(role: str, sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as(f"a.{role}")
    for tab in TABS:
        hidden, missing = client.get(url(world, "a.shared", tab)), client.get(f"/dossiers/inconnu{tab}")
        assert hidden.status_code == missing.status_code == 404
        assert _without_token(hidden) == _without_token(missing)


def test_a_case_of_the_other_cellule_is_missing(sign_in_as: SignIn, world: World) -> None:
    assert sign_in_as("a.service_social").get(url(world, "b.shared")).status_code == 404


# A word that stands in the case under each label, and nowhere else on the page.
CANARIES = {
    Label.IDENTITY: "NomPartial",
    Label.EMPLOYMENT: "Vendeuse",
    Label.STOPPAGE: "Parcours de l’arrêt",
    Label.REQUEST: "Présentation d’essai de la situation.",
    Label.BOETH: "Titre BOETH",
    Label.CONCLUSION: "Conclusion du médecin-conseil",
    Label.RESTRICTIONS: "Aptitude",
    Label.ALLOWANCE: "Pension d’invalidité",
    Label.SIGNAL: "Signalement",
}


def _shown(page: str) -> set[Label]:
    main = page[page.index("<main") : page.index("</main>")]
    return {label for label, word in CANARIES.items() if word in main}


def test_a_partner_sees_only_the_labels_agreed(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cap_emploi")
    page = text(client.get(url(world, "a.partial")))
    assert _shown(page) == {Label.REQUEST}
    assert "NomPartial" not in page
    assert "<h1>P.\u00a0N.</h1>" in page
    full = text(client.get(url(world, "a.shared"))).replace("NomShared", "NomPartial")
    assert _shown(full) == set(CANARIES) - {Label.ALLOWANCE, Label.SIGNAL}


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_tells_a_partner_what_is_hidden(tab: str, sign_in_as: SignIn, world: World) -> None:
    page = text(sign_in_as("a.cap_emploi").get(url(world, "a.partial", tab)))
    for word in ("NomPartial", "PrénomPartial", "Vendeuse", "réservée", "Zone médicale", "masqué", "indemnités"):
        assert word not in page, word


def test_the_core_is_told_what_is_hidden_and_why(sign_in_as: SignIn, world: World) -> None:
    page = text(sign_in_as("a.coordinateur").get(url(world, "a.shared")))
    assert "Zone médicale : réservée au service médical." in page
    assert "Numéro de sécurité sociale : réservé" in page


def test_a_withdrawal_acts_on_the_partner_s_next_request(sign_in_as: SignIn, world: World, actor_of: ActorOf) -> None:
    partner, social = sign_in_as("a.spst"), sign_in_as("a.service_social")
    assert partner.get(url(world, "a.partial")).status_code == 200
    lines = service.read_case(actor_of("a.service_social"), world.case["a.partial"], part="sharing").sharing
    spst = next(line for line in lines if line.organisation.startswith("Service de prévention"))
    address = url(world, "a.partial", f"/partage/{spst.public_id}/retrait")
    confirm = social.get(address)
    assert "dès sa prochaine page" in text(confirm)
    day = clock.today().isoformat()
    done = social.post(address, data={"version": version_of(confirm), "withdrawn_on": day, "means": "oral"})
    assert done.status_code == 303
    assert partner.get(url(world, "a.partial")).status_code == 404
    assert "NomPartial" not in text(partner.get("/dossiers"))


def test_an_agreement_is_recorded_from_its_form(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.service_social"), url(world, "a.alone", "/partage/nouveau")
    with as_owner() as session:
        mdph = session.get_one(Organisation, world.organisation["a.mdph"]).public_id
    assert mdph in text(client.get(address))
    form = text(client.get(f"{address}?organisme={mdph}"))
    assert 'value="boeth"' in form
    assert 'value="stoppage"' not in form
    wrong = {
        "organisation": mdph,
        "labels": ["boeth"],
        "purpose_code": "title",
        "purpose": "Dossier",
        "period": "case_end",
        "notice": "2026-01",
        "informed_on": "2026-03-02",
        "form": "oral",
        "agreed_on": "2026-03-03",
        "place": "Brest",
        "collected_by": "Mme Essai-Sociale",
        "starts_on": "2026-03-03",
    }
    refused = client.post(address, data=wrong)
    assert refused.status_code == 422
    assert "devant témoin" in text(refused)
    assert 'value="Dossier"' in text(refused)
    assert re.search(r'value="boeth" checked', text(refused))
    assert client.post(address, data=wrong | {"witness": "Mme Essai"}).status_code == 303
    assert "Mme Essai" in text(client.get(url(world, "a.alone", "/partage")))


OPENING = {
    "family_name": "Le Gall",
    "given_name": "Éloïse",
    "birth_date": "02/05/1985",
    "source": "SELF",
    "nir": "1 85 05 78 006 084 91",
    "activity_status": "SE_CRAFT",
    "stoppage_starts_on": "2026-03-01",
    "stoppage_prescribed_end": "2026-04-01",
    "stoppage_origin": "ILLNESS",
    "stoppage_indemnified": "yes",
}


def test_a_case_is_opened_from_its_form(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    done = client.post("/dossiers/nouveau", data=OPENING | {"take_charge": "1"})
    assert done.status_code == 303
    page = text(client.get(done.location))
    assert "Éloïse Le Gall" in page
    assert "1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a091" in page
    assert "(vous)" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"nir": "1 85 05 78 006 084 92"}, "La clé de ce numéro"),
        ({"stoppage_prescribed_end": "2026-02-01"}, "La fin prescrite (01/02/2026) est avant le début (01/03/2026)."),
        ({"family_name": ""}, "Ce champ est obligatoire."),
        ({"birth_date": "31/02/1985"}, "Cette date n’existe pas."),
        ({"email": "eloise@"}, "Cette adresse n’est pas complète."),
        ({"source": "NOBODY"}, "Choisissez une valeur de la liste."),
    ],
)
def test_a_wrong_opening_says_why_and_loses_nothing(
    change: dict[str, str], sentence: str, sign_in_as: SignIn, world: World
) -> None:
    page = sign_in_as("a.csam").post("/dossiers/nouveau", data=OPENING | {"town": "Ville-Rare"} | change)
    assert page.status_code == 422
    assert sentence in text(page)
    assert 'value="Ville-Rare"' in text(page)
    assert f'value="{OPENING["given_name"]}"' in text(page)
    with as_owner() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "case.open")).all() == []


def test_a_number_already_known_names_the_case(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    first = text(client.get(client.post("/dossiers/nouveau", data=OPENING).location))
    reference = re.findall(r"\d{4}-\d{4}", first)[0]
    again = client.post("/dossiers/nouveau", data=OPENING)
    assert again.status_code == 422
    assert f"déjà un dossier en cours : {reference}." in text(again)


def test_a_stale_form_comes_back_with_both_texts(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.service_social"), url(world, "a.shared", "/modifier/situation")
    colleague = sign_in_as("a.cpam")
    old = version_of(client.get(address))
    theirs = {
        "version": version_of(colleague.get(address)),
        "presentation": "Le texte de la CPAM",
        "work_exclusion_risk": "yes",
    }
    assert colleague.post(address, data=theirs).status_code == 303
    mine = {"version": old, "presentation": "Mon texte\nà moi", "work_exclusion_risk": "yes"}
    stale = client.post(address, data=mine)
    assert stale.status_code == 409
    assert "Mon texte\nà moi" in text(stale)
    assert "Le texte de la CPAM" in text(stale)
    assert "Cpam EssaiA les a enregistrées" in text(stale)
    assert stored(world, "a.shared").presentation == "Le texte de la CPAM"
    resumed = client.post(address, data=mine | {"reprendre": "1"})
    assert resumed.status_code == 200
    assert "Mon texte\nà moi</textarea>" in text(resumed)
    kept = client.post(address, data=mine | {"version": version_of(stale)})
    assert kept.status_code == 303
    assert stored(world, "a.shared").presentation == "Mon texte\nà moi"


def test_a_refused_edit_keeps_what_was_typed_and_the_version_it_began_on(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.service_social"), url(world, "a.shared", "/modifier/identite")
    began = version_of(client.get(address))
    typed = {"version": began, "family_name": "", "given_name": "Nouveau", "birth_date": "1980-01-02"}
    page = client.post(address, data=typed)
    assert page.status_code == 422
    assert 'value="Nouveau"' in text(page)
    assert version_of(page) == began


def test_a_row_is_added_from_its_form_and_removed_in_two_steps(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    upside_down = {"starts_on": "2026-03-10", "prescribed_end": "2026-03-01", "origin": "ILLNESS", "full_time": "1"}
    refused = client.post(url(world, "a.alone", "/ajouter/arret"), data=upside_down)
    assert refused.status_code == 422
    assert "La fin prescrite (01/03/2026) est avant le début (10/03/2026)." in text(refused)
    added = client.post(url(world, "a.alone", "/ajouter/arret"), data=upside_down | {"prescribed_end": "2026-03-12"})
    assert added.status_code == 303
    page = text(client.get(added.location))
    rows = re.findall(r"/modifier/arret/([\w-]+)", page)
    assert len(rows) == 2
    for row in rows:
        assert client.get(url(world, "a.alone", f"/modifier/arret/{row}")).status_code == 200
    address = url(world, "a.alone", f"/retirer/arret/{rows[0]}")
    confirm = client.get(address)
    assert "Le journal garde la trace du retrait." in text(confirm)
    assert client.post(address, data={"version": version_of(confirm)}).status_code == 303
    assert len(re.findall(r"/modifier/arret/", text(client.get(url(world, "a.alone"))))) == 1


@pytest.mark.parametrize(
    ("name", "move", "data", "stage"),
    [
        ("a.triage", "prise-en-charge", {"axis": "PDP"}, "open"),
        ("a.alone", "reorientation", {"text": "Vers la MDPH."}, "reoriented"),
        ("a.alone", "cloture", {"text": "Reprise au même poste."}, "closed"),
        ("a.closed", "reouverture", {}, "open"),
    ],
)
def test_each_move_is_made_in_two_steps(
    name: str, move: str, data: dict[str, str], stage: str, sign_in_as: SignIn, world: World
) -> None:
    client, address = sign_in_as("a.service_social"), url(world, name, f"/etape/{move}")
    asked = client.get(address)
    assert "Ce qui va se passer" in text(asked)
    assert client.post(address, data=data | {"version": version_of(asked)}).status_code == 303
    assert stored(world, name).stage == stage


def test_a_reorientation_without_a_reason_is_asked_again(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.service_social"), url(world, "a.alone", "/etape/reorientation")
    page = client.post(address, data={"version": version_of(client.get(address))})
    assert page.status_code == 422
    assert "Dites vers qui, et pourquoi" in text(page)


def test_the_referent_changes_from_a_form(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.manager"), url(world, "a.alone", "/referent")
    asked = client.get(address)
    chosen = {"referent": world.membership["a.service_social_2"], "version": version_of(asked)}
    assert client.post(address, data={"version": version_of(asked), "referent": "inconnu"}).status_code == 422
    assert client.post(address, data=chosen).status_code == 303
    assert stored(world, "a.alone").referent_user_id == world.user["a.service_social_2"]


def test_a_note_is_added_and_says_who_may_read_it(sign_in_as: SignIn, world: World) -> None:
    client, address = sign_in_as("a.service_social"), url(world, "a.alone", "/accompagnement")
    assert "Pas d’information médicale ici" in text(client.get(address))
    assert client.post(address, data={"label": "plan", "text": "Une ligne du plan"}).status_code == 303
    assert "Une ligne du plan" in text(client.get(address))
    refused = client.post(address, data={"label": "medical", "text": "Ce texte n’est pas à sa place"})
    assert refused.status_code == 404
    empty = client.post(address, data={"label": "plan", "text": " "})
    assert empty.status_code == 422


def test_the_journal_tells_each_act_in_french(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    sign_in_as("a.cap_emploi").get(url(world, "a.shared"))
    client.get(url(world, "a.shared", "/modifier/situation"))
    page = text(client.get(url(world, "a.shared", "/journal")))
    assert "Cap EssaiA" in page
    assert "Synthèse consultée" in page
    assert "Formulaire ouvert : la situation" in page


def test_the_timeline_is_a_drawing_or_a_table(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cpam")
    drawing, table = (text(client.get(url(world, "a.shared", query))) for query in ("", "?parcours=tableau"))
    assert '<svg class="timeline"' in drawing
    assert '<svg class="timeline"' not in table
    assert "Arrêt initial" in drawing
    assert "Arrêt initial" in table


def test_the_list_shows_each_reader_its_cases(sign_in_as: SignIn, world: World) -> None:
    core, partner = (text(sign_in_as(f"a.{role}").get("/dossiers")) for role in ("cpam", "cap_emploi"))
    assert len(re.findall(r'href="/dossiers/[\w-]{20,}"', core)) == 8
    assert len(re.findall(r'href="/dossiers/[\w-]{20,}"', partner)) == 2
    assert "NomAlone" not in partner
    assert "NomPartial" not in partner
    assert "P.\u00a0N." in partner


@pytest.mark.parametrize(
    "query",
    [
        "etape=triage",
        "axe=PDP",
        "statut=salarie",
        "miens=1",
        "recherche=nom",
        "recherche=%25",
        "etape=inconnu",
        "apres=inconnu",
    ],
)
def test_every_facet_answers_even_when_it_makes_no_sense(query: str, sign_in_as: SignIn, world: World) -> None:
    assert sign_in_as("a.service_social").get(f"/dossiers?{query}").status_code == 200


def test_an_empty_list_says_what_to_do_next(sign_in_as: SignIn, world: World) -> None:
    none = text(sign_in_as("a.service_social").post("/dossiers", data={"q": "inconnu"}, follow_redirects=True))
    assert "Aucun dossier ne correspond" in none
    partner = text(sign_in_as("a.mdph").get("/dossiers"))
    assert "dès que la personne accepte de le partager" in partner


def test_an_agreement_that_begins_tomorrow_opens_nothing_today(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.cap_emploi")
    assert client.get(url(world, "a.future")).status_code == 404
    with as_owner() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.refused) == ("access.refused", True)
    assert entry.at > clock.now() - timedelta(minutes=1)
