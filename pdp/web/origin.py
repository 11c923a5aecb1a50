"""What another site makes a browser send is refused, whatever token it carries: the second wall of forms."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What a browser says of where a request comes from; one that says nothing is judged by its token alone.
_FROM_HERE = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    """Check every request that may change something."""
    app.before_request(_refuse_another_site)


def _refuse_another_site() -> None:
    if request.method in _SAFE:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _FROM_HERE:
        raise BadRequest
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise BadRequest
