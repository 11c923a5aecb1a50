"""The one table of the life of a request: status × action → next status, and who may do it."""

from collections.abc import Collection
from typing import NamedTuple

from pdp.core.errors import RuleViolation
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission
from pdp.requests.enums import RequestAction as Action
from pdp.requests.enums import RequestStatus as Status


class Move(NamedTuple):
    """Where an action leads, and the permission that it asks for."""

    target: Status
    permission: Permission


_WRITE, _RUN = Permission.REQUEST_WRITE, Permission.MEETING_RUN
_DECIDE, _FOLLOW = Permission.DECISION_RECORD, Permission.OUTCOME_RECORD
_CORRECT = Permission.OPINION_CORRECT

MOVES: dict[tuple[Status, Action], Move] = {
    (Status.PROPOSED, Action.CONFIRM): Move(Status.DRAFT, _WRITE),
    (Status.PROPOSED, Action.DECLINE): Move(Status.DECLINED, _WRITE),
    (Status.PROPOSED, Action.WITHDRAW): Move(Status.WITHDRAWN, _WRITE),
    (Status.DRAFT, Action.SUBMIT): Move(Status.READY, _WRITE),
    (Status.DRAFT, Action.WITHDRAW): Move(Status.WITHDRAWN, _WRITE),
    (Status.READY, Action.REOPEN): Move(Status.DRAFT, _WRITE),
    (Status.READY, Action.SCHEDULE): Move(Status.SCHEDULED, _RUN),
    (Status.READY, Action.WITHDRAW): Move(Status.WITHDRAWN, _WRITE),
    (Status.ADJOURNED, Action.REOPEN): Move(Status.DRAFT, _WRITE),
    (Status.ADJOURNED, Action.SCHEDULE): Move(Status.SCHEDULED, _RUN),
    (Status.ADJOURNED, Action.WITHDRAW): Move(Status.WITHDRAWN, _WRITE),
    (Status.SCHEDULED, Action.UNSCHEDULE): Move(Status.READY, _RUN),
    (Status.SCHEDULED, Action.GIVE_OPINION): Move(Status.OPINION_GIVEN, _RUN),
    (Status.SCHEDULED, Action.ADJOURN): Move(Status.ADJOURNED, _RUN),
    (Status.SCHEDULED, Action.REORIENT): Move(Status.REORIENTED, _RUN),
    # Two people corrected the opinion after its ballot had closed: the request goes where that one leads.
    (Status.OPINION_GIVEN, Action.CORRECT_TO_ADJOURNED): Move(Status.ADJOURNED, _CORRECT),
    (Status.OPINION_GIVEN, Action.CORRECT_TO_REORIENTED): Move(Status.REORIENTED, _CORRECT),
    (Status.ADJOURNED, Action.CORRECT_TO_OPINION): Move(Status.OPINION_GIVEN, _CORRECT),
    (Status.ADJOURNED, Action.CORRECT_TO_REORIENTED): Move(Status.REORIENTED, _CORRECT),
    (Status.REORIENTED, Action.CORRECT_TO_OPINION): Move(Status.OPINION_GIVEN, _CORRECT),
    (Status.REORIENTED, Action.CORRECT_TO_ADJOURNED): Move(Status.ADJOURNED, _CORRECT),
    # A condition of the opinion was not met: the request is to be scheduled again.
    (Status.OPINION_GIVEN, Action.COME_BACK): Move(Status.READY, _RUN),
    (Status.OPINION_GIVEN, Action.DECIDE): Move(Status.DECIDED, _DECIDE),
    (Status.OPINION_GIVEN, Action.REFUSE): Move(Status.REFUSED, _DECIDE),
    (Status.DECIDED, Action.START): Move(Status.RUNNING, _FOLLOW),
    (Status.DECIDED, Action.WITHDRAW): Move(Status.WITHDRAWN, _WRITE),
    (Status.RUNNING, Action.END): Move(Status.ENDED, _FOLLOW),
}

# Why an action has no meaning in a status: what the status is, then the next step.
_WHY_NOT: dict[Status, str] = {
    Status.PROPOSED: "La demande est proposée par un partenaire : le référent du dossier doit d’abord la confirmer.",
    Status.DRAFT: "La demande est encore un brouillon. Déclarez-la prête, puis recommencez.",
    Status.READY: "La demande est prête et attend son inscription à une séance.",
    Status.SCHEDULED: "La demande est inscrite à une séance. Retirez-la d’abord de la séance.",
    Status.ADJOURNED: "L’avis sur la demande est ajourné. Complétez-la, puis inscrivez-la de nouveau.",
    Status.OPINION_GIVEN: "La cellule a rendu son avis : la décision de l’organisme est attendue.",
    Status.DECIDED: "La décision est déjà enregistrée sur cette demande.",
    Status.REFUSED: "L’organisme a refusé la mesure. Pour la redemander, créez une nouvelle demande.",
    Status.RUNNING: "La mesure est en cours : seule sa fin peut être enregistrée.",
    Status.ENDED: "La mesure est terminée : la demande ne change plus.",
    Status.REORIENTED: "La demande est réorientée. Créez une nouvelle demande si la situation a changé.",
    Status.WITHDRAWN: "La demande est retirée. Créez une nouvelle demande si elle revient.",
    Status.DECLINED: "La proposition n’a pas été retenue. Proposez-en une nouvelle si la situation change.",
}

# The moves made from the page of the request. Each of the others comes with an act of its own, which keeps
# what it rests on: the place on an agenda, the opinion, the decision, the first day and the report of the measure.
ON_PAGE = (Action.CONFIRM, Action.SUBMIT, Action.REOPEN, Action.WITHDRAW)

# While a request may still be completed: its text, and its pieces.
EDITABLE = frozenset({Status.PROPOSED, Status.DRAFT, Status.ADJOURNED})
OPEN = EDITABLE | {Status.READY, Status.SCHEDULED}
# What was granted is a measure, to be followed to its report.
GRANTED = frozenset({Status.DECIDED, Status.RUNNING, Status.ENDED})
# Requests whose days count towards the limits of an essai encadré.
ENGAGED = frozenset({Status.READY, Status.SCHEDULED, Status.OPINION_GIVEN, *GRANTED})


def can_move(status: Status, action: Action) -> bool:
    """Tell whether the action is possible in this status."""
    return (status, action) in MOVES


def move(status: Status, action: Action) -> Move:
    """Return where the action leads. Raises `RuleViolation` with the reason and the next step."""
    found = MOVES.get((status, action))
    if found is None:
        raise RuleViolation(f"« {action.label} » n’est pas possible. {_WHY_NOT[status]}")
    return found


def shown_status(status: Status, readable: Collection[Label]) -> Status:
    """Return the status as a reader may know it: « avis rendu » where it would tell an opinion or a decision."""
    follows = Label.DECISION in readable or Label.OUTCOME in readable
    told = {
        Status.ADJOURNED: Label.OPINION in readable,
        Status.REORIENTED: Label.OPINION in readable,
        Status.REFUSED: Label.DECISION in readable,
        Status.DECIDED: follows,
        Status.RUNNING: follows,
        Status.ENDED: follows,
    }
    return status if told.get(status, True) else Status.OPINION_GIVEN


def ensure_on_page(action: Action) -> None:
    """Refuse a move that only an act of the séance, the decision or the measure may make. Raises `RuleViolation`."""
    if action not in ON_PAGE:
        raise RuleViolation(
            f"« {action.label} » se fait depuis la séance, la décision ou la mesure, non depuis la demande."
        )


def ensure_editable(status: Status) -> None:
    """Refuse to change what is asked once it is declared ready. Raises `RuleViolation`."""
    if status is Status.READY:
        raise RuleViolation("La demande est prête. Remettez-la en brouillon avant de la modifier.")
    if status not in EDITABLE:
        raise RuleViolation(f"La demande ne peut plus être modifiée. {_WHY_NOT[status]}")


def ensure_open(status: Status) -> None:
    """Refuse to change the pieces or the answers once the cellule gave its opinion. Raises `RuleViolation`."""
    if status not in OPEN:
        raise RuleViolation(f"Le dossier de la demande est figé. {_WHY_NOT[status]}")
