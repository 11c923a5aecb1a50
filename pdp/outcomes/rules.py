"""The one table of the coded outcomes: group, statuses, work, and what must be said with them. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pdp.core.errors import InvalidInput, RuleViolation
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.outcomes.enums import MeasureConclusion, MeasureResult, OutcomeCode, OutcomeGroup
from pdp.requests.enums import RequestStatus as Status
from pdp.requests.rules.workflow import GRANTED

_EMPLOYEE = frozenset({StatusGroup.SALARIE})
_SELF_EMPLOYED = frozenset({StatusGroup.TI})
_ANY = frozenset(StatusGroup)


@dataclass(frozen=True, slots=True)
class Coded:
    """What a code means. `in_work`: whether the person works; None where the code does not say."""

    group: OutcomeGroup
    statuses: frozenset[StatusGroup]
    in_work: bool | None
    needs_comment: bool = False


_G, _C = OutcomeGroup, OutcomeCode
TABLE: Mapping[OutcomeCode, Coded] = {
    _C.SAME_JOB: Coded(_G.EMPLOI, _EMPLOYEE, True),
    _C.SAME_JOB_ADAPTED: Coded(_G.EMPLOI, _EMPLOYEE, True),
    _C.PART_TIME_THERAPEUTIC: Coded(_G.EMPLOI, _ANY, True),
    _C.INTERNAL_REDEPLOYMENT: Coded(_G.EMPLOI, _EMPLOYEE, True),
    _C.EXTERNAL_JOB: Coded(_G.EMPLOI, _ANY, True),
    _C.CRPE_RUNNING: Coded(_G.EMPLOI, _EMPLOYEE, True),
    _C.OWN_BUSINESS_RESUMED: Coded(_G.EMPLOI, _SELF_EMPLOYED, True),
    _C.OWN_BUSINESS_ADAPTED: Coded(_G.EMPLOI, _SELF_EMPLOYED, True),
    _C.BUSINESS_CREATED: Coded(_G.EMPLOI, _ANY, True),
    _C.TRAINING: Coded(_G.MARCHE_EMPLOI, _ANY, None),
    _C.JOBSEEKER: Coded(_G.MARCHE_EMPLOI, _ANY, False),
    _C.STILL_ON_LEAVE: Coded(_G.EN_COURS, _ANY, False),
    _C.UNFIT_PENDING: Coded(_G.EN_COURS, _EMPLOYEE, None),
    _C.UNFIT_DISMISSED: Coded(_G.HORS_EMPLOI, _EMPLOYEE, False),
    _C.BUSINESS_CLOSED: Coded(_G.HORS_EMPLOI, _SELF_EMPLOYED, False),
    # A pension of category 1 may go with a job, so that work is asked apart (L. 341-4 CSS).
    _C.INVALIDITY_1: Coded(_G.INVALIDITE, _EMPLOYEE, None),
    _C.INVALIDITY_2: Coded(_G.INVALIDITE, _EMPLOYEE, None),
    _C.INVALIDITY_3: Coded(_G.INVALIDITE, _EMPLOYEE, None),
    _C.TI_PARTIAL_INCAPACITY: Coded(_G.INVALIDITE, _SELF_EMPLOYED, None),
    _C.TI_TOTAL_INVALIDITY: Coded(_G.INVALIDITE, _SELF_EMPLOYED, None),
    _C.RETIREMENT: Coded(_G.RETRAITE, _ANY, None),
    _C.MOVED_OR_LOST: Coded(_G.INCONNU, _ANY, None, needs_comment=True),
    _C.WITHDRAWN: Coded(_G.INCONNU, _ANY, None, needs_comment=True),
    _C.DECEASED: Coded(_G.EXCLU, _ANY, False),
}

# What became of the person may be told once nothing more is awaited from the cellule or the deciding body.
_NO_MEASURE = frozenset({Status.REFUSED, Status.REORIENTED, Status.WITHDRAWN})
_TRIES_A_POST = frozenset({Dispositif.ESSAI_ENCADRE, Dispositif.PMSMP})

_NO_WORK = "Cette issue dit que la personne ne travaille pas : répondez non, ou choisissez une autre issue."
_WORK = "Cette issue dit que la personne travaille : répondez oui, ou choisissez une autre issue."
_SAY_MORE = "Précisez en quelques mots, sans information médicale."


@dataclass(frozen=True, slots=True)
class Measure:
    """What an outcome is judged against. `statuses` is empty when they are not known to the writer."""

    dispositif: Dispositif
    status: Status
    requested_on: date
    start: date | None
    statuses: frozenset[StatusGroup]


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody wants to record; `in_work` None: not said."""

    status_group: StatusGroup
    code: OutcomeCode
    in_work: bool | None
    result: MeasureResult
    conclusion: MeasureConclusion | None
    observed_on: date
    comment: str


def may_record(status: Status) -> bool:
    """Tell whether a request in this status may have an outcome."""
    return status in GRANTED | _NO_MEASURE


def ensure_may_record(status: Status) -> None:
    """Refuse an outcome while the cellule or the deciding body is still awaited. Raises `RuleViolation`."""
    if not may_record(status):
        raise RuleViolation(
            f"La demande est à l’état « {status.label} » : son issue se relève une fois la décision enregistrée."
        )


def works(code: OutcomeCode, said: bool | None) -> bool:
    """Return whether the person works: what the code says, else what was said, else no."""
    by_code = TABLE[code].in_work
    return bool(said) if by_code is None else by_code


def choices(group: StatusGroup) -> tuple[tuple[OutcomeGroup, tuple[OutcomeCode, ...]], ...]:
    """Return the codes of a status, by family, in the order shown; a family without code is left out."""
    found = ((family, tuple(_codes(family, group))) for family in OutcomeGroup)
    return tuple((family, codes) for family, codes in found if codes)


def _codes(family: OutcomeGroup, group: StatusGroup) -> Iterable[OutcomeCode]:
    return (code for code, meaning in TABLE.items() if meaning.group is family and group in meaning.statuses)


def results_for(status: Status) -> tuple[MeasureResult, ...]:
    """Return what may have become of the measure: without one granted, it was not started."""
    return tuple(MeasureResult) if status in GRANTED else (MeasureResult.NOT_STARTED,)


def asks_conclusion(dispositif: Dispositif) -> bool:
    """Tell whether the dispositif concludes about a post: only a trial or an immersion does."""
    return dispositif in _TRIES_A_POST


def ensure_coherent(seen: Observation, measure: Measure, today: date) -> None:
    """Refuse values that contradict each other or the measure. Raises `InvalidInput`, every error at once."""
    found = {
        "status_group": _status_error(seen, measure.statuses),
        "code": _code_error(seen),
        "in_work": _work_error(seen),
        "result": _result_error(seen, measure.status),
        "conclusion": _conclusion_error(seen, measure.dispositif),
        "observed_on": _day_error(seen, measure, today),
        "comment": _comment_error(seen),
    }
    errors = {name: [sentence] for name, sentence in found.items() if sentence}
    if errors:
        raise InvalidInput(errors)


def _status_error(seen: Observation, statuses: Collection[StatusGroup]) -> str:
    if not statuses or seen.status_group in statuses:
        return ""
    return "Ce statut n’est pas l’un de ceux du dossier."


def _code_error(seen: Observation) -> str:
    if seen.status_group in TABLE[seen.code].statuses:
        return ""
    return f"L’issue « {seen.code.label} » n’existe pas pour ce statut : {seen.status_group.label.lower()}."


def _work_error(seen: Observation) -> str:
    by_code = TABLE[seen.code].in_work
    if by_code is None or seen.in_work is None or seen.in_work is by_code:
        return ""
    return _WORK if by_code else _NO_WORK


def _result_error(seen: Observation, status: Status) -> str:
    if seen.result in results_for(status):
        return ""
    return "Aucune mesure n’a été accordée : choisissez « Non commencé »."


def _conclusion_error(seen: Observation, dispositif: Dispositif) -> str:
    if seen.conclusion is None:
        return ""
    if not asks_conclusion(dispositif):
        return "Seuls un essai encadré et une mise en situation concluent sur un poste."
    if seen.result is MeasureResult.NOT_STARTED:
        return "Une mesure non commencée ne conclut pas sur le poste."
    return ""


def _day_error(seen: Observation, measure: Measure, today: date) -> str:
    if seen.observed_on > today:
        return "Cette date est dans le futur : indiquez le jour où l’issue a été constatée."
    started = seen.result is not MeasureResult.NOT_STARTED
    if started and measure.start and seen.observed_on < measure.start:
        return "Cette date précède le début de la mesure. Vérifiez-la."
    if seen.observed_on < measure.requested_on:
        return "Cette date précède la demande. Vérifiez-la."
    return ""


def _comment_error(seen: Observation) -> str:
    asked = TABLE[seen.code].needs_comment or seen.result is MeasureResult.CONVERTED
    return _SAY_MORE if asked and not seen.comment.strip() else ""
