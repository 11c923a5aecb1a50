"""Tables of `factors`, one file per concern."""
