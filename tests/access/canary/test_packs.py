"""The packs of six recipients of the same two séances: each holds what is theirs, and nothing else."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from tests.access.canary.places import FEW_CASES
from tests.access.canary.walk import Walker
from tests.access.canary.world import CanaryWorld

Figure = Callable[[str, object], None]
RECIPIENTS = ("coordinateur", "service_medical", "spst", "spst_2", "cap_emploi", "mdph")


@pytest.mark.parametrize("name", RECIPIENTS)
def test_a_pack_holds_what_its_recipient_may_read_and_nothing_else(
    walker_of: Callable[[str], Walker], canary: CanaryWorld, figure: Figure, name: str
) -> None:
    walker = walker_of(name)
    read, sheets = set[str](), 0
    cellule = canary.world.cellule["a"]
    for meeting in [row["public_id"] for row in canary.rows["meeting"] if row["cellule_id"] == cellule]:
        answer = walker.client.get(f"/seances/{meeting}/dossier-de-seance.pdf")
        if answer.status_code == 404:
            continue
        with pikepdf.open(io.BytesIO(answer.get_data())) as pdf:
            sheets += len(pdf.pages) - 1
        read |= walker.seen_in(answer)
    assert leaks(walker, read) == set()
    labels = {canary.canaries[value].label for value in read}
    # No sheet prints these, whoever reads it.
    assert not labels & {"medical", "social", "nir", "allowance", "signal", "journal"}
    assert sheets
    assert {canary.canaries[value].case for value in read} & {*FEW_CASES}
    figure("packs.canaries", f"{name} {len(read)} values in {sheets} sheets, 0 leaks")


@pytest.mark.parametrize("name", RECIPIENTS)
def test_the_page_of_a_sheet_opens_where_its_case_does_and_leaks_nothing(
    walker_of: Callable[[str], Walker], canary: CanaryWorld, name: str
) -> None:
    walker, opened = walker_of(name), 0
    meetings = {row["id"]: row["public_id"] for row in canary.rows["meeting"]}
    ids = {canary.world.case_id[case] for case in FEW_CASES}
    for item in [row for row in canary.rows["agenda_item"] if row["_case_id"] in ids]:
        answer = walker.client.get(f"/seances/{meetings[item['meeting_id']]}/points/{item['public_id']}/fiche")
        opened += answer.status_code == 200
        assert leaks(walker, walker.seen_in(answer)) == set()
    assert opened


def leaks(walker: Walker, seen: set[str]) -> set[str]:
    """Name what was met and is not the person's to read."""
    return {walker.canaries.canaries[value].name for value in seen - walker.allowed}
