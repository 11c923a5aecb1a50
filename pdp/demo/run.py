"""Run the demo: build the world once, play a séance, write its minutes, serve the site."""

import ipaddress
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pdp.app import create_app, open_database
from pdp.audit import anchors
from pdp.core import schema
from pdp.demo import instance
from pdp.demo.errors import DemoError
from pdp.demo.world import build_world, is_built, list_accounts, write_outputs
from pdp.settings import Settings

__all__ = ["DemoError", "run_demo"]

Say = Callable[[str], None]


def run_demo(*, serve: bool, reset: bool, host: str, port: int, say: Say) -> None:
    """Build the demo world if it is not there, print where it is, then serve it.

    Raises `DemoError` for an address that is not loopback and for production settings.
    """
    _refuse_outside(host)
    settings = instance.prepare(reset=reset)
    engine = open_database(settings).engine
    with _step(say, "Migration of the embedded database"):
        schema.upgrade(engine)
    if is_built():
        say("The demo world is already there; --reset starts afresh.")
    else:
        build_world(lambda text: _step(say, text))
    with _step(say, "Minutes of the séance, in PDF, DOCX and ODT"):
        files = write_outputs(instance.outputs(settings.instance))
    for path in files:
        say(f"    {path}")
    with _step(say, "Anchors of the journal (pdp audit verify checks it)"):
        anchors.write()
    if serve:
        _serve(settings, host, port, say)


def _serve(settings: Settings, host: str, port: int, say: Say) -> None:
    from pdp.server import serve as run_server

    app = create_app(settings)
    say(f"\nDemo accounts, all fictitious; choose one at http://{host}:{port}/connexion\n")
    for role, name, job in list_accounts():
        say(f"    {role:<44} {name:<20} {job}")
    say(f"\nServing http://{host}:{port} (Ctrl+C stops)")
    with _scheduler(settings):
        run_server(app, host=host, port=port, workers=1)


@contextmanager
def _scheduler(settings: Settings) -> Iterator[None]:
    """Run the scheduled jobs beside the site; they end with it, however it ends."""
    command = [sys.executable, "-m", "pdp.cli", "scheduler", "--attached"]
    process = subprocess.Popen(command, env=os.environ | {"PDP_INSTANCE": str(settings.instance)})  # noqa: S603 - ourselves
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _refuse_outside(host: str) -> None:
    try:
        loopback = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise DemoError(f"The demo listens on loopback only, not on {host}: everyone may sign in to it.")


@contextmanager
def _step(say: Say, text: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"[done in {time.monotonic() - started:4.1f} s] {text}")
