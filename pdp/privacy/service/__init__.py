"""Use cases of `privacy`, one file per concern."""
