"""Passwords: which may be chosen, and how they are kept; the same work for an unknown account as for a known one.

Length, a list of what is tried first, no rule of composition, no forced change (CNIL, délibération 2022-100).
A password is compared in one Unicode form: an accent typed in two ways by two keyboards is the same.
"""

import unicodedata
from collections.abc import Collection

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pdp.accounts.guessing import is_guessable
from pdp.core.errors import InvalidInput

SHORTEST_PASSWORD = 14
LONGEST_PASSWORD = 256

_TOO_SHORT = f"Il faut au moins {SHORTEST_PASSWORD} caractères\u00a0: quatre ou cinq mots font l’affaire."
_TOO_LONG = f"Au plus {LONGEST_PASSWORD} caractères."
_GUESSABLE = (
    "Ce mot de passe se devine\u00a0: évitez votre nom, votre organisme, les suites et les phrases toutes faites. "
    "Quatre ou cinq mots sans lien entre eux font l’affaire."
)
_DIFFERENT = "Les deux mots de passe sont différents. Recopiez le premier."

# RFC 9106, second recommended choice: 64 MiB, three passes, four lanes; about a tenth of a second here.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
# Verified against when the account is unknown, so that time tells nothing.
_DECOY = _hasher.hash("an account that does not exist")


def check_password(password: str, repeated: str, *, about: Collection[str]) -> None:
    """Refuse a password that is too short or would be guessed, or that was not typed twice alike.

    `about` holds what names the person: names, address, organisation. Raises `InvalidInput` on `password` or
    `repeated`.
    """
    chosen = _normal(password)
    if len(chosen) < SHORTEST_PASSWORD:
        raise InvalidInput({"password": [_TOO_SHORT]})
    if len(chosen) > LONGEST_PASSWORD:
        raise InvalidInput({"password": [_TOO_LONG]})
    if is_guessable(chosen, about):
        raise InvalidInput({"password": [_GUESSABLE]})
    if chosen != _normal(repeated):
        raise InvalidInput({"repeated": [_DIFFERENT]})


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password is the right one; always costs exactly one verification."""
    try:
        return _hasher.verify(stored or _DECOY, _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's: the next right password makes it anew."""
    return _hasher.check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
