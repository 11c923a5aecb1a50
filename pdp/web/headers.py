"""Headers of every answer: strict content policy, nothing cached, nothing framed.

The referrer goes to ourselves only: the protection of forms compares it over HTTPS, and our logs hold no
address at all.
"""

from flask import Flask, Response, g, request

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
# A file is saved, not shown; opened by mistake, it may do nothing.
_FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


def install(app: Flask, *, https: bool) -> None:
    """Set the headers on every answer; `https` adds HSTS."""

    @app.after_request
    def protect(response: Response) -> Response:
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers.setdefault("Content-Security-Policy", _FILE_POLICY)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
