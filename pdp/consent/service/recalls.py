"""What a partner is asked to destroy: its own page, without a name or a word of the case."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.audit import service as audit
from pdp.consent import queries
from pdp.consent.enums import DepartureKind, RecallState
from pdp.consent.models import Recall
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file to destroy: what it was, which version, downloaded when and by whom."""

    what: DepartureKind
    version: str
    left_at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class RecallView:
    """A recall as the partner sees it."""

    public_id: str
    state: RecallState
    asked_at: datetime
    due_on: date
    is_late: bool
    answered_at: datetime | None
    answered_by: str
    reason: str
    version: int
    files: tuple[LeftFile, ...] = ()


def list_recalls(actor: Actor) -> tuple[RecallView, ...]:
    """Return what the actor's organisation is asked to destroy, what waits first; one journal entry."""
    ensure(actor, Permission.RECALL_ANSWER)
    with db.transaction(actor):
        found = queries.list_own_recalls(actor.cellule_id, actor.organisation_id)
        audit.record(actor, "recall.list", count=len(found))
        return tuple(_view(recall) for recall in found)


def read_recall(actor: Actor, public_id: str) -> RecallView:
    """Return one recall with the files that it lists. Raises `NotFound` when it is another organisation's."""
    ensure(actor, Permission.RECALL_ANSWER)
    with db.transaction(actor):
        recall = queries.get_own_recall(actor.cellule_id, actor.organisation_id, public_id)
        audit.record(actor, "recall.read", subject=recall)
        return _view(recall, with_files=True)


def answer_recall(actor: Actor, public_id: str, *, version: int, destroyed: bool, reason: str = "") -> None:
    """Record that the files are destroyed, or kept for a written reason.

    Raises `Conflict` when somebody answered meanwhile, `InvalidInput` when files are kept without a reason.
    """
    ensure(actor, Permission.RECALL_ANSWER)
    with db.transaction(actor):
        recall = queries.get_own_recall(actor.cellule_id, actor.organisation_id, public_id, lock=True)
        if recall.state is not RecallState.ASKED:
            raise RuleViolation("Une réponse est déjà enregistrée pour cette demande : il n’y a rien à faire.")
        if recall.version != version:
            raise Conflict("Cette demande a changé entre-temps. Rechargez la page, puis recommencez.")
        if not destroyed and not reason:
            raise InvalidInput({"reason": ["Dites pourquoi ces fichiers sont conservés, et sur quel fondement."]})
        recall.state = RecallState.CONFIRMED if destroyed else RecallState.REFUSED
        recall.answered_at, recall.answered_by_id = clock.now(), actor.user_id
        recall.reason = reason
        recall.version += 1
        audit.record(actor, "recall.answer", subject=recall, state=recall.state.value)


def _view(recall: Recall, *, with_files: bool = False) -> RecallView:
    files = queries.departures_of(recall) if with_files else ()
    return RecallView(
        public_id=recall.public_id,
        state=recall.state,
        asked_at=recall.asked_at,
        due_on=recall.due_on,
        is_late=recall.state is RecallState.ASKED and recall.due_on < clock.today(),
        answered_at=recall.answered_at,
        answered_by=recall.answered_by.full_name if recall.answered_by else "",
        reason=recall.reason,
        version=recall.version,
        files=tuple(LeftFile(row.what, row.object_version, row.left_at, row.user.full_name) for row in files),
    )
