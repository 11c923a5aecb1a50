"""Who is told, in the same transaction, that an emergency access is closed. Wired in `pdp.wiring`."""

from collections.abc import Callable

from pdp.policy.actor import Actor

# Called with the actor of the emergency access and the key of the access.
EmergencyClosed = Callable[[Actor, int], None]
emergency_closed: list[EmergencyClosed] = []
