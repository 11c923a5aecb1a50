"""Polls by ETag: the page itself is asked again, and answers 304 while nothing that it shows has changed."""

from flask import Response, make_response, request


def is_fresh(etag: str) -> bool:
    """Tell whether the asker already holds this state."""
    return request.if_none_match.contains(etag)


def unchanged(etag: str) -> Response:
    """Answer that nothing has changed."""
    response = Response(status=304)
    response.set_etag(etag)
    return response


def page(html: str, etag: str) -> Response:
    """Return a page with the tag of the state that it shows."""
    response = make_response(html)
    response.set_etag(etag)
    return response
