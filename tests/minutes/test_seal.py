"""`pdp minutes verify`, and the files kept: sealed once composed, over bytes that are the same each time."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asn1crypto import pem
from sqlalchemy import select
from sqlalchemy.orm import undefer

from pdp.core import seal as seals
from pdp.core.seal import Finding, Seal, verify
from pdp.demo.seals import make
from pdp.minutes import service
from pdp.minutes.compose import compose
from pdp.minutes.models import MinutesFile, MinutesVersion
from pdp.minutes.render import RENDERERS
from pdp.minutes.render.pdf import render_pdf
from pdp.minutes.serial import from_plain
from pdp.policy.actor import Actor
from tests.minutes import example, seance
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


@pytest.fixture
def seal(tmp_path: Path) -> Iterator[Seal]:
    """The seal of the process, taken off afterwards."""
    file = tmp_path / "seal.p12"
    file.write_bytes(make("Cellule d’essai", "sésame"))
    found = Seal.read(file, "sésame")
    seals.install(found)
    yield found
    seals.install(None)


def test_minutes_are_kept_under_the_seal_over_bytes_that_are_the_same_each_time(
    world: World, actor_of: ActorOf, seal: Seal, figure: Callable[[str, object], None]
) -> None:
    service.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    with as_owner() as session:
        versions = session.scalars(select(MinutesVersion).options(undefer(MinutesVersion.content))).all()
        for version in versions:
            files = session.scalars(
                select(MinutesFile).options(undefer(MinutesFile.body)).where(MinutesFile.version_id == version.id)
            ).all()
            kept = {file.format: file.body for file in files}
            assert kept.keys() == {"pdf", "docx", "odt"}
            again = {name: RENDERERS[name].render(from_plain(version.content)) for name in kept}
            assert kept["pdf"].startswith(again["pdf"])
            assert verify(kept["pdf"], [seal.certificate]) is Finding.INTACT
            assert verify(again["pdf"], [seal.certificate]) is Finding.NOT_OURS
            assert (kept["docx"], kept["odt"]) == (again["docx"], again["odt"])
    assert len(versions) == 3
    figure("seal.under", f"{len(versions)} versions in 3 formats: the bytes under the seal are equal")


def test_the_command_says_intact_altered_or_not_ours_by_its_exit_code(tmp_path: Path, seal: Seal) -> None:
    body = render_pdf(compose(example.meeting()))
    sealed = seal.put_on(body)
    changed = sealed[:900] + bytes([sealed[900] ^ 1]) + sealed[901:]
    certificate = tmp_path / "seal.pem"
    certificate.write_bytes(pem.armor("CERTIFICATE", seal.certificate.dump()))
    for name, content, code, word in (
        ("pv.pdf", sealed, 0, "intact"),
        ("pv-modifie.pdf", changed, 1, "ALTERED"),
        ("autre.pdf", body, 2, "not ours"),
        ("pv.docx", b"PK\x03\x04", 2, "not ours"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        told = pdp("minutes", "verify", str(file), "--certificate", str(certificate), folder=tmp_path)
        assert (told.returncode, word in told.stdout) == (code, True), told


def test_without_a_seal_nor_a_certificate_the_command_says_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "pv.pdf"
    file.write_bytes(b"%PDF-1.7")
    told = pdp("minutes", "verify", str(file), folder=tmp_path)
    assert told.returncode == 2
    assert "PDP_SECRET_KEY" in told.stderr


def pdp(*words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PDP_")}
    command = [str(Path(sys.executable).with_name("pdp")), *words]
    return subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True)
