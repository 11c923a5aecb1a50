"""The `pdp` command. Imports are made by each command, so that the light ones start at once."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pdp.core.db import Database
    from pdp.settings import Settings


@click.group()
@click.version_option(package_name="cellule-pdp")
def main() -> None:
    """Cellule PDP: the shared workspace of a committee for the prevention of job loss."""


@main.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site once the demo world is ready.")
@click.option("--reset", is_flag=True, help="Start afresh: delete the demo's own database and outputs first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address; any other is refused.")
@click.option("--port", default=8000, show_default=True)
def demo(serve: bool, reset: bool, host: str, port: int) -> None:
    """Build the demo world, play a séance, write its minutes, then serve the site."""
    from pdp.demo.run import DemoError, run_demo

    try:
        run_demo(serve=serve, reset=reset, host=host, port=port, say=click.echo)
    except DemoError as error:
        _fail(str(error))


@main.command()
@click.argument("path", metavar="FILE")
@click.option("--all", "all_rules", is_flag=True, help="List the rules that passed as well.")
def eligibility(path: str, all_rules: bool) -> None:
    """Evaluate the eligibility of the situation described in FILE (JSON; - reads standard input)."""
    from pdp.dispositifs.commands import run_eligibility

    sys.exit(run_eligibility(path, all_rules=all_rules, stdout=sys.stdout, stderr=sys.stderr))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site with the settings of the environment."""
    from pdp.app import create_app
    from pdp.server import serve as run_server

    settings = _settings()
    _refuse_unsafe(_open())
    run_server(create_app(settings), host=host, port=port, workers=workers)


@main.command()
@click.option("--attached", is_flag=True, hidden=True, help="Stop with the process that started this one.")
def scheduler(attached: bool) -> None:
    """Run the scheduled jobs: of several such processes one leads, the others stand by."""
    from pdp import scheduler as jobs
    from pdp.core import logs

    database = _open(demo=True)
    logs.install(logging.WARNING if attached else logging.INFO)
    _refuse_unsafe(database)
    jobs.run(attached=attached)


@main.command()
@click.argument("action", type=click.Choice(["status"]))
def jobs(action: str) -> None:
    """Say how the scheduled jobs and the outbox do (exit 1 when something is late or in failure)."""
    from pdp.operations import commands

    _open(demo=True)
    sys.exit(commands.status(click.echo))


@main.command()
@click.argument("action", type=click.Choice(["upgrade", "check", "downgrade", "revision"]))
@click.option("--to", "target", default=None, help="The revision to stop at.")
@click.option("--name", default="", help="What the new revision does.")
def db(action: str, target: str | None, name: str) -> None:
    """Upgrade, check or downgrade the tables; write the next revision from the models."""
    from pdp.core import schema

    if action == "revision":
        schema.write_revision(name)
        return
    engine = _open(owner=True).engine
    if action == "upgrade":
        schema.upgrade(engine, target or "head")
        _open(owner=True)
    elif action == "downgrade":
        schema.downgrade(engine, target or "base")
    else:
        schema.check(engine)
    click.echo(f"{action}: done")


@main.command()
@click.argument("action", type=click.Choice(["status", "rotate"]))
@click.option("--batch", default=500, show_default=True, help="How many values are sealed again at once.")
def keys(action: str, batch: int) -> None:
    """Say what is sealed under which key; seal everything again under the newest one (may be interrupted)."""
    from pdp.keys import commands

    _open(owner=True)
    try:
        commands.rotate(batch, click.echo) if action == "rotate" else commands.show(click.echo)
    except commands.RotationRefused as error:
        _fail(str(error), code=1)


@main.command()
@click.argument("action", type=click.Choice(["verify", "anchor"]))
def audit(action: str) -> None:
    """Verify the journal (exit 0 whole, 1 naming the first bad entry, 2 unreadable); write its anchors now."""
    from pdp.audit import commands

    _open(demo=True)
    run = commands.verify if action == "verify" else commands.anchor
    sys.exit(run(click.echo, lambda text: click.echo(text, err=True)))


@main.command()
@click.argument("action", type=click.Choice(["verify"]))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM file.")
def minutes(action: str, path: Path, certificate: Path | None) -> None:
    """Verify the seal of minutes (exit 0 intact, 1 altered, 2 not ours); --certificate needs no settings."""
    from pdp.minutes import commands

    settings = None if certificate else _settings(demo=True)
    sys.exit(getattr(commands, action)(path, certificate, settings, click.echo))


@main.command()
@click.argument("action", type=click.Choice(["dry-run", "run", "status", "reapply"]))
def retention(action: str) -> None:
    """Say what would be erased, erase what is due, compare with the erasures' file, or erase again after a restore."""
    from pdp.retention import commands

    # The database lets its owner alone say that a case was hidden long ago.
    _open(demo=True, owner=action == "reapply")
    sys.exit(commands.act(action, click.echo, lambda text: click.echo(text, err=True)))


@main.command()
@click.option("--check", is_flag=True, help="Only say whether the files are fresh (exit 1 when not).")
def docs(check: bool) -> None:
    """Print the pages of docs/ that are made from code: access and workflow."""
    from pdp.docs import write_docs

    stale = write_docs(check=check)
    if check and stale:
        _fail(f"stale: {', '.join(stale)}. Run `pdp docs`.", code=1)


def _settings(*, demo: bool = False) -> "Settings":
    """Read the settings of the environment; with `demo`, those of a demo played here when there are none."""
    from pdp.demo import instance
    from pdp.settings import Settings, SettingsError

    if demo and (found := instance.find()):
        return found
    try:
        return Settings.from_env()
    except SettingsError as error:
        _fail(str(error))


def _open(*, owner: bool = False, demo: bool = False) -> "Database":
    """Open the database of the settings; as the owner of its tables where PDP_OWNER_URL says how."""
    from sqlalchemy.exc import OperationalError

    from pdp.app import open_database
    from pdp.settings import SettingsError

    settings = _settings(demo=demo)
    if owner and settings.owner_url:
        settings = replace(settings, database_url=settings.owner_url)
    try:
        return open_database(settings)
    except SettingsError as error:
        _fail(str(error))
    except OperationalError as error:
        _fail(f"The database could not be opened: {error.orig}")


def _refuse_unsafe(database: "Database") -> None:
    """In production, stop on a database whose walls are down, with a sentence per fault."""
    from pdp.core.selfcheck import refuse_unsafe_database
    from pdp.settings import SettingsError

    try:
        if _settings(demo=True).production:
            refuse_unsafe_database(database)
    except SettingsError as error:
        _fail(str(error))


def _fail(message: str, code: int = 2) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
