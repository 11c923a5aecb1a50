"""What a partner organisation as a whole may read of a case: the right that its version rests on. Pure."""

from collections.abc import Iterable
from datetime import date

from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import PARTNER_ROLES, Role
from pdp.policy.visibility import CaseFacts, readable_labels


def readers(organisation_id: int, kind: str, case: CaseFacts, days: Iterable[date]) -> frozenset[Label]:
    """Return the labels that every member of a partner may read on each of `days`.

    An organisation is read for as its least favoured member: within an SPST only a physician reads the
    conclusion of the médecin-conseil, so the version sent to the SPST never holds it. The kind of a
    partner organisation is the word of its role; any other kind reads nothing here.
    """
    if kind not in set(PARTNER_ROLES):
        return frozenset()
    member = _member(organisation_id, Role(kind), case.cellule_id)
    return frozenset.intersection(*(readable_labels(member, case, day) for day in days))


def _member(organisation_id: int, role: Role, cellule_id: int) -> Actor:
    return Actor(
        user_id=0,
        membership_id=0,
        membership_public_id="",
        name="",
        role=role,
        organisation_id=organisation_id,
        organisation_name="",
        cellule_id=cellule_id,
        cellule_name="",
    )
