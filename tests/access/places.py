"""Where each parameter of a route leads in the base world. A route with a new name must add it here."""

from tests.support.world import World

Values = dict[str, str]


def parameters(world: World) -> Values:
    """Return a value for every parameter name that a route may have."""
    return {
        "filename": "icons.svg",
        "case_id": world.case["a.shared"],
    }
