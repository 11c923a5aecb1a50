"""Move a case from one stage to another, and say who is its referent."""

from pdp.accounts.models import Membership
from pdp.audit import service as audit
from pdp.cases import listeners, queries
from pdp.cases.enums import Axis, CaseMove, Stage
from pdp.cases.models import Case, CaseNote
from pdp.cases.rules import workflow
from pdp.cases.service.access import ensure_not_frozen, open_case_only
from pdp.consent import service as consent
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure

_STALE = "Ce dossier a changé entre-temps. Rechargez la page pour voir son étape actuelle, puis recommencez."


def move_case(
    actor: Actor, case_id: str, move: CaseMove, *, version: int, text: str = "", axis: Axis | None = None
) -> Stage:
    """Make a move and return the new stage.

    `text` is where and why a case is reoriented (then required), or a last line of the plan at its
    closing. Taking charge makes the actor the referent. Raises `RuleViolation`, `Conflict`, `InvalidInput`.
    """
    ensure(actor, Permission.CASE_STEER)
    with db.transaction(actor):
        case = ensure_not_frozen(queries.get_case(actor, case_id, lock=True))
        _refuse_stale(case, version)
        before, case.stage = case.stage, workflow.after(case.stage, move, actor.role)
        if move is CaseMove.REORIENT and not text:
            raise InvalidInput({"text": ["Dites vers qui, et pourquoi : l’auteur du signalement le lira."]})
        _settle(actor, case, move, text, axis)
        case.version += 1
        audit.record(
            actor,
            "case.move",
            case_id=case.id,
            subject=case,
            move=move.value,
            before=before.value,
            after=case.stage.value,
        )
        if case.stage in workflow.ENDED:
            _end_sharing(actor, case)
    return case.stage


def list_referents(actor: Actor) -> list[Membership]:
    """Return the people who may be the referent of a case, for the form."""
    ensure(actor, Permission.CASE_ASSIGN)
    with db.reading(actor):
        return list(queries.list_referents(actor.cellule_id, clock.today()))


def assign_referent(actor: Actor, case_id: str, *, referent: str, version: int) -> None:
    """Make a member of the service social (by public id of membership) the referent of a case.

    The social zone follows the referent: the former one no longer reads it.
    """
    ensure(actor, Permission.CASE_ASSIGN)
    with db.transaction(actor):
        case = open_case_only(queries.get_case(actor, case_id, lock=True))
        _refuse_stale(case, version)
        people = queries.list_referents(actor.cellule_id, clock.today())
        chosen = next((person for person in people if person.public_id == referent), None)
        if chosen is None:
            raise InvalidInput({"referent": ["Choisissez une personne du service social de la cellule."]})
        if chosen.user_id in queries.case_facts(case).recused:
            raise InvalidInput({"referent": ["Cette personne s’est déportée de ce dossier."]})
        case.referent_user_id = chosen.user_id
        case.version += 1
        audit.record(actor, "case.referent", case_id=case.id, subject=case, referent=chosen.user_id)


def _settle(actor: Actor, case: Case, move: CaseMove, text: str, axis: Axis | None) -> None:
    if move is CaseMove.TAKE_CHARGE:
        case.referent_user_id = actor.user_id
        case.axis = axis or case.axis
    elif move is CaseMove.REORIENT:
        case.reorientation = text
        case.closed_on = clock.today()
    elif move is CaseMove.CLOSE:
        case.closed_on = clock.today()
        if text:
            db.session().add(
                CaseNote(
                    cellule_id=case.cellule_id,
                    case_id=case.id,
                    label=Label.PLAN,
                    text=text,
                    author_id=actor.user_id,
                    written_at=clock.now(),
                )
            )
    else:
        case.closed_on = None


def _end_sharing(actor: Actor, case: Case) -> None:
    """End every agreement with the case: opening it again shares nothing."""
    key = CaseKey(case.cellule_id, case.id)
    consent.end_with_case(actor, key)
    listeners.tell(actor, key)


def _refuse_stale(case: Case, version: int) -> None:
    if case.version != version:
        raise Conflict(_STALE)
