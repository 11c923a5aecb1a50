"""The pages of minutes: before and after composition, by role, and what is downloaded."""

import hashlib
import re
from collections.abc import Callable

import pytest

from pdp.core import clock
from pdp.meetings.enums import MeetingStatus
from tests.minutes import seance
from tests.minutes.extract import words
from tests.minutes.seance import HELD_AT
from tests.minutes.test_service import change_agreements
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
_LINK = re.compile(r'href="(/seances/[^"]+/proces-verbal/([^"/]+)/(pdf|docx|odt))"')


def url(meeting: str) -> str:
    return f"/seances/{meeting}/proces-verbal"


def page_of(client: StrictClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def composed(sign_in_as: SignIn, world: World, points: int = 2) -> tuple[StrictClient, str]:
    """Compose minutes through the page and deliver them; return the coordinator's client and the page's path."""
    coordinator, held = sign_in_as("a.coordinateur"), seance.hold(world, points=points)
    answer = coordinator.post(url(held.meeting))
    assert answer.status_code == 303
    seance.deliver()
    return coordinator, url(held.meeting)


def links(page: str) -> dict[tuple[str, str], str]:
    """Return the links to files, by version and format."""
    return {(version, file_format): path for path, version, file_format in _LINK.findall(page)}


def test_before_composition_the_page_says_what_the_minutes_will_hold(sign_in_as: SignIn, world: World) -> None:
    held = seance.hold(world, points=3)
    page = page_of(sign_in_as("a.coordinateur"), url(held.meeting))
    assert "Composer le procès-verbal" in page
    assert page.count("Essai encadré") == 3
    assert "2&nbsp;points sur 3" in page.replace("\u00a0", "&nbsp;")
    assert "À savoir avant de composer" not in page


def test_before_composition_only_the_coordinator_is_offered_to_compose(sign_in_as: SignIn, world: World) -> None:
    held = seance.hold(world)
    page = page_of(sign_in_as("a.cpam"), url(held.meeting))
    assert "Composer le procès-verbal" not in page
    assert "Le secrétariat de la cellule ne l’a pas encore composé" in page


def test_an_open_seance_offers_no_composition(sign_in_as: SignIn, world: World) -> None:
    coordinator, held = sign_in_as("a.coordinateur"), seance.hold(world, status=MeetingStatus.OPEN)
    page = page_of(coordinator, url(held.meeting))
    assert "La séance n’est pas close" in page
    assert "Composer le procès-verbal" not in page
    refused = coordinator.post(url(held.meeting))
    assert refused.status_code == 422
    assert "La séance n’est pas close" in refused.get_data(as_text=True)


def test_composing_twice_says_that_nothing_changed(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world)
    first = page_of(coordinator, path)
    assert f"Le procès-verbal n°\u00a0{HELD_AT.year}-01 est composé." in first
    assert coordinator.post(path).status_code == 303
    second = page_of(coordinator, path)
    assert f"Le procès-verbal n°\u00a0{HELD_AT.year}-01 était déjà composé\u00a0: rien n’a changé." in second
    assert links(first) == links(second)


def test_the_register_lists_each_version_in_three_formats(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world)
    page = page_of(coordinator, path)
    found = links(page)
    assert len({version for version, _ in found}) == 3
    assert len(found) == 9
    for (_, file_format), target in found.items():
        answer = coordinator.get(target)
        assert (answer.status_code, answer.mimetype) == (200, _MEDIA[file_format])
        assert re.fullmatch(
            rf"attachment; filename=pv-{HELD_AT.year}-01-[a-z-]+\.{file_format}", answer.headers["Content-Disposition"]
        )
        assert hashlib.sha256(answer.get_data()).hexdigest() in page


def test_the_coordinator_sets_a_recipient_beside_the_complete_version(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world, points=5)
    choices = re.findall(r'href="([^"]+\?destinataire=[^"]+)">([^<]+)<', page_of(coordinator, path))
    assert [name for _, name in choices] == ["Service de prévention et de santé au travail", "Cap emploi"]
    page = page_of(coordinator, choices[1][0])
    assert "2\u00a0points ne figurent pas dans la version du destinataire." in page
    complete, _, reduced = page.partition('id="version-destinataire"')
    assert "QXASKEDALONE" in complete
    assert "QXTALKSHARED" in complete
    assert "QXASKEDSHARED" in reduced
    hidden = (*seance.ALONE_WORDS, *seance.CORE_ONLY_WORDS)
    assert [word for word in hidden if word in reduced] == []


def test_the_rest_of_the_core_sees_the_complete_version_alone(sign_in_as: SignIn, world: World) -> None:
    _, path = composed(sign_in_as, world)
    for role in ("service_social", "manager", "service_medical", "cpam"):
        page = page_of(sign_in_as(f"a.{role}"), path)
        assert len(links(page)) == 3, role
        assert "destinataire" not in page
        assert "QXASKEDALONE" in page


def test_a_partner_finds_on_page_and_in_files_its_case_only(sign_in_as: SignIn, world: World) -> None:
    _, path = composed(sign_in_as, world)
    partner = sign_in_as("a.cap_emploi")
    page = page_of(partner, path)
    found = links(page)
    assert len(found) == 3
    contents = {name: words(name, partner.get(target).get_data()) for (_, name), target in found.items()}
    hidden = (*seance.ALONE_WORDS, *seance.CORE_ONLY_WORDS, *seance.NEVER_WORDS)
    for name, text in {"page": page, **contents}.items():
        assert [word for word in hidden if word in text] == [], name
        assert [word for word in seance.SHARED_WORDS if word not in text] == [], name


def test_a_partner_is_told_when_its_version_is_shut_without_a_name(sign_in_as: SignIn, world: World) -> None:
    _, path = composed(sign_in_as, world)
    partner = sign_in_as("a.cap_emploi")
    [target, *_] = links(page_of(partner, path)).values()
    change_agreements(world, "a.shared", withdrawn_on=clock.today())
    for place in (path, target):
        refused = partner.get(place)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 404
        assert "ne vous est plus ouverte" in page
        assert [word for word in (*seance.SHARED_WORDS, "Shared", "2026-0002") if word in page] == []


def test_a_partner_without_a_shared_case_is_told_that_nothing_is_for_it(sign_in_as: SignIn, world: World) -> None:
    held = seance.hold(world)
    before = sign_in_as("a.mdph").get(url(held.meeting))
    sign_in_as("a.coordinateur").post(url(held.meeting))
    after = sign_in_as("a.mdph").get(url(held.meeting))
    assert before.status_code == after.status_code == 404
    assert "Aucun procès-verbal de cette séance ne vous est ouvert" in after.get_data(as_text=True)
    assert "Aucun procès-verbal de cette séance ne vous est ouvert" in before.get_data(as_text=True)


@pytest.mark.parametrize("role", ["csam", "pilotage", "dpo", "admin"])
def test_other_roles_find_no_page(sign_in_as: SignIn, world: World, role: str) -> None:
    _, path = composed(sign_in_as, world)
    client = sign_in_as(f"a.{role}")
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_an_unknown_format_is_missing(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world)
    [target, *_] = links(page_of(coordinator, path)).values()
    assert coordinator.get(target.rsplit("/", 1)[0] + "/html").status_code == 404


def test_the_core_reads_the_project_and_the_coordinator_that_of_a_recipient(sign_in_as: SignIn, world: World) -> None:
    held = seance.hold(world, points=3)
    coordinator, project = sign_in_as("a.coordinateur"), f"{url(held.meeting)}/projet"
    page = page_of(coordinator, project)
    assert [word for word in ("QXASKEDALONE", "QXTALKSHARED") if word not in page] == []
    [_, cap] = re.findall(r'href="([^"]+/projet\?destinataire=[^"]+)"', page)
    reduced = page_of(coordinator, cap)
    assert "QXASKEDSHARED" in reduced
    assert [word for word in (*seance.ALONE_WORDS, *seance.CORE_ONLY_WORDS) if word in reduced] == []
    assert "QXASKEDALONE" in page_of(sign_in_as("a.cpam"), project)
    assert sign_in_as("a.cpam").get(cap).status_code == 404
    assert sign_in_as("a.cap_emploi").get(project).status_code == 404


def test_the_pages_of_a_sending_walk_from_the_tick_to_the_recall(sign_in_as: SignIn, world: World) -> None:
    coordinator, held = sign_in_as("a.coordinateur"), seance.hold(world)
    path = url(held.meeting)
    assert coordinator.post(path).status_code == 303
    refused = coordinator.post(f"{path}/envoi", data={})
    assert refused.status_code == 422
    assert "Cochez au moins une version" in refused.get_data(as_text=True)
    ticks = re.findall(r'name="versions" value="([^"]+)"', page_of(coordinator, f"{path}/envoi"))
    assert len(ticks) == 3
    assert coordinator.post(f"{path}/envoi", data={"versions": ticks[2]}).status_code == 303
    assert "Envoi en attente" in page_of(coordinator, path)
    assert coordinator.post(f"{path}/{ticks[2]}/reprise").status_code == 303
    seance.deliver(ticks[2])
    assert "Rappeler" in page_of(coordinator, path)
    assert "Ce qui va se passer" in page_of(coordinator, f"{path}/{ticks[2]}/rappel")
    assert coordinator.post(f"{path}/{ticks[2]}/rappel").status_code == 303
    told = sign_in_as("a.cap_emploi").get(path)
    assert told.status_code == 404
    assert "l’a rappelé" in told.get_data(as_text=True)
    register = page_of(coordinator, f"{path}/registre")
    assert register.count("Rappelé") == 1
    assert coordinator.get(f"{path}/registre.xlsx").data[:2] == b"PK"
    assert "rappelé" in coordinator.get(f"{path}/registre.csv").data.decode("utf-8-sig")


def test_an_erratum_begun_asks_for_what_it_lacks_and_loses_nothing(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world)
    typed = {"edition": "1", "position_1": "1", "part_1": "opinion", "wrong_1": "QXTYPED cancer", "holds_1": ""}
    refused = coordinator.post(f"{path}/erratum", data=typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Écrivez ce qu’il faut lire." in page
    assert "QXTYPED" in page
    assert "«\u00a0cancer\u00a0»\u00a0: maladie ou trouble" in page
    done = coordinator.post(f"{path}/erratum", data={**typed, "holds_1": "Favorable", "reason_1": "Saisie"})
    assert done.status_code == 303
    assert "porte l’erratum n°&nbsp;1" in page_of(coordinator, path)
    assert "Remplacé par l’erratum n° 1" in page_of(coordinator, f"{path}?edition=1")


def test_a_recipient_objects_from_the_page_while_the_delay_runs(sign_in_as: SignIn, world: World) -> None:
    coordinator, path = composed(sign_in_as, world)
    partner = sign_in_as("a.cap_emploi")
    assert "Faire une objection" not in page_of(partner, path)
    assert coordinator.post(f"{path}/delai", data={"days": "1"}).status_code == 422
    assert coordinator.post(f"{path}/delai", data={"days": "5"}).status_code == 303
    assert "Faire une objection" in page_of(partner, path)
    assert partner.post(f"{path}/objection", data={"objection": ""}).status_code == 422
    assert partner.post(f"{path}/objection", data={"objection": "QXOBJECTION au point 1"}).status_code == 303
    assert "QXOBJECTION" in page_of(coordinator, f"{path}/approbation")
    assert "QXOBJECTION" not in page_of(sign_in_as("a.cpam"), path)
    assert coordinator.post(f"{path}/approbation", data={"with_changes": "false"}).status_code == 422
