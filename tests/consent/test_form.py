"""The agreement on screen and on paper: nothing typed is lost, two pages, no name outside them."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from pdp.accounts.models import Organisation
from pdp.cases import service as cases
from pdp.consent.enums import AgreementForm
from pdp.consent.notices import codes, notice_on, notices
from pdp.core import clock
from pdp.documents import service as documents
from pdp.documents.enums import About, PaperKind
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.minutes.extract import pdf_words
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
PARTNERS = ("spst", "cap_emploi", "comete", "mdph", "oeth")


def _organisation(world: World, kind: str) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[f"a.{kind}"]).public_id


def _typed(world: World, **changes: Any) -> dict[str, Any]:
    day = clock.today().isoformat()
    return {
        "organisation": _organisation(world, "mdph"),
        "replaces": "",
        "labels": ["boeth", "identity"],
        "purpose_code": "title",
        "purpose": "Renouvellement du titre",
        "period": "case_end",
        "starts_on": day,
        "notice": "2026-01",
        "informed_on": day,
        "form": "signed",
        "agreed_on": day,
        "place": "Quimper",
        "collected_by": "Mme Essai-Sociale",
    } | changes


def test_an_agreement_keeps_all_that_proves_it(world: World, sign_in_as: SignIn) -> None:
    client, address = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.alone']}/partage"
    assert client.post(f"{address}/nouveau", data=_typed(world)).status_code == 303
    page = client.get(address).get_data(as_text=True)
    for told in ("Renouvellement du titre", "Quimper", "Mme Essai-Sociale", "Notice 2026-01 remise", "En vigueur"):
        assert told in page, told


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"labels": []}, "Cochez au moins une information"),
        ({"period": "date"}, "Écrivez la date de fin"),
        ({"form": "oral"}, "devant témoin"),
        ({"agreed_on": "2199-01-01"}, "dans le futur"),
        ({"purpose_code": "other", "purpose": ""}, "à quoi sert ce partage"),
    ],
)
def test_a_refused_form_says_why_and_loses_nothing(
    changes: dict[str, Any], reason: str, world: World, sign_in_as: SignIn
) -> None:
    client, typed = sign_in_as("a.service_social"), _typed(world, **changes)
    refused = client.post(f"/dossiers/{world.case['a.alone']}/partage/nouveau", data=typed)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert reason in page
    for kept in (typed["purpose"], typed["place"], typed["collected_by"], typed["agreed_on"]):
        assert f'value="{kept}"' in page


def test_an_agreement_that_came_meanwhile_is_shown_and_nothing_typed_is_lost(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    cases.record_agreement(
        actor_of("a.service_social"),
        world.case["a.alone"],
        organisation=_organisation(world, "mdph"),
        labels=[Label.PLAN],
        purpose="Celui d’un collègue",
        form=AgreementForm.SIGNED,
        starts_on=clock.today(),
    )
    client, address = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.alone']}/partage/nouveau"
    stale = client.post(address, data=_typed(world))
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert "entre-temps" in page
    assert 'value="Quimper"' in page
    lines = cases.read_case(actor_of("a.mdph"), world.case["a.alone"], part="sharing").sharing
    assert [line.purpose for line in lines] == ["Celui d’un collègue"]


def test_the_printed_form_has_two_tagged_pages_and_no_name_outside_them(world: World, sign_in_as: SignIn) -> None:
    chosen = "&".join(f"organisme={_organisation(world, kind)}" for kind in PARTNERS)
    address = f"/dossiers/{world.case['a.shared']}/partage/formulaire.pdf?{chosen}"
    printed = sign_in_as("a.service_social").get(address)
    assert printed.headers["Content-Disposition"] == "attachment; filename=accord-2026-0002.pdf"
    with pikepdf.open(io.BytesIO(printed.data)) as pdf:
        assert len(pdf.pages) == 2
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr-FR"
        assert "Shared" not in str(dict(pdf.docinfo))
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert "pdfuaid" in metadata
    assert "Shared" not in metadata
    words = pdf_words(printed.data)
    for told in ("NomShared", "Cap emploi", "Comète", "Signature", "témoin", "à tout moment", "jamais"):
        assert told in words, told


def test_the_form_asks_for_one_organisation_at_least(world: World, sign_in_as: SignIn) -> None:
    address = f"/dossiers/{world.case['a.shared']}/partage/formulaire"
    client = sign_in_as("a.service_social")
    assert client.get(f"{address}.pdf").status_code == 422
    assert _organisation(world, "mdph") in client.get(address).get_data(as_text=True)
    assert sign_in_as("a.cpam").get(address).status_code == 404


def test_the_notice_in_use_is_the_newest_of_its_day() -> None:
    assert codes() == {"2024-01", "2026-01"}
    assert notice_on(notices()[-1].valid_from).code == "2024-01"
    assert notice_on(clock.today()).code == "2026-01"
    assert "sans conséquence" in " ".join(section.text for section in notices()[-1].sections)


def test_the_signed_form_is_awaited_then_opened_from_the_sharing_tab(
    world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    client, case = sign_in_as("a.service_social"), world.case["a.alone"]
    client.post(f"/dossiers/{case}/partage/nouveau", data=_typed(world))
    agreement = cases.read_case(actor_of("a.service_social"), case, part="sharing").sharing[0].public_id
    asked = client.get(f"/dossiers/{case}/partage").get_data(as_text=True)
    assert f"/dossiers/{case}/pieces/ajouter?attendue={agreement}" in asked
    added = documents.add_document(
        actor_of("a.service_social"),
        case,
        title_kind=PaperKind.SHARING_FORM,
        stream=io.BytesIO("Formulaire signé".encode()),
        file_name="formulaire.txt",
        about=About.PIECE,
        about_ref=agreement,
    )
    shown = client.get(f"/dossiers/{case}/partage").get_data(as_text=True)
    assert f"/pieces/{added.public_id}" in shown
    assert "Joindre le formulaire" not in shown
