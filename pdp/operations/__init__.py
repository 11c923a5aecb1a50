"""How the installation does: the scheduler, its slots, the outbox."""
