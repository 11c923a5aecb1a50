"""Use cases of `factors`, one file per concern."""
