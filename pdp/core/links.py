"""Links that open a door once: their token is stored nowhere.

It is drawn from the public id of the row that it opens, by a key that is not in the database, and the row
holds its hash. Whoever reads the database alone can neither use a link nor make one; the process that sends
the mail, which has the keys, draws the same token again.
"""

import base64
import hashlib
import hmac

from pdp.core import crypto


def new_token(purpose: str, public_id: str) -> str:
    """Return the token that opens a row, 43 characters; `purpose` keeps it from opening one of another table."""
    return _draw(crypto.ring().current, purpose, public_id)


def hash_of(token: str) -> str:
    """Return what a row keeps of its token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(purpose: str, public_id: str, token_hash: str) -> str | None:
    """Return the token of a row, whichever key drew it; None when its key is gone or its hash is another one's."""
    keys = crypto.ring()
    drawn = (_draw(key_id, purpose, public_id) for key_id in sorted(keys.keys, reverse=True))
    return next((token for token in drawn if hmac.compare_digest(hash_of(token), token_hash)), None)


def _draw(key_id: int, purpose: str, public_id: str) -> str:
    secret = crypto.ring().derive(key_id, f"link:{purpose}")
    digest = hmac.new(secret, public_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
