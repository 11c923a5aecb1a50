"""Housekeeping of sign-ins."""

from pdp.accounts import service


def purge_sign_ins() -> None:
    """Forget sessions and failed attempts that nobody may use any more."""
    service.purge_sign_ins()
