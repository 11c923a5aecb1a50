"""The product in a process of its own: its port and its folder as arguments, its database in the environment."""

import os
import sys
from pathlib import Path

from pdp.app import create_app, open_database
from pdp.server import serve
from pdp.settings import Settings
from tests.conftest import KEYS

if __name__ == "__main__":
    settings = Settings(
        database_url=os.environ["PDP_DATABASE_URL"],
        secret_key="s" * 40,
        encryption_keys=KEYS,
        instance=Path(sys.argv[2]),
        demo=True,
    )
    open_database(settings)
    serve(create_app(settings), host="127.0.0.1", port=int(sys.argv[1]), workers=1)
