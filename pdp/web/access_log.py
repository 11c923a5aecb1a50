"""One line per request: the name of the route, never the address, so that nothing typed is ever logged.

The journal holds the rest, under the same request id, for those who may read it.
"""

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from pdp.core.trace import request_id

# A method is a word of the visitor's too: those of our routes are named, no other.
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_LOG = logging.getLogger("pdp.access")


def install(app: Flask) -> None:
    """Log each request that reached a route of ours, or none, but not the static files."""

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        if request.endpoint != "static":
            spent = round((perf_counter() - g.get("started", perf_counter())) * 1000)
            method = request.method if request.method in _METHODS else "OTHER"
            _LOG.info("%s %s %d %d ms", method, request.endpoint or "-", response.status_code, spent)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        # What the thread logs next is not of this request.
        request_id.set(None)
