"""What the forms of `privacy` accept, one file per concern."""
