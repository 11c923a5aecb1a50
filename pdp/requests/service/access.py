"""The checks that every act on a request makes: who may write it, and that the form is not stale."""

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.cases.service.access import ensure_not_frozen
from pdp.core import clock
from pdp.core.db import Versioned
from pdp.core.errors import Conflict, Forbidden, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.visibility import answers_for, writable_labels
from pdp.requests.enums import RequestAction, RequestStatus
from pdp.requests.models import DispositifRequest

STALE = (
    "Quelqu’un a modifié ces informations depuis que vous avez ouvert la page. "
    "Rien n’a été enregistré et rien n’est perdu : comparez les deux versions, puis enregistrez de nouveau."
)
_NOT_OPEN = {
    Stage.TRIAGE: "Le dossier est encore à trier. Ouvrez l’accompagnement avant de demander un dispositif.",
    Stage.REORIENTED: "Le dossier est réorienté. Rouvrez-le avant de demander un dispositif.",
    Stage.CLOSED: "Le dossier est clos : aucune demande ne peut y être ajoutée ni modifiée.",
}
# What whoever answers for the case says to a partner's proposal.
_ANSWERS = frozenset({RequestAction.CONFIRM, RequestAction.DECLINE})


def ensure_case_open(case: Case) -> None:
    """Refuse a case that is not, or no longer, followed, or whose processing is restricted. Raises `RuleViolation`."""
    ensure_not_frozen(case)
    if case.stage in _NOT_OPEN:
        raise RuleViolation(_NOT_OPEN[case.stage])


def may_write(actor: Actor, case: Case, label: Label) -> bool:
    """Tell whether the actor writes a label of a loaded case today."""
    return label in writable_labels(actor, case_facts(case), clock.today())


def ensure_writes(actor: Actor, case: Case, label: Label) -> None:
    """Refuse an actor who does not write a label of a loaded case. Raises `Forbidden`."""
    if not may_write(actor, case, label):
        raise Forbidden(f"label:{label}")


def may_touch(actor: Actor, request: DispositifRequest) -> bool:
    """Tell whether the actor may change a loaded request: a partner only its own proposal, while it is one."""
    if not may_write(actor, request.case, Label.REQUEST):
        return False
    if not actor.is_partner:
        return True
    own = request.created_by_organisation_id == actor.organisation_id
    return own and request.status is RequestStatus.PROPOSED


def may_act(actor: Actor, request: DispositifRequest, action: RequestAction) -> bool:
    """Tell whether the actor may make this move, its permission and its status being checked apart."""
    if action in _ANSWERS:
        return answers_for(actor, request.case.referent_user_id) and may_write(actor, request.case, Label.REQUEST)
    return may_touch(actor, request)


def ensure_fresh(row: Versioned, version: int | None) -> None:
    """Refuse a stale form. Raises `Conflict`."""
    if version is not None and version != row.version:
        raise Conflict(STALE)
