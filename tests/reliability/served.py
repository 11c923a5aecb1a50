"""The product in processes of their own: a folder and ports as arguments, the database in the environment.

They are forked once everything is imported, which takes longer than all that a test then asks of them.
"""

import os
import signal
import sys
from pathlib import Path

from pdp.app import create_app, open_database
from pdp.server import serve
from pdp.settings import Settings
from tests.conftest import KEYS


def _start(folder: Path, port: int) -> int:
    child = os.fork()
    if child == 0:
        settings = Settings(
            database_url=os.environ["PDP_DATABASE_URL"],
            secret_key="s" * 40,
            encryption_keys=KEYS,
            instance=folder,
            demo=True,
        )
        open_database(settings)
        serve(create_app(settings), host="127.0.0.1", port=port, workers=1)
        sys.exit()
    return child


if __name__ == "__main__":
    children = [_start(Path(sys.argv[1]), int(port)) for port in sys.argv[2:]]
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(child, signal.SIGTERM) for child in children])
    for child in children:
        os.waitpid(child, 0)
