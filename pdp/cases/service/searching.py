"""A search term on its way through an address: sealed, so that no name stands in a URL.

An address ends in the server's log, in the history of a shared computer and in what a neighbour reads
over a shoulder. The term travels encrypted, for one membership: for anyone else it looks for nothing.
"""

import base64
import binascii

from pdp.core.crypto import KeyUnavailable, Place, Tampered, decrypt, encrypt
from pdp.policy.actor import Actor

LONGEST_TERM = 100


def seal_term(actor: Actor, term: str) -> str:
    """Return what an address may carry instead of a term; its length says nothing of the term's."""
    if not term.strip():
        return ""
    sealed = encrypt(term.strip()[:LONGEST_TERM].ljust(LONGEST_TERM), _place(actor))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_term(actor: Actor, sealed: str) -> str:
    """Return the term that an address carries; empty when it was not sealed for this membership."""
    try:
        stored = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        return decrypt(stored, _place(actor)).strip() if stored else ""
    except (Tampered, KeyUnavailable, binascii.Error, ValueError, IndexError):
        return ""


def _place(actor: Actor) -> Place:
    return Place("search.term", actor.cellule_id, actor.membership_public_id)
