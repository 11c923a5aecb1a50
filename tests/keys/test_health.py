"""The technical administrator sees the state of the installation, and nothing about anybody."""

import re
from collections.abc import Callable

import pytest

from pdp.cases.models import Case, InsuredPerson
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def test_the_page_holds_counts_and_no_person(world: World, sign_in_as: SignIn) -> None:
    text = sign_in_as("a.admin").get("/installation").get_data(as_text=True)
    assert re.search(r"(SQLite|PostgreSQL)\s\d", text)
    assert "Clé courante" in text
    assert "case_file" in text
    with as_owner() as session:
        words = {case.reference for case in session.query(Case)} | {case.public_id for case in session.query(Case)}
        words |= {person.family_name for person in session.query(InsuredPerson)}
        words |= {person.public_id for person in session.query(InsuredPerson)}
    assert [word for word in words if word in text] == []


@pytest.mark.parametrize("role", ["coordinateur", "dpo", "service_social", "spst"])
def test_nobody_else_opens_it(world: World, sign_in_as: SignIn, role: str) -> None:
    assert sign_in_as(f"a.{role}").get("/installation").status_code == 404
