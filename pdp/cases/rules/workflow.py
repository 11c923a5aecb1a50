"""The one table of the stages of a case: which move leads from where to where, and who may make it."""

from dataclasses import dataclass

from pdp.cases.enums import CaseMove, Stage
from pdp.core.errors import RuleViolation
from pdp.policy.roles import Role

_SOCIAL = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER})
_TRIAGE = _SOCIAL | {Role.CSAM}

# A case of these stages is over: every sharing ends with it, and only outcomes may still be written.
ENDED = frozenset({Stage.CLOSED, Stage.REORIENTED})


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, and the roles that may make it."""

    to: Stage
    roles: frozenset[Role]


STEPS: dict[tuple[Stage, CaseMove], Step] = {
    (Stage.TRIAGE, CaseMove.TAKE_CHARGE): Step(Stage.OPEN, _SOCIAL),
    (Stage.TRIAGE, CaseMove.REORIENT): Step(Stage.REORIENTED, _TRIAGE),
    (Stage.OPEN, CaseMove.REORIENT): Step(Stage.REORIENTED, _SOCIAL),
    (Stage.OPEN, CaseMove.CLOSE): Step(Stage.CLOSED, _SOCIAL),
    (Stage.REORIENTED, CaseMove.REOPEN): Step(Stage.TRIAGE, _TRIAGE),
    (Stage.CLOSED, CaseMove.REOPEN): Step(Stage.OPEN, _SOCIAL),
}


def moves_from(stage: Stage, role: Role) -> tuple[CaseMove, ...]:
    """Return the moves that the role may make from a stage, in the order of the enumeration."""
    return tuple(move for move in CaseMove if (stage, move) in STEPS and role in STEPS[stage, move].roles)


def after(stage: Stage, move: CaseMove, role: Role) -> Stage:
    """Return the stage that a move leads to. Raises `RuleViolation` when it is not possible from here."""
    step = STEPS.get((stage, move))
    if step is None:
        raise RuleViolation(
            f"Ce dossier est à l’étape « {stage.label} » : « {move.label} » n’y est pas possible. "
            "Rechargez la page pour voir son étape actuelle."
        )
    if role not in step.roles:
        raise RuleViolation(f"« {move.label} » revient au service social. Demandez-le au référent du dossier.")
    return step.to
