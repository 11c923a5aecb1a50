"""An answer without what differs between two identical requests: tokens and sealed words, never a content."""

import re

from werkzeug.test import TestResponse

_CHANGING = (
    re.compile(rb'(name="csrf_token" value=")[^"]*'),
    re.compile(rb'(name="idempotency_key" value=")[^"]*'),
    re.compile(rb'(name="csrf-token" content=")[^"]*'),
    # A term searched travels sealed, each time under another nonce.
    re.compile(rb"(recherche=)[^&\"#]*"),
)
_HEADERS = {"set-cookie", "date", "content-length", "etag", "x-request-id"}


def normalised(answer: TestResponse) -> bytes:
    """Return the status, the headers and the body of an answer, without its tokens."""
    body = answer.get_data()
    # An error page quotes the number of its request.
    if number := answer.headers.get("X-Request-Id"):
        body = body.replace(number.encode(), b"")
    for changing in _CHANGING:
        body = changing.sub(rb"\1", body)
    headers = sorted(f"{name}: {value}" for name, value in answer.headers if name.lower() not in _HEADERS)
    told = "\n".join([str(answer.status_code), *headers]).encode()
    for changing in _CHANGING:
        told = changing.sub(rb"\1", told)
    return told + b"\n\n" + body
