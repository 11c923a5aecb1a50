"""What the `pdp jobs` command says."""

from collections.abc import Callable

from pdp.operations.service import health

Say = Callable[[str], None]


def status(say: Say) -> int:
    """Print how the scheduler does; return 1 when something is late or in failure."""
    found = health.read()
    for line in health.describe(found):
        say(line)
    return 1 if found.alarming else 0
