"""Which engine each role's visit to every page runs on."""

from typing import Any

import pytest

from pdp.policy.roles import CORE_ROLES, Role

# Row security lets these read the cases of their cellule; the others meet its walls.
_BEFORE_WALLS = {*CORE_ROLES, Role.CSAM, Role.DPO}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each role visit on one engine where a test says so: on PostgreSQL those whom its walls concern.

    `make drills` lets them all visit on both.
    """
    for item in items:
        given: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        if item.get_closest_marker("visit") and (given["role"] in _BEFORE_WALLS) != (given["engine_name"] == "sqlite"):
            item.add_marker(pytest.mark.drill)
