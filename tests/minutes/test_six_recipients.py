"""The minutes of one full séance for six organisations: what each holds, and that no byte of it can change unseen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pdp.core import seal as seals
from pdp.core.errors import NotFound
from pdp.core.seal import Seal
from pdp.demo.seals import make
from pdp.minutes import service
from pdp.policy.actor import Actor
from tests.minutes.six_recipients import Proof, prove
from tests.minutes.whole_seance import AGREED, WholeSeance
from tests.support.world import World

# The head of a column of the matrix → who downloads. The CPAM's other member declared a déport on one case.
RECIPIENTS = {
    "coordinateur": "coordinateur",
    "service_medical": "service_medical",
    "cpam": "cpam_2",
    "spst": "spst",
    "cap_emploi": "cap_emploi",
    "comete": "comete",
    "mdph": "mdph",
    "oeth": "oeth",
}

# What shows that all of it happened, in the words of the complete version.
RICH = (
    "par téléphone",
    "(par pouvoir)",
    "Déport : CPAM, siège 1.",
    "Scrutin secret.",
    "Scrutin repris :",
    "Avis conforme, sans vote.",
    "Approuvé avec la liste des dossiers sans débat.",
    "cette demande est sans objet",
    "Avis ajourné",
    "Avis favorable sous réserve",
    "Désaccord",
    "Point ajouté en séance.",
    "Avis rendus par consultation écrite",
)


# Partners read through the walls of their rows, which only this engine has.
@pytest.mark.postgresql
def test_the_minutes_of_a_full_seance_hold_for_each_recipient_what_is_its_own_and_nothing_else(
    world: World, actor_of: Callable[[str], Actor], tmp_path: Path, figure: Callable[[str, object], None]
) -> None:
    file = tmp_path / "seal.p12"
    file.write_bytes(make("Cellule d’essai", "sésame"))
    seal = Seal.read(file, "sésame")
    seals.install(seal)
    try:
        seance = WholeSeance(world, actor_of)
        meeting = seance.play()
        actors = {role: actor_of(f"a.{person}") for role, person in RECIPIENTS.items()}
        proof = prove(actors, meeting, seance.mint.words, AGREED, seal=seal, folder=tmp_path)
    finally:
        seals.install(None)
    # Who took no part in one case does not get the file that holds it.
    [complete, *_] = service.read_minutes(actors["coordinateur"], meeting).versions
    with pytest.raises(NotFound, match="après votre déport"):
        service.download(actor_of("a.cpam"), meeting, complete.public_id, "pdf")
    assert [words for words in RICH if words not in text_of(proof, "coordinateur")] == []
    # A point said beside an hour would tell how many the others brought.
    named = {role for role in RECIPIENTS if re.search(r"à \d+ h(?: \d+)?, point", text_of(proof, role))}
    assert named == {"coordinateur", "service_medical", "cpam"}
    # Of the three partners of the case, two may read the opinion that was given on it in writing.
    noted = {role for role in RECIPIENTS if "Bilan de compétences : favorable, le" in text_of(proof, role)}
    assert noted == {"coordinateur", "service_medical", "cpam", "comete", "mdph"}
    figure("minutes.recipients", proof.figure)


def text_of(proof: Proof, role: str) -> str:
    """Return the text of the Word file of a recipient."""
    [text] = [file.text for file in proof.files if (file.role, file.format) == (role, "docx")]
    return text.replace("\u00a0", " ")
