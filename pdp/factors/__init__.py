"""Second factors: one-time codes, passkeys, recovery by two persons, and the proof asked again before a grave act."""
