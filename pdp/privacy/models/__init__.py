"""Tables of `privacy`, one file per concern."""
