"""« Qui voit quoi » says what the access matrix says, read here on its own from the file."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from pdp.audit.models import AuditEntry
from pdp.cases import service
from pdp.cases.rules.who_sees import Access, Reader
from pdp.consent.models import SharingAgreement
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.minutes.extract import pdf_words
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

MATRIX = Path(__file__).resolve().parents[1] / "access" / "access_matrix.csv"
AGREED = {"identity", "employment", "request", "restrictions", "conclusion", "outcome"}
# How a cell of the file reads, for someone who knows of the case; the agreed ones depend on the agreement.
WORDS = {"R": "lit", "RW": "lit et écrit", "R+own": "lit", "own": "le sien seulement"}
AGREED_WORDS = {"A": "lit", "AW": "lit et écrit", "A+own": "lit"}
# What the core is told to exist.
TOLD = {"medical", "social", "nir", "allowance"}
CORE = {"service_social", "manager", "service_medical", "cpam", "coordinateur"}
AFTER_TRIAGE = {"identity", "employment"}
# How each role of the base world is shown; the people of its SPST are physicians.
ROLES = {
    "service_social": ("Service social", "assistant de service social"),
    "manager": ("Service social", "manager de proximité"),
    "coordinateur": ("Service social", "coordination de la cellule"),
    "csam": ("Service social", "conseiller services (CSAM)"),
    "service_medical": ("Service médical", "médecin"),
    "cpam": ("CPAM, action sociale", ""),
    "spst": ("Service de prévention et de santé au travail", "médecin"),
    "cap_emploi": ("Cap emploi", ""),
}


def expected(role: str, label: str, cell: str, *, referent: bool) -> str:
    """Return what the page must say, from the file and the rules written beside it in its notes."""
    if role == "csam" and cell in WORDS and cell != "own":
        return "lit" if label in AFTER_TRIAGE else "ne voit pas"
    if cell == "O":
        return "lit et écrit" if referent or role == "manager" else "masqué"
    if cell in AGREED_WORDS:
        if label not in AGREED:
            return "ne voit pas"
        return AGREED_WORDS[cell]
    if cell in WORDS:
        return WORDS[cell]
    return "masqué" if role in CORE and label in TOLD else "ne voit pas"


def _matrix() -> dict[tuple[str, str], str]:
    rows = csv.DictReader(io.StringIO(MATRIX.read_text(encoding="utf-8")))
    return {(role, row["label"]): row[role] for row in rows for role in ROLES}


def _share(world: World) -> None:
    with as_owner() as session:
        agreement = update(SharingAgreement).where(SharingAgreement.case_id == world.case_id["a.shared"])
        session.execute(agreement.values(labels=frozenset(Label(label) for label in AGREED)))


def _reader(readers: tuple[Reader, ...], role: str, *, referent: bool) -> Reader:
    organisation, function = ROLES[role]
    found = [
        reader
        for reader in readers
        if (reader.organisation, reader.role, reader.is_referent) == (organisation, function, referent)
    ]
    assert len(found) == 1, (role, referent, found)
    return found[0]


def test_every_cell_of_the_page_is_the_one_of_the_matrix(world: World, actor_of: ActorOf, figure: Figure) -> None:
    _share(world)
    _, found = service.read_who_sees(actor_of("a.service_social"), world.case["a.shared"])
    equal = 0
    for (role, label), cell in _matrix().items():
        if label == "aggregate":
            continue
        for referent in (True, False) if role == "service_social" else (False,):
            shown = _reader(found.readers, role, referent=referent).cells[Label(label)]
            wanted = expected(role, label, cell, referent=referent)
            assert Access(shown).label == wanted, f"{role} × {label}: {shown}, expected {wanted}"
            equal += 1
    assert equal == 20 * 9
    figure("sharing.who_sees", f"{equal} of {equal} cells equal to the matrix")


def test_the_organisations_without_an_agreement_are_said_to_know_nothing(world: World, actor_of: ActorOf) -> None:
    _, found = service.read_who_sees(actor_of("a.cpam"), world.case["a.shared"])
    assert set(found.unaware) == {"Comète", "MDPH", "OETH"}
    _, alone = service.read_who_sees(actor_of("a.cpam"), world.case["a.alone"])
    assert {"Cap emploi", "Service de prévention et de santé au travail"} < set(alone.unaware)


@pytest.mark.parametrize("person", ["a.cap_emploi", "b.service_social", "a.csam"])
def test_nobody_outside_the_core_of_the_cellule_opens_it(person: str, world: World, sign_in_as: SignIn) -> None:
    for end in ("", ".pdf"):
        answer = sign_in_as(person).get(f"/dossiers/{world.case['a.shared']}/qui-voit-quoi{end}")
        assert answer.status_code == 404


def test_the_print_for_the_insured_holds_the_readers_and_no_name_in_its_own(world: World, sign_in_as: SignIn) -> None:
    client, address = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/qui-voit-quoi"
    assert "Ne savent pas que ce dossier existe" in client.get(address).get_data(as_text=True)
    printed = client.get(f"{address}.pdf")
    assert printed.headers["Content-Disposition"] == "attachment; filename=qui-voit-quoi-2026-0002.pdf"
    text = pdf_words(printed.data)
    assert "Cap emploi" in text
    assert "NomShared" not in text
    with as_owner() as session:
        wanted = select(AuditEntry.action).where(AuditEntry.action.startswith("sharing.who_sees"))
        assert session.scalars(wanted).all() == ["sharing.who_sees", "sharing.who_sees_print"]
