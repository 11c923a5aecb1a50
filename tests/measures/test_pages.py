"""The « Mesures » tab of a case and the page of a measure, walked by their forms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from pdp.core import clock
from pdp.core.calendar import period_end
from tests.minutes import seance
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Count = Callable[[], AbstractContextManager[list[str]]]


def text(client: StrictClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True).replace("&nbsp;", "\u00a0")


def version_of(page: str) -> str:
    return page.partition('name="version" value="')[2].partition('"')[0]


def post(client: StrictClient, path: str, act: str, status: int = 303, **data: str) -> str:
    answer = client.post(f"{path}/{act}", data={"version": version_of(text(client, path))} | data)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True).replace("&nbsp;", "\u00a0")


def test_a_measure_is_led_from_its_page(sign_in_as: SignIn, world: World) -> None:
    client, request = sign_in_as("a.service_social"), seance.hold(world).requests[0]
    tab, path, today = f"/dossiers/{world.case['a.shared']}/mesures", f"/demandes/{request}/mesure", clock.today()
    assert path in text(client, tab)
    assert "La demande portait sur la période du lundi" in text(client, path), text(client, path).partition(
        "La demande portait"
    )[2][:200]
    start, end = today.isoformat(), period_end(today, 14).isoformat()
    refused = post(
        client, path, "periodes", 422, starts_on=start, ends_on=(period_end(today, 15)).strftime("%d/%m/%Y")
    )
    assert "Première période\u00a0: 15 jours ouvrables pour 14 au plus." in refused.replace(" : ", "\u00a0: ")
    assert period_end(today, 15).strftime("%d/%m/%Y") in refused
    post(client, path, "periodes", starts_on=start, ends_on=end)
    assert "14 sur 14 jours ouvrables, la limite est atteinte" in text(client, path)
    post(client, path, "convention")
    for signer in ("insured", "employer", "tutor", "physician"):
        assert "À signer" in text(client, path)
        post(client, path, "signatures", signer=signer, signed_on=start)
    assert "Texte 1, établi le" in text(client, path)
    too_soon = post(client, path, "debut", 422, began_on=(today - timedelta(days=1)).isoformat())
    assert "La première période commence le" in too_soon
    post(client, path, "debut", began_on=start)
    assert "Commencée" in text(client, path)
    nothing = post(client, path, "bilan", 422, ended_on=start)
    assert "Évaluez au moins un objectif" in nothing
    post(client, path, "bilan", ended_on=start, objective_former_post="partly")
    done = text(client, path)
    assert "Atteint en partie" in done
    assert f"/demandes/{request}/issue" in done
    asked = post(client, path, "suite", dispositif="crpe")
    assert "/demandes/" in asked
    assert "Déjà demandé" in text(client, path)


def test_a_stale_form_keeps_what_was_typed(sign_in_as: SignIn, world: World) -> None:
    client, request = sign_in_as("a.coordinateur"), seance.hold(world).requests[0]
    path, day = f"/demandes/{request}/mesure", clock.today().isoformat()
    stale = version_of(text(client, path))
    post(client, path, "periodes", starts_on=day, ends_on=day)
    answer = client.post(f"{path}/periodes", data={"version": stale, "starts_on": "2031-05-02", "ends_on": ""})
    assert answer.status_code == 422
    assert "2031-05-02" in answer.get_data(as_text=True)
    answer = client.post(f"{path}/convention", data={"version": stale})
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)


def test_the_tab_runs_as_many_statements_for_two_measures_as_for_six(
    sign_in_as: SignIn, world: World, count_queries: Count
) -> None:
    client, tab = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/mesures"
    counted = []
    for _ in range(2):
        seance.hold(world, points=3)
        text(client, tab)
        with count_queries() as ran:
            text(client, tab)
        counted.append(len(ran))
    assert counted[0] == counted[1]


def test_a_case_without_a_measure_says_when_one_comes(sign_in_as: SignIn, world: World) -> None:
    page = text(sign_in_as("a.service_social"), f"/dossiers/{world.case['a.alone']}/mesures")
    assert "Aucune mesure accordée" in page
