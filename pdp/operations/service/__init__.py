"""Use cases of operations: take a slot, end it, say how the jobs do."""
