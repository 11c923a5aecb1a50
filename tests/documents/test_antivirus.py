"""The antivirus: a clear answer or none, and without one a piece stays closed."""

import socket
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.core import antivirus
from pdp.core.antivirus import Clamd, NoScanner, ScannerOff, Verdict, from_setting
from pdp.documents import service
from pdp.documents.enums import ScanState
from pdp.documents.models import Document, DocumentBody
from pdp.settings import Settings, SettingsError
from tests.documents import clamd
from tests.documents.test_pages import SignIn, send
from tests.support.databases import as_owner
from tests.support.world import World

DANGEROUS = b"Bonjour " + clamd.SIGNATURE


def test_a_running_antivirus_answers_yes_and_no() -> None:
    with clamd.running("honest") as port:
        scanner = Clamd(("127.0.0.1", port), seconds=10)
        assert scanner.answers()
        assert scanner.scan(b"bonjour" * 30_000) is Verdict.CLEAN
        assert scanner.scan(bytes(100_000) + DANGEROUS) is Verdict.INFECTED


@pytest.mark.parametrize("mode", [mode for mode in clamd.MODES if mode != "honest"])
def test_anything_but_a_clear_answer_is_no_answer(mode: str) -> None:
    with clamd.running(mode) as port:
        started = time.monotonic()
        assert Clamd(("127.0.0.1", port), seconds=1.5).scan(b"bonjour") is Verdict.UNKNOWN
        assert time.monotonic() - started < 5


def test_an_antivirus_that_is_not_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Clamd(("127.0.0.1", port)).scan(b"bonjour") is Verdict.UNKNOWN
    assert Clamd("/nowhere/clamd.ctl").scan(b"bonjour") is Verdict.UNKNOWN
    assert not Clamd("/nowhere/clamd.ctl").answers()


def test_the_setting_names_an_antivirus_or_says_that_there_is_none() -> None:
    assert from_setting("") == NoScanner()
    assert from_setting("off") == ScannerOff()
    assert from_setting("clamd://av.interne:3310") == Clamd(("av.interne", 3310))
    assert from_setting("clamd:///run/clamd.ctl") == Clamd("/run/clamd.ctl")
    assert NoScanner().scan(b"bonjour") is Verdict.UNKNOWN
    for wrong in ("on", "http://av", "clamd://"):
        with pytest.raises(ValueError, match="PDP_SCANNER"):
            from_setting(wrong)


def test_a_wrong_setting_refuses_to_boot(settings: Settings) -> None:
    from dataclasses import replace

    from pdp.app import open_database

    with pytest.raises(SettingsError, match="PDP_SCANNER"):
        open_database(replace(settings, scanner="peut-être"))


def test_without_an_answer_a_piece_waits_closed_then_opens_by_itself(
    world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    client, opened = sign_in_as("a.service_social"), 0
    for number, mode in enumerate(("drops", "garbage", "cut", "chatty", "error")):
        with clamd.running(mode) as port:
            antivirus.install(Clamd(("127.0.0.1", port), seconds=2))
            answer = send(client, world, body=f"Lettre {number}".encode())
            assert answer.status_code == 303
            assert "quand l’antivirus l’aura contrôlée" in client.get(answer.location).get_data(as_text=True)
    with as_owner() as session:
        waiting = [row.public_id for row in session.query(Document)]
    assert len(waiting) == 5
    for public_id in waiting:
        refusal = client.get(f"/pieces/{public_id}")
        assert refusal.status_code == 422
        assert "attend encore le contrôle antivirus" in refusal.get_data(as_text=True)
        opened += refusal.data.startswith(b"Lettre")
    antivirus.install(Clamd("/nowhere/clamd.ctl"))
    assert service.scan_waiting() == 0
    with clamd.running("honest") as port:
        antivirus.install(Clamd(("127.0.0.1", port)))
        assert service.scan_waiting() == 5
        assert service.scan_waiting() == 0
    assert client.get(f"/pieces/{waiting[0]}").data == b"Lettre 0"
    figure("documents.scan", f"{opened} of {len(waiting)} pieces opened before a clear answer")


def test_a_dangerous_file_is_refused_at_once(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    with clamd.running("honest") as port:
        antivirus.install(Clamd(("127.0.0.1", port)))
        answer = send(client, world, body=DANGEROUS)
    assert answer.status_code == 422
    assert "programme dangereux" in answer.get_data(as_text=True)
    with as_owner() as session:
        assert session.query(DocumentBody).count() == 0


def test_a_piece_found_dangerous_later_is_destroyed(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    antivirus.install(NoScanner())
    assert send(client, world, body=DANGEROUS).status_code == 303
    with clamd.running("honest") as port:
        antivirus.install(Clamd(("127.0.0.1", port)))
        assert service.scan_waiting() == 1
    with as_owner() as session:
        row = session.query(Document).one()
        assert (row.scan, row.body_id) == (ScanState.INFECTED, None)
        assert session.scalars(select(DocumentBody.sealed)).all() == [b""]
    assert client.get(f"/pieces/{row.public_id}").status_code == 404
    assert "Dangereuse, détruite" in client.get(f"/dossiers/{world.case['a.shared']}/pieces").get_data(as_text=True)
