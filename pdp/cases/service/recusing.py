"""The déport: who has a conflict of interest in a case takes no part in it, and knows nothing more of it.

It is the person's, not the role's: every membership loses the vote, the quorum and the file, from the act on.
It is declared by the person, beforehand or in séance, or said aloud to the coordinator, who types it. Ending
it is the coordinator's act alone.
"""

from pdp.audit import service as audit
from pdp.cases import listeners, queries
from pdp.cases.enums import RecusalReason
from pdp.cases.models import Case, CaseRecusal
from pdp.cases.queries import recusals
from pdp.cases.rules.view import CaseView
from pdp.cases.service.reading import view_of
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_REFERENT = (
    "La personne qui se déporte est référente de ce dossier : elle ne pourrait plus le suivre. "
    "Confiez d’abord le dossier à un autre référent, puis enregistrez le déport."
)


def prepare_recusal(actor: Actor, case_id: str) -> CaseView:
    """Open the page on which a person takes no more part in a case. Raises `NotFound`."""
    ensure(actor, Permission.CASE_RECUSE)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="recusal")
        return view_of(actor, case)


def declare_recusal(actor: Actor, case_id: str, *, reason: RecusalReason) -> None:
    """Declare one's own déport: from the commit on, the case is missing for the actor.

    Raises `NotFound`, and `RuleViolation` for the referent and for the last person who could run its séance.
    """
    ensure(actor, Permission.CASE_RECUSE)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id, lock=True)
        recuse(actor, case, actor.user_id, reason)


def recuse(actor: Actor, case: Case, user_id: int, reason: RecusalReason) -> None:
    """Write the déport of a person, in the transaction under way. A second one changes nothing."""
    if recusals.find_current(case.cellule_id, case.id, user_id) is not None:
        audit.record(actor, "case.recuse", case_id=case.id, subject=case, again=True)
        return
    if (objection := objection_to(case, user_id)) is not None:
        raise RuleViolation(objection)
    now = clock.now()
    row = CaseRecusal(
        cellule_id=case.cellule_id,
        case_id=case.id,
        user_id=user_id,
        reason=reason,
        declared_at=now,
        declared_by_id=actor.user_id,
    )
    db.session().add(row)
    db.session().flush()
    own = user_id == actor.user_id
    audit.record(actor, "case.recuse", case_id=case.id, subject=row, user=user_id, reason=reason.value, own=own)


def objection_to(case: Case, user_id: int) -> str | None:
    """Return, in words, what forbids the déport of a person for now; None when nothing does."""
    if user_id == case.referent_user_id:
        return _REFERENT
    for listener in listeners.case_recused:
        if (objection := listener(CaseKey(case.cellule_id, case.id), user_id)) is not None:
            return objection
    return None


def end_recusal(actor: Actor, recusal: str) -> None:
    """End a déport: the person opens the case again, and votes on it. Raises `NotFound`."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        end(actor, recusals.get_current(actor, recusal))


def end(actor: Actor, row: CaseRecusal) -> None:
    """End a déport in the transaction under way."""
    row.ended_at, row.ended_by_id = clock.now(), actor.user_id
    audit.record(actor, "case.recusal.end", case_id=row.case_id, subject=row, user=row.user_id)
