"""Which two people bring an account back: every pair of roles and organisations, against a table written by hand."""

from itertools import combinations_with_replacement, product
from typing import Any

import pytest

from pdp.policy.roles import Role
from pdp.policy.vouching import Asker, RecoveryWay, Voucher, is_right_pair, may_vouch, way_of

OWN, OTHER = 10, 20
HERE, ELSEWHERE = 1, 2

# The pairs that are enough, for who asks. Whatever is not written here is not enough.
RIGHT = {
    RecoveryWay.CORE: {"coordinateur coordinateur", "admin coordinateur", "coordinateur manager"},
    RecoveryWay.COORDINATOR: {
        "coordinateur coordinateur",
        "admin coordinateur",
        "coordinateur manager",
        "manager manager",
        "admin manager",
    },
    RecoveryWay.PARTNER: {"coordinateur gestionnaire"},
}

# Who asks, whether someone else manages their organisation's people → whose words it takes.
WAYS = (
    ("service_social", True, "core"),
    ("manager", False, "core"),
    ("service_medical", False, "core"),
    ("cpam", False, "core"),
    ("csam", False, "core"),
    ("pilotage", False, "core"),
    ("dpo", False, "core"),
    ("admin", False, "core"),
    ("coordinateur", False, "coordinator"),
    ("spst", True, "partner"),
    ("cap_emploi", True, "partner"),
    ("comete", True, "partner"),
    ("mdph", True, "partner"),
    ("oeth", True, "partner"),
    ("spst", False, "core"),
    ("cap_emploi", False, "core"),
    ("comete", False, "core"),
    ("mdph", False, "core"),
    ("oeth", False, "core"),
)

PARTNERS = {"spst", "cap_emploi", "comete", "mdph", "oeth"}


def word_for(voucher: Voucher) -> str:
    """Return the word of the table for a person; one that is in no pair when it is of another cellule."""
    if voucher.cellule_id != HERE:
        return "d’ailleurs"
    if voucher.role.value in PARTNERS and voucher.is_org_manager and voucher.organisation_id == OWN:
        return "gestionnaire"
    return voucher.role.value


def people(first_id: int) -> list[Voucher]:
    """Return a person of every role, organisation and cellule, managing or not."""
    kinds = product(Role, (OWN, OTHER), (HERE, ELSEWHERE), (True, False))
    return [
        Voucher(first_id + number, cellule, organisation, role, manages)
        for number, (role, organisation, cellule, manages) in enumerate(kinds)
    ]


@pytest.mark.parametrize("way", RecoveryWay)
def test_every_pair_is_judged_as_the_table_says(way: RecoveryWay, figure: Any) -> None:
    asker, judged = Asker(1, HERE, OWN, way), 0
    ones, others = people(1_000), people(2_000)
    for here, there in combinations_with_replacement(range(len(ones)), 2):
        one, other = ones[here], others[there]
        wanted = " ".join(sorted((word_for(one), word_for(other)))) in RIGHT[way]
        assert is_right_pair(asker, one, other) == wanted, (one, other)
        assert is_right_pair(asker, other, one) == wanted, (other, one)
        assert may_vouch(asker, other, [one]) == wanted
        judged += 1
    figure("recovery.pairs", f"{judged * len(RecoveryWay)} pairs of persons judged as the table says")


@pytest.mark.parametrize("way", RecoveryWay)
def test_one_person_is_never_two(way: RecoveryWay) -> None:
    asker = Asker(1, HERE, OWN, way)
    for person in people(1_000):
        again = [Voucher(person.user_id, HERE, OWN, role, True) for role in Role]
        assert not any(is_right_pair(asker, person, other) for other in again)
        assert not any(may_vouch(asker, other, [person]) for other in again)


@pytest.mark.parametrize("way", RecoveryWay)
def test_nobody_vouches_for_oneself_in_any_role(way: RecoveryWay) -> None:
    asker = Asker(1, HERE, OWN, way)
    others = people(2_000)
    for role in Role:
        oneself = Voucher(1, HERE, OWN, role, True)
        assert not may_vouch(asker, oneself, [])
        assert not any(is_right_pair(asker, oneself, other) for other in others)


def test_two_words_given_are_never_followed_by_a_third() -> None:
    asker = Asker(1, HERE, OWN, RecoveryWay.CORE)
    given = [Voucher(2, HERE, OWN, Role.COORDINATEUR), Voucher(3, HERE, OWN, Role.MANAGER)]
    assert not may_vouch(asker, Voucher(4, HERE, OWN, Role.COORDINATEUR), given)


@pytest.mark.parametrize(("role", "has_own_manager", "way"), WAYS)
def test_whose_words_a_person_needs(role: str, has_own_manager: bool, way: str) -> None:
    assert way_of(Role(role), has_own_manager=has_own_manager).value == way
