"""The simulator and the catalogue of rules, as pages: nothing stored, nothing journaled."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from pdp.accounts.models import GovernanceRules
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.dispositifs.catalogue import load_ruleset, sheet
from pdp.dispositifs.enums import Dispositif, Doctrine, PersonStatus, StatusGroup
from pdp.dispositifs.rules import evaluate
from pdp.dispositifs.rules.profiles import PROFILES, find_profile
from pdp.dispositifs.rules.simulation import QUESTIONS, Described, described_facts
from pdp.policy.roles import Role
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
DAY = date(2026, 3, 2)
SALARIE, TI = StatusGroup.SALARIE, StatusGroup.TI


def text(client: StrictClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True).replace("\u00a0", " ").replace("&nbsp;", " ")


def cells(page: str) -> list[str]:
    """Return the verdict badges of the table, in order."""
    table = page[page.index('id="verdicts"') :]
    return re.findall(r'class="badge tone-\w+">.*?<span>(.*?)</span>', table, re.DOTALL)


def verdict(described: Described, dispositif: Dispositif, group: StatusGroup) -> str:
    facts = described_facts(described, dispositif, group, sheet(dispositif).requirements(group).orgs_needed)
    return evaluate(
        load_ruleset(), facts, dispositif=dispositif, group=group, evaluated_on=DAY, doctrine=Doctrine.REGIONAL
    ).verdict.value


# profile, status: verdicts worked out by hand, dispositif by dispositif in the order shown.
PROFILE_TABLE = {
    ("salarie", SALARIE): ["P", "V", "V", "V", "V", "P", "P"],
    ("ti", TI): ["X", "X", "X", "V", "V", "V", "V"],
    ("double", SALARIE): ["P", "V", "V", "V", "V", "P", "P"],
    ("double", TI): ["X", "X", "X", "V", "V", "V", "V"],
}
WORDS = {"P": "piece_manquante", "V": "a_verifier", "X": "ineligible", "E": "eligible"}


@pytest.mark.parametrize(("profile", "group"), PROFILE_TABLE)
def test_each_profile_gets_the_verdicts_worked_out_by_hand(profile: str, group: StatusGroup) -> None:
    found = find_profile(profile)
    assert found is not None
    described = found.describe(DAY)
    expected = [WORDS[letter] for letter in PROFILE_TABLE[profile, group]]
    assert [verdict(described, dispositif, group) for dispositif in Dispositif] == expected


def test_a_complete_file_opens_what_takes_place_during_the_arret() -> None:
    found = find_profile("complet")
    assert found is not None
    described = found.describe(DAY)
    for dispositif in (
        Dispositif.ESSAI_ENCADRE,
        Dispositif.INCLUPRO,
        Dispositif.BILAN_COMPETENCES,
        Dispositif.PMSMP,
        Dispositif.ACTION_REMOBILISATION,
    ):
        assert verdict(described, dispositif, SALARIE) == "eligible", dispositif


@pytest.mark.parametrize(("end", "expected"), [(date(2026, 3, 24), "eligible"), (date(2026, 3, 25), "ineligible")])
def test_fourteen_working_days_are_open_and_fifteen_are_not(end: date, expected: str) -> None:
    answers = {name: "yes" for name, *_ in QUESTIONS} | {"retraite": "no"}
    described = Described(
        statuses=(PersonStatus.EMPLOYEE_CDI,),
        stoppage_start=date(2025, 11, 24),
        stoppage_end=date(2026, 5, 31),
        measure_start=date(2026, 3, 9),
        measure_end=end,
        answers=answers,
    )
    assert verdict(described, Dispositif.ESSAI_ENCADRE, SALARIE) == expected


def test_a_question_left_unanswered_states_no_fact() -> None:
    described = Described(statuses=(PersonStatus.SE_TRADE,))
    facts = described_facts(described, Dispositif.INCLUPRO, TI)
    assert facts.to_json() == {"status": ["SE_TRADE"], "case.axis": "PDP", "measure.orgs_needed": []}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_each_question_states_its_own_facts_and_the_engine_knows_them(answer: str) -> None:
    for name, _, yes, no in QUESTIONS:
        described = Described(statuses=(PersonStatus.EMPLOYEE_CDI, PersonStatus.SE_TRADE), answers={name: answer})
        stated = set(yes if answer == "yes" else no) - {"sharing_agreement"}
        groups = {"indemnise_salarie": (SALARIE,), "indemnise_ti": (TI,)}.get(name, (SALARIE, TI))
        for group in (SALARIE, TI):
            facts = described_facts(described, Dispositif.PMSMP, group, ("cap_emploi",)).to_json()
            assert stated <= set(facts) if group in groups else not stated & set(facts), (name, group)


def test_a_double_status_gets_two_answers_and_the_law_beside_the_doctrine(world: World, sign_in_as: SignIn) -> None:
    page = text(sign_in_as("a.cpam"), "/simulateur?profil=double")
    assert "Deux statuts, deux réponses" in page
    assert "doctrine régionale" in page
    assert "La loi répond" in page
    assert cells(page) == [
        *("Pièce manquante", "Non éligible"),
        *("À vérifier", "Non éligible"),
        *("À vérifier", "Non éligible"),
        *("À vérifier", "À vérifier"),
        *("À vérifier", "À vérifier"),
        *("Pièce manquante", "À vérifier"),
        *("Pièce manquante", "À vérifier"),
    ]


def test_a_described_situation_is_shown_again_with_its_answers(world: World, sign_in_as: SignIn) -> None:
    with time_machine.travel("2026-03-02 10:00", tick=False):
        query = "ti=1&ti_statut=SE_CRAFT&en_cours=yes&indemnise_ti=yes&mesure_debut=09/03/2026&mesure_fin=24/03/2026"
        page = text(sign_in_as("a.cap_emploi"), f"/simulateur?{query}")
    assert "Réponse par dispositif" in page
    assert "14 jours ouvrables" in page
    assert 'value="SE_CRAFT" selected' in page
    assert re.search(r'name="indemnise_ti" value="yes" checked', page)
    assert re.search(r'name="boeth" value="unknown" checked', page)
    assert len(cells(page)) == 7


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("en_cours=yes", "Choisissez au moins un statut."),
        ("salarie=1&mesure_debut=2026-03-24&mesure_fin=2026-03-09", "La fin précède le début."),
        ("salarie=1&arret_debut=31/02/2026", "Cette date n’existe pas."),
        ("salarie=1&salarie_statut=SE_TRADE", "Choisissez une valeur de la liste."),
        ("ti=1&ti_statut=ROI", "Choisissez une valeur de la liste."),
    ],
)
def test_a_wrong_situation_is_said_and_shown_again(
    world: World, sign_in_as: SignIn, query: str, sentence: str
) -> None:
    page = text(sign_in_as("a.cpam"), f"/simulateur?{query}", 422)
    assert sentence in page
    assert 'id="verdicts"' not in page


def test_without_a_situation_the_page_says_how_to_begin(world: World, sign_in_as: SignIn) -> None:
    page = text(sign_in_as("a.cpam"), "/simulateur")
    assert "Aucune situation décrite" in page
    for profile in PROFILES:
        assert profile.label in page
    # An unknown profile is a situation that says nothing: it is asked for a status.
    assert "Choisissez au moins un statut." in text(sign_in_as("a.cpam"), "/simulateur?profil=inconnu", 422)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_opens_both_pages_and_nothing_is_journaled(world: World, sign_in_as: SignIn, role: str) -> None:
    client = sign_in_as(f"a.{role}")
    with as_owner() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    text(client, "/simulateur?profil=ti")
    text(client, "/regles?dispositif=crpe")
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_under_the_law_the_self_employed_get_the_other_answer(world: World, sign_in_as: SignIn) -> None:
    with as_owner() as session:
        session.scalars(
            select(GovernanceRules).where(GovernanceRules.cellule_id == world.cellule["a"])
        ).one().doctrine = "law"
        session.add(AuditEntry(at=clock.now(), action="tests.doctrine", refused=False))
    page = text(sign_in_as("a.cpam"), "/simulateur?profil=ti")
    assert cells(page)[2] == "À vérifier"
    assert "La doctrine régionale répond" in page


def _rule_ids(page: str) -> set[str]:
    return set(re.findall(r'<th scope="row" class="nowrap num">([A-Z]+-[A-Z]-\d+)</th>', page))


# dispositif, statut: how many rules the reference file holds, the five common ones included.
RULE_COUNTS: list[tuple[dict[str, Any], int]] = [
    ({}, 95),
    ({"dispositif": "essai_encadre"}, 23),
    ({"dispositif": "essai_encadre", "statut": "ti"}, 6),
    ({"dispositif": "temps_partiel_therapeutique", "statut": "ti"}, 14),
    ({"dispositif": "pmsmp", "statut": "salarie"}, 10),
]


@pytest.mark.parametrize(("query", "count"), RULE_COUNTS)
def test_the_catalogue_shows_the_rules_of_a_dispositif_and_status(
    world: World, sign_in_as: SignIn, query: dict[str, str], count: int
) -> None:
    response = sign_in_as("a.cpam").get("/regles", query_string=query)
    page = response.get_data(as_text=True)
    assert len(_rule_ids(page)) == count
    assert f"{count} règles montrées sur 95" in page


def test_a_rule_shows_its_source_its_validity_and_its_doctrine(world: World, sign_in_as: SignIn) -> None:
    page = text(sign_in_as("a.cpam"), "/regles?dispositif=temps_partiel_therapeutique&statut=ti")
    assert "Art. D. 622-10 du code de la sécurité sociale" in page
    assert "depuis le 01/07/2021" in page
    assert "comparée, sans décider ici" in page
    assert "affiliation.months &gt;= 12" in page
    assert not re.search(r"\[F\d", page)


def test_an_unknown_filter_shows_everything_and_says_so(world: World, sign_in_as: SignIn) -> None:
    page = text(sign_in_as("a.cpam"), "/regles?dispositif=vacances", 422)
    assert "n’existe pas" in page
    assert len(_rule_ids(page)) == 95
