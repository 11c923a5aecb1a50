"""The product in processes of their own: a folder and ports as arguments, the database in the environment.

They are forked once the application is built, which takes longer than all that a test then asks of them.
"""

import os
import sys
from pathlib import Path

from pdp.app import create_app, open_database
from pdp.server import serve
from pdp.settings import Settings
from tests.conftest import KEYS


def _start(settings: Settings, ports: list[int]) -> list[int]:
    """Serve each port in a process forked from this one; return their ids."""
    open_database(settings)
    app, children = create_app(settings), []
    for port in ports:
        child = os.fork()
        if child == 0:
            serve(app, host="127.0.0.1", port=port, workers=1)
            sys.exit()
        children.append(child)
    return children


if __name__ == "__main__":
    settings = Settings(
        database_url=os.environ["PDP_DATABASE_URL"],
        secret_key="s" * 40,
        encryption_keys=KEYS,
        instance=Path(sys.argv[1]),
        demo=True,
    )
    for child in _start(settings, [int(port) for port in sys.argv[2:]]):
        os.waitpid(child, 0)
