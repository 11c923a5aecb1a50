"""A cookie that tells a browser apart from an attacker's: the tries of others do not keep its people out.

It opens nothing. It holds a random number and marks of the accounts that this browser opened, signed; no name,
no address, no key of a row.
"""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from pdp.accounts.service.throttle import NOBODY, Remembered, mark_of

_LASTS = 90 * 24 * 3600
# People of one shared workstation.
_MOST = 6


def read() -> Remembered:
    """Return what the browser of this request shows of itself; nothing when it is not ours to the letter."""
    try:
        device, accounts = _serializer().loads(request.cookies.get(_name(), ""))
        return Remembered(str(device), tuple(map(str, accounts)))
    except (BadSignature, TypeError, ValueError):
        return NOBODY


def keep(answer: Response, user_id: int) -> Response:
    """Have the browser remember that it opened an account."""
    known, mark = read(), mark_of(user_id)
    accounts = (mark, *(other for other in known.accounts if other != mark))[:_MOST]
    answer.set_cookie(
        _name(),
        _serializer().dumps([known.device or secrets.token_urlsafe(16), accounts]),
        max_age=_LASTS,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known device")
