"""What the use cases of merging ask first: two cases, and the identity of both."""

from pdp.cases import queries as cases
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock
from pdp.core.crypto import blind_index
from pdp.core.errors import NotFound, RuleViolation
from pdp.merging import hooks
from pdp.merging.queries import rows
from pdp.merging.queries.candidates import identity_of
from pdp.merging.rules.traits import as_text
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.visibility import readable_labels

_FINGERPRINT = "merge_proposal.fingerprint"
_FROZEN = (
    "Le traitement des données de l’une de ces personnes est limité à sa demande : "
    "rien n’est fusionné avant la levée de cette limitation."
)


def case_with_identity(actor: Actor, public_id: str) -> Case:
    """Return a case in which the actor reads the identity. Raises `NotFound`."""
    case = cases.get_case(actor, public_id)
    if Label.IDENTITY not in readable_labels(actor, cases.case_facts(case), clock.today()):
        raise NotFound
    return case


def fingerprint(kept: InsuredPerson, absorbed: InsuredPerson) -> str:
    """Return a keyed fingerprint of two identities: the same while nothing of either changes."""
    return blind_index(as_text(identity_of(kept), identity_of(absorbed)), _FINGERPRINT)


def ensure_mergeable(cellule_id: int, people: tuple[InsuredPerson, InsuredPerson]) -> None:
    """Refuse a person whose processing is restricted, or that a feature above holds. Raises `RuleViolation`."""
    if any(person.frozen_on is not None for person in people):
        raise RuleViolation(_FROZEN)
    held = rows.list_cases(cellule_id, [person.id for person in people])
    for person in people:
        said = hooks.objection(cellule_id, person.id, [case.id for case in held if case.person_id == person.id])
        if said:
            raise RuleViolation(said)
