"""Words of `privacy`, one file per concern."""
