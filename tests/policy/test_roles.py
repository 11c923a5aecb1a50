"""A role is named beside its organisation without saying the organisation twice."""

import pytest

from pdp.policy.roles import role_beside


@pytest.mark.parametrize(
    ("role", "organisation", "said"),
    [
        ("assistant de service social", "Service social", "assistant de service social"),
        ("service médical", "Service médical", ""),
        ("CPAM, action sociale", "CPAM", "action sociale"),
        ("Cap emploi", "Cap emploi", ""),
        ("Cap emploi", "Cap emploi du Val-Fleuri", "Cap emploi"),
    ],
)
def test_a_role_does_not_repeat_the_organisation_it_stands_beside(role: str, organisation: str, said: str) -> None:
    assert role_beside(role, organisation) == said
