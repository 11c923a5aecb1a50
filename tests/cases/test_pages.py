"""The pages of a case, role by role."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def _without_token(page: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.get_data(as_text=True))


CORE = ("service_social", "manager", "service_medical", "cpam", "coordinateur")


@pytest.mark.parametrize("role", [*CORE, "csam", "cap_emploi", "spst"])
def test_a_role_bound_to_the_case_opens_its_synthesis(role: str, sign_in_as: SignIn, world: World) -> None:
    page = sign_in_as(f"a.{role}").get(f"/dossiers/{world.case['a.shared']}")
    assert page.status_code == 200
    assert "2026-0002" in page.get_data(as_text=True)


@pytest.mark.parametrize("role", ["comete", "mdph", "oeth", "pilotage", "dpo", "admin"])
def test_a_role_without_relation_gets_the_page_of_a_missing_case(role: str, sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as(f"a.{role}")
    hidden, missing = client.get(f"/dossiers/{world.case['a.shared']}"), client.get("/dossiers/inconnu")
    assert hidden.status_code == missing.status_code == 404
    assert _without_token(hidden) == _without_token(missing)
