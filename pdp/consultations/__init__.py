"""Written consultations: a vote between two séances, with a deadline and evocation."""
