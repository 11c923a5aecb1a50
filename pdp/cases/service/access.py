"""What every writing use case asks first: may this actor write that label of that case?"""

from pdp.cases import queries
from pdp.cases.models import Case
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock
from pdp.core.errors import NotFound, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels, writable_labels

_OVER = "Ce dossier est clos ou réorienté : rien n’y est plus modifié. Rouvrez-le d’abord si c’est une erreur."


def case_to_write(actor: Actor, public_id: str, label: Label, permission: Permission = Permission.CASE_WRITE) -> Case:
    """Return the case, locked, when the actor may write this label of it.

    Raises `NotFound` when it may not, and `RuleViolation` when only the end of the case forbids it.
    """
    ensure(actor, permission)
    case = queries.get_case(actor, public_id, lock=True)
    facts, today = queries.case_facts(case), clock.today()
    if label in writable_labels(actor, facts, today):
        return case
    if case.stage in ENDED and label in readable_labels(actor, facts, today):
        raise RuleViolation(_OVER)
    raise NotFound


def open_case_only(case: Case) -> Case:
    """Return the case unless it is over. Raises `RuleViolation`."""
    if case.stage in ENDED:
        raise RuleViolation(_OVER)
    return case
