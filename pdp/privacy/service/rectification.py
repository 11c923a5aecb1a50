"""What the insured contests: recorded in its words, decided once, told to who received the former value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.cases.queries import case_facts, get_case
from pdp.cases.rules.view import CaseView, ContestedView
from pdp.cases.service import view_of
from pdp.cases.service.access import ensure_not_frozen
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.reading import Cell, cell
from pdp.policy.visibility import answers_for, readable_labels
from pdp.privacy.enums.notices import RecipientNews, RectificationOutcome
from pdp.privacy.models import Rectification, RectificationDecision
from pdp.privacy.queries import rectification as queries
from pdp.privacy.service.recipients import tell_recipients

# What the file says of the person; a vote, the journal and published counts are nobody's to correct.
CONTESTABLE = frozenset(Label) - {Label.BALLOT, Label.ACTION, Label.AGGREGATE, Label.JOURNAL}
_TWICE = "Une décision est déjà enregistrée pour cette contestation : elle ne change plus. Rechargez la page."
_ANSWERS = {
    None: "La vérification est en cours.",
    RectificationOutcome.REFUSED: "Correction refusée : {reason}",
    RectificationOutcome.NOTED: "L’information reste au dossier, avec cette note.",
    RectificationOutcome.CORRECTED: "L’information a été corrigée.",
}


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A rectification to decide."""

    case: CaseView
    rectification: Rectification


def find_contested(case: Case, labels: frozenset[Label]) -> Sequence[ContestedView]:
    """Answer, for the pages of a case, what its person contests under these labels; what was put right is over."""
    return [
        ContestedView(row.label, row.field, row.statement, row.asked_on, answer_of(row))
        for row in queries.list_contested(case, labels & CONTESTABLE)
    ]


def answer_of(row: Rectification) -> str:
    """Return the sentence that says what was answered."""
    decision = row.decision
    return _ANSWERS[decision.outcome if decision else None].format(reason=decision.reason if decision else "")


def contestable(actor: Actor, view: CaseView) -> list[Label]:
    """Return the labels under which the actor may write down what the person contests: those that it reads."""
    allowed = can(actor, Permission.RECTIFICATION_RECORD) and actor.is_core and not actor.in_emergency
    return [label for label in Label if label in view.labels & CONTESTABLE] if allowed else []


def prepare_rectification(actor: Actor, case_id: str) -> CaseView:
    """Open the form that writes down what the person contests. Raises `NotFound`."""
    ensure(actor, Permission.RECTIFICATION_RECORD)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="rectification.new")
        return view_of(actor, case)


def record_rectification(
    actor: Actor, case_id: str, *, label: Label, field: str, statement: str, asked_on: date
) -> None:
    """Attach to the case what the person contests; whoever reads the label reads it beside.

    It is a right of the person: it is written while the processing is restricted too, and after the end of
    the case. Raises `InvalidInput`.
    """
    ensure(actor, Permission.RECTIFICATION_RECORD)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        if label not in readable_labels(actor, case_facts(case), clock.today()) & CONTESTABLE:
            raise InvalidInput({"label": ["Choisissez une rubrique de la liste."]})
        if asked_on > clock.today():
            raise InvalidInput({"asked_on": ["La demande ne peut pas être dans le futur."]})
        contested = Rectification(
            cellule_id=case.cellule_id,
            case_id=case.id,
            label=label,
            field=field,
            statement=statement,
            asked_on=asked_on,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        db.session().add(contested)
        audit.record(actor, "rectification.ask", case_id=case.id, subject=contested, label=label.value)


def prepare_decision(actor: Actor, case_id: str, rectification_id: str) -> DecisionPage:
    """Open the page that decides of what the person contests. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.RECTIFICATION_RECORD)
    with db.transaction(actor):
        case, contested = _to_decide(actor, case_id, rectification_id)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="rectification.decide")
        return DecisionPage(view_of(actor, case), contested)


def decide_rectification(
    actor: Actor, case_id: str, rectification_id: str, *, outcome: RectificationOutcome, reason: str = ""
) -> int:
    """Record, once, what is decided; return how many organisations were told that their files changed.

    A correction is made in the file first, hence not while the processing is restricted. Raises
    `InvalidInput` for a refusal without its reason (art. 12, 4), `RuleViolation`, `Conflict`.
    """
    ensure(actor, Permission.RECTIFICATION_RECORD)
    try:
        with db.transaction(actor):
            case, contested = _to_decide(actor, case_id, rectification_id)
            corrected = outcome is RectificationOutcome.CORRECTED
            if corrected:
                ensure_not_frozen(case)
            if outcome is RectificationOutcome.REFUSED and not reason:
                raise InvalidInput({"reason": ["Écrivez le motif : la personne doit le recevoir."]})
            decision = RectificationDecision(
                cellule_id=case.cellule_id,
                case_id=case.id,
                rectification_id=contested.id,
                label=contested.label,
                outcome=outcome,
                reason=reason,
                decided_by_id=actor.user_id,
                decided_at=clock.now(),
            )
            db.session().add(decision)
            audit.record(
                actor,
                "rectification.decide",
                case_id=case.id,
                subject=decision,
                label=contested.label.value,
                outcome=outcome.value,
            )
            if not corrected:
                return 0
            return tell_recipients(actor, case.cellule_id, case.id, RecipientNews.RECTIFIED, contested.label)
    except IntegrityError as error:
        raise Conflict(_TWICE) from error


def may_decide(actor: Actor, case: Case, label: Label) -> bool:
    """Tell whether the actor decides for a label: who writes it, or who answers for the case and reads it."""
    if not actor.is_core or actor.in_emergency or not can(actor, Permission.RECTIFICATION_RECORD):
        return False
    if label not in readable_labels(actor, case_facts(case), clock.today()):
        return False
    return cell(actor.role, label) in {Cell.WRITE, Cell.OWNER} or answers_for(actor, case.referent_user_id)


def _to_decide(actor: Actor, case_id: str, rectification_id: str) -> tuple[Case, Rectification]:
    case = get_case(actor, case_id)
    contested = queries.get_rectification(case, rectification_id)
    if not may_decide(actor, case, contested.label):
        raise NotFound
    if contested.decision is not None:
        raise RuleViolation(_TWICE)
    return case, contested
