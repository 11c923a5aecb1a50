"""The canary world instead of the base world."""

from tests.access.canary.conftest import canary, database, world

__all__ = ["canary", "database", "world"]
