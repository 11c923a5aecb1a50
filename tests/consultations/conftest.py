"""Who prepares the consultations of these tests."""

from collections.abc import Callable

import pytest

from pdp.policy.actor import Actor


@pytest.fixture
def secretary(actor_of: Callable[[str], Actor]) -> Actor:
    return actor_of("a.coordinateur")
