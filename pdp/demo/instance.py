"""The demo's own folder: database, keys and outputs."""

import json
import os
import secrets
import shutil
from pathlib import Path

from pdp.demo.errors import DemoError
from pdp.settings import Settings

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
    keys = _keys(folder / "demo-keys.json")
    return Settings(
        database_url=f"sqlite:///{folder / 'demo.db'}",
        secret_key=keys["secret_key"],
        encryption_keys={1: bytes.fromhex(keys["encryption_key"])},
        instance=folder,
        demo=True,
    )


def outputs(folder: Path) -> Path:
    """Return where the demo writes the documents of its séance."""
    return folder / "sorties"


def _erase(folder: Path) -> None:
    """Delete what a demo made, and nothing else that the folder may hold."""
    for name in ("demo.db", "demo.db-wal", "demo.db-shm", "demo-keys.json"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(outputs(folder), ignore_errors=True)


def _keys(path: Path) -> dict[str, str]:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"secret_key": secrets.token_hex(32), "encryption_key": secrets.token_hex(32)}))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys
