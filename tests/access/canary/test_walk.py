"""Every page, as every role, at every case: nobody meets what the oracle denies, and each finds what is theirs."""

from collections.abc import Callable

import pytest

from tests.access.canary.people import WALKERS
from tests.access.canary.walk import Walker

Figure = Callable[[str, object], None]


@pytest.mark.parametrize("name", WALKERS)
def test_each_person_meets_what_they_may_and_nothing_else(
    walker_of: Callable[[str], Walker], name: str, figure: Figure
) -> None:
    found = walker_of(name).walk()
    leaks, denials = found.leaks, found.denials
    assert not leaks, "\n".join(f"{count} × {what}" for what, count in leaks.most_common())
    assert not denials, "\n".join(f"{count} × {what}" for what, count in denials.most_common())
    figure("canary.cells", f"{name} {found.cells} cells in {found.answers} answers, 0 leaks, 0 wrong denials")
