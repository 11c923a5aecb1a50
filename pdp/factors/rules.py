"""Rules of one-time codes: pure, on plain values.

A code is that of a step of thirty seconds (RFC 6238). The step before and the step after are accepted
too, for a clock a little wrong, and never a step already used or one before it.
"""

from datetime import datetime, timedelta

STEP_SECONDS = 30
# An attacker who has the password hits one of the three codes in force once in 333,333 tries: at thirty tries
# a day, one chance in two after more than twenty years, and the person is told at the first refused series.
MAX_CODES_PER_ACCOUNT = 5
MAX_CODES_PER_SOURCE = 20
MAX_CODES_PER_DAY = 30
CODES_WINDOW = timedelta(minutes=15)
A_DAY = timedelta(days=1)
# How long the secret shown on an enrolment page may wait for its first code.
OFFER_LASTS = timedelta(minutes=30)
MAX_FACTORS = 10


def step_at(instant: datetime) -> int:
    """Return the number of the step of thirty seconds that an instant is in."""
    return int(instant.timestamp()) // STEP_SECONDS


def steps_near(instant: datetime, last_step: int) -> list[int]:
    """Return the steps whose code is accepted at an instant, when `last_step` is the last one used."""
    here = step_at(instant)
    return [step for step in (here - 1, here, here + 1) if step > last_step]


def must_wait(recent: int, from_source: int, in_a_day: int) -> bool:
    """Tell whether a code must wait: too many wrong ones for the account or the source, never a permanent lock."""
    return recent >= MAX_CODES_PER_ACCOUNT or from_source >= MAX_CODES_PER_SOURCE or in_a_day >= MAX_CODES_PER_DAY


def in_fours(secret: str) -> str:
    """Return a secret in groups of four, as one types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
