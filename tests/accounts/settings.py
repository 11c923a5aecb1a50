"""The session limits that the tests of accounts sign in with."""

from datetime import timedelta

from pdp.accounts.rules import SessionLimits

LIMITS = SessionLimits(timedelta(minutes=30), timedelta(hours=10))
