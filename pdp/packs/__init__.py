"""What each person takes to a séance: the pack limited to what they may read, the sheet of a case."""
