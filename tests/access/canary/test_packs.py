"""The packs of six recipients of the same two séances: each holds what is theirs, and nothing else."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from tests.access.canary.places import FEW_CASES
from tests.access.canary.unpack import words_of
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
    for meeting in [
        row["public_id"] for row in canary.rows["meeting"] if row["cellule_id"] == canary.world.cellule["a"]
    ]:
        answer = walker.client.get(f"/seances/{meeting}/dossier-de-seance.pdf")
        if answer.status_code == 404:
            continue
        with pikepdf.open(io.BytesIO(answer.get_data())) as pdf:
            sheets += len(pdf.pages) - 1
        seen = walker.seen_in(answer)
        leaks = {canary.canaries[value].name for value in seen - walker.allowed}
        assert not leaks, leaks
        assert words_of(answer)
        read |= seen
    labels = {canary.canaries[value].label for value in read}
    # No sheet prints these, whoever reads it.
    assert not labels & {"medical", "social", "nir", "allowance", "signal", "journal"}
    assert sheets
    assert {canary.canaries[value].case for value in read} & {*FEW_CASES}
    figure("packs.canaries", f"{name} {len(read)} values in {sheets} sheets, 0 leaks")
