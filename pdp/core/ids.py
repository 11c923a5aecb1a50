"""Identifiers shown outside: opaque and random, so that nothing can be walked or guessed."""

import secrets


def new_public_id() -> str:
    """Return 22 URL-safe characters carrying 128 random bits."""
    return secrets.token_urlsafe(16)
