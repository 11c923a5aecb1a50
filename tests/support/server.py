"""A real HTTP server for the journeys, on loopback, stopped by its own handle."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

_PORTS = range(20000, 30000)
_random = Random()


class _Quiet(WSGIRequestHandler):
    """Serve without a line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application in threads and yield its address."""
    server = _listen(app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listen(app: Flask) -> BaseWSGIServer:
    for _ in range(50):
        try:
            return make_server("127.0.0.1", _random.choice(_PORTS), app, threaded=True, request_handler=_Quiet)
        except (OSError, SystemExit):
            continue
    raise RuntimeError("no free port was found between 20000 and 30000")
