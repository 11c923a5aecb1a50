"""Passwords that cost little: a hash takes a tenth of a second on purpose, and a run makes and verifies thousands."""

from argon2 import PasswordHasher

from pdp.accounts import passwords

# What an installation pays.
DEAR = passwords._hasher


def make_passwords_cheap() -> None:
    """Hash with the least that Argon2id takes, in this process, from now on."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._DECOY = passwords._hasher.hash("an account that does not exist")
