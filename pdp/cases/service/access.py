"""What every writing use case asks first: may this actor write that label of that case?"""

from pdp.cases import queries
from pdp.cases.models import Case
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, french
from pdp.core.errors import NotFound, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels, writable_labels

_OVER = "Ce dossier est clos ou réorienté : rien n’y est plus modifié. Rouvrez-le d’abord si c’est une erreur."

_FROZEN = (
    "Le traitement des informations de cette personne est limité, à sa demande, depuis le {day} : son dossier se lit, "
    "rien n’y est écrit ni partagé jusqu’à la levée. L’onglet Droits dit pourquoi, et qui peut la lever."
)


def case_to_write(actor: Actor, public_id: str, label: Label, permission: Permission = Permission.CASE_WRITE) -> Case:
    """Return the case, locked, when the actor may write this label of it.

    Raises `NotFound` when it may not, and `RuleViolation` when only the end of the case, or a
    restriction of the processing, forbids it.
    """
    ensure(actor, permission)
    case = queries.get_case(actor, public_id, lock=True)
    facts, today = queries.case_facts(case), clock.today()
    if label in writable_labels(actor, facts, today):
        return case
    if label in readable_labels(actor, facts, today):
        ensure_not_frozen(case)
        open_case_only(case)
    raise NotFound


def open_case_only(case: Case) -> Case:
    """Return the case unless it is over. Raises `RuleViolation`."""
    if case.stage in ENDED:
        raise RuleViolation(_OVER)
    return case


def ensure_not_frozen(case: Case) -> Case:
    """Return the case unless the processing of its person is restricted (art. 18 RGPD). Raises `RuleViolation`."""
    if case.frozen_on is not None:
        raise RuleViolation(_FROZEN.format(day=french.day(case.frozen_on)))
    return case
