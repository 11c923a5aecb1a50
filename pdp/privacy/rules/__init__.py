"""Rules of `privacy`, one file per concern: pure."""
