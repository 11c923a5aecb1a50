"""The list of cases as a file: for a reason, by the core only, each case journaled as read."""

import csv
import io
from collections import Counter
from collections.abc import Callable

import pytest
from python_calamine import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.audit.models import AuditEntry
from pdp.cases.models import CaseExport, InsuredPerson
from pdp.core.db import Database
from pdp.oversight.rules import Limits, Quotas
from pdp.oversight.service import watching
from pdp.policy.roles import Role
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
REASON = "Revue trimestrielle des dossiers."
XLSX = {"reason": REASON, "file_format": "xlsx"}


def rows(content: bytes) -> list[list[str]]:
    table = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[str(cell) for cell in row] for row in table]


def test_the_file_says_who_when_and_why_then_one_line_a_case(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.cpam").post("/dossiers/export", data=XLSX)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=dossiers-cellule-pdp.xlsx"
    who, why, secret, head, *lines = rows(answer.data)
    assert who[0].startswith("Extrait par Cpam EssaiA (CPAM, action sociale, CPAM, action sociale), ")
    assert why[0] == f"Motif\u00a0: {REASON}"
    assert "secret professionnel" in secret[0]
    assert head == [
        "Référence",
        "Initiales",
        "Étape",
        "Axe",
        "Statut",
        "Arrêt depuis le",
        "Arrêt jusqu’au",
        "Référent",
        "Ouvert le",
    ]
    assert [line[0] for line in lines] == [f"2026-{number:04}" for number in range(8, 0, -1)]
    assert not any("Nom" in cell for line in lines for cell in line), "initials by default"
    assert lines[6][1] == "P.\u00a0N."


def test_names_come_only_when_asked_for(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.cpam").post("/dossiers/export", data={**XLSX, "with_names": "1"})
    assert "PrénomShared NomShared" in {cell for line in rows(answer.data) for cell in line}


def test_each_case_is_a_read_in_the_journal_and_the_whole_is_one_export(
    world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    sign_in_as("a.cpam").post("/dossiers/export?etape=open", data=XLSX)
    with as_owner() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.user_id == world.user["a.cpam"])).all()
        kept = session.scalars(select(CaseExport)).one()
    counts = Counter(entry.action for entry in entries if entry.action != "account.sign_in")
    assert counts == {"case.export": 1, "case.read": 6}
    read = {entry.case_id for entry in entries if entry.action == "case.read"}
    opened = ("alone", "shared", "expired", "withdrawn", "future", "partial")
    assert read == {world.case_id[f"a.{name}"] for name in opened}
    assert (kept.cases, kept.reason, kept.with_names, kept.user_id) == (6, REASON, False, world.user["a.cpam"])
    assert REASON not in str([entry.detail for entry in entries])
    figure("export.journal", f"{len(read)} cases exported, {len(read)} reads and 1 export in the journal")


def test_nobody_but_the_core_exports(world: World, sign_in_as: SignIn) -> None:
    core = {Role.SERVICE_SOCIAL, Role.MANAGER, Role.SERVICE_MEDICAL, Role.CPAM, Role.COORDINATEUR}
    for role in Role:
        client, expected = sign_in_as(f"a.{role}"), 200 if role in core else 404
        assert client.get("/dossiers/export").status_code == expected
        assert client.post("/dossiers/export", data=XLSX).status_code == expected
        if role not in core and client.get("/dossiers").status_code == 200:
            assert "Extraire" not in client.get("/dossiers").get_data(as_text=True)


def test_without_a_reason_nothing_leaves_and_nothing_typed_is_lost(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.cpam").post("/dossiers/export", data={"reason": " ", "file_format": "csv"})
    assert answer.status_code == 422
    assert 'value="csv" checked' in answer.get_data(as_text=True)
    with as_owner() as session:
        assert session.scalars(select(CaseExport)).all() == []


def test_the_csv_says_the_same_and_a_name_that_is_a_formula_stays_a_text(world: World, sign_in_as: SignIn) -> None:
    with as_owner() as session:
        shared = session.query(InsuredPerson).filter_by(family_name="NomShared", cellule_id=world.cellule["a"])
        shared.update({"given_name": "=1+1", "family_name": "x"})
    client = sign_in_as("a.cpam")
    answer = client.post("/dossiers/export", data={"reason": REASON, "file_format": "csv", "with_names": "1"})
    assert answer.mimetype == "text/csv"
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    line = next(row for row in table if row[0] == "2026-0002")
    assert line[1:3] == ["·=.\u00a0x.", "·=1+1 x"]
    content = client.post("/dossiers/export", data={**XLSX, "with_names": "1"}).data
    assert ["=.\u00a0x.", "=1+1 x"] in [row[1:3] for row in rows(content)]


def test_a_search_by_name_narrows_the_export(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.cpam")
    query = client.post("/dossiers", data={"q": "nomshared"}).location.partition("?")[2]
    assert "1\u00a0dossier, avec les filtres" in client.get(f"/dossiers/export?{query}").get_data(as_text=True)
    lines = rows(client.post(f"/dossiers/export?{query}", data=XLSX).data)[4:]
    assert [line[0] for line in lines] == ["2026-0002"]


@pytest.mark.parametrize("verb", ["UPDATE case_export SET reason = 'x'", "DELETE FROM case_export"])
def test_the_register_of_exports_can_only_be_added_to(
    owner: Database, world: World, sign_in_as: SignIn, verb: str
) -> None:
    sign_in_as("a.cpam").post("/dossiers/export", data=XLSX)
    with pytest.raises(DBAPIError, match="append-only"), owner.engine.begin() as connection:
        connection.execute(text(verb))


def test_a_file_holds_no_more_cases_than_a_day_allows(world: World, sign_in_as: SignIn) -> None:
    watching.use(Quotas(core=Limits(3, 5)))
    try:
        client = sign_in_as("a.cpam")
        refused = client.post("/dossiers/export", data=XLSX)
        assert refused.status_code == 422
        assert "les 5 dossiers qu’un compte peut ouvrir en un jour" in refused.get_data(as_text=True)
        assert REASON in refused.get_data(as_text=True)
        with as_owner() as session:
            assert session.scalars(select(CaseExport)).all() == []
        assert client.get(f"/dossiers/{world.case['a.shared']}").status_code == 200
    finally:
        watching.use(Quotas())
