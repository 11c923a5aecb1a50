"""The demo's own folder: database, keys and outputs."""

import json
import os
import secrets
import shutil
from pathlib import Path

from pdp.demo import seals
from pdp.demo.errors import DemoError
from pdp.settings import Settings

_DATABASE = "demo.db"
_KEYS = "demo-keys.json"
_SEAL = "demo-seal.p12"
_PRODUCTION = ("PDP_DATABASE_URL", "PDP_SECRET_KEY", "PDP_KEYS")


def prepare(*, reset: bool) -> Settings:
    """Return demo settings over the instance folder, whose keys are made at the first run.

    Raises `DemoError` when the environment carries production settings.
    """
    carried = [name for name in _PRODUCTION if os.environ.get(name)]
    if os.environ.get("PDP_ENV") == "production" or carried:
        raise DemoError(
            f"The demo refuses production settings ({', '.join(carried) or 'PDP_ENV'}): unset them, then try again."
        )
    folder = Path(os.environ.get("PDP_INSTANCE", "instance")).absolute()
    if reset:
        _erase(folder)
    outputs(folder).mkdir(parents=True, exist_ok=True)
    return _settings(folder)


def find() -> Settings | None:
    """Return the settings of a demo played in PDP_INSTANCE, in `instance` or in the current folder.

    None when there is none, or when the environment carries the settings of a real installation.
    """
    if os.environ.get("PDP_ENV") == "production" or any(os.environ.get(name) for name in _PRODUCTION):
        return None
    named = os.environ.get("PDP_INSTANCE")
    folders = [Path(named)] if named else [Path("instance"), Path()]
    played = [folder.absolute() for folder in folders if (folder / _DATABASE).exists() and (folder / _KEYS).exists()]
    return _settings(played[0]) if played else None


def _settings(folder: Path) -> Settings:
    keys = _keys(folder / _KEYS)
    return Settings(
        database_url=f"sqlite:///{folder / _DATABASE}",
        secret_key=keys["secret_key"],
        encryption_keys={1: bytes.fromhex(keys["encryption_key"])},
        instance=folder,
        demo=True,
        # A demo runs beside no antivirus, and says so on the page of the pieces.
        scanner="off",
        seal=str(_seal(folder / _SEAL, keys["secret_key"])),
        seal_passphrase=keys["secret_key"],
    )


def outputs(folder: Path) -> Path:
    """Return where the demo writes the documents of its séance."""
    return folder / "sorties"


def _erase(folder: Path) -> None:
    """Delete what a demo made, and nothing else that the folder may hold."""
    for name in (_DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm", f"{_DATABASE}.scheduler", _KEYS, _SEAL):
        (folder / name).unlink(missing_ok=True)
    for made in (outputs(folder), folder / "journal"):
        shutil.rmtree(made, ignore_errors=True)


def _seal(path: Path, passphrase: str) -> Path:
    """Make the demo's own seal at the first run: it says so in its name, and nobody else trusts it."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(seals.make("Cellule PDP (démonstration)", passphrase))
    return path


def _keys(path: Path) -> dict[str, str]:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"secret_key": secrets.token_hex(32), "encryption_key": secrets.token_hex(32)}))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys
