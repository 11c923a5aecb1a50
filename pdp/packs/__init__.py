"""What a recipient takes to a séance: the sheet of a case, the pack of a recipient."""
