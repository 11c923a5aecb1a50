"""From a case and a request to the facts of the rules (domain notes § 7.1). What is not known is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pdp.cases.enums import Axis, BoethKind, BoethState, Scheme, UnfitnessState
from pdp.core.calendar import Territory
from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.dispositifs.rules import Facts, parse_facts
from pdp.dispositifs.rules.periods import months_begun
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor
from pdp.requests.rules.stoppage import Episode, Period, current_episode, stoppage_facts
from pdp.requests.rules.trial import Segment, TrialDays, count_days

RENEWAL = "trial.renewal"
# Details kept for us that are no fact of the vocabulary.
_NOT_FACTS = frozenset({RENEWAL})


@dataclass(frozen=True, slots=True)
class Occupation:
    """One professional status of the person."""

    status: PersonStatus
    ends_on: date | None = None
    is_micro: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What a case says of a person. None is « not known », never « no »."""

    occupations: tuple[Occupation, ...] = ()
    periods: tuple[Period, ...] = ()
    scheme: Scheme = Scheme.UNKNOWN
    axis: Axis | None = None
    affiliation_months: int | None = None
    insured_request_on: date | None = None
    social_evaluation_on: date | None = None
    work_exclusion_risk: bool | None = None
    old_age_pension: bool | None = None
    invalidity_pension: bool | None = None
    long_term_condition: bool | None = None
    fund_participates: bool | None = None
    boeth_kind: BoethKind | None = None
    boeth_state: BoethState = BoethState.UNKNOWN
    boeth_valid_until: date | None = None
    unfitness_state: UnfitnessState = UnfitnessState.UNKNOWN
    unfitness_on: date | None = None
    # Sharing by kind of partner organisation: GIVEN, MISSING or WITHDRAWN.
    sharing: Mapping[str, str] = field(default_factory=dict)
    territory: Territory = Territory.METROPOLE

    @property
    def groups(self) -> tuple[StatusGroup, ...]:
        """The status groups of the person, each evaluated apart; `autre` when none is known."""
        found = {occupation.status.group for occupation in self.occupations}
        return tuple(group for group in StatusGroup if group in found) or (StatusGroup.AUTRE,)


@dataclass(frozen=True, slots=True)
class Piece:
    """An agreement or a document of the request, as the rules read it."""

    nature: PieceNature
    kind: str
    state: PieceState


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a dispositif, its period, its details, its pieces."""

    dispositif: Dispositif
    author: RequestAuthor | None = None
    start: date | None = None
    end: date | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()
    # The other trials of the same case that are engaged.
    earlier: tuple[Segment, ...] = ()
    # Kinds of partners whose own act the dispositif needs, for each status group.
    orgs_needed: Mapping[StatusGroup, tuple[str, ...]] = field(default_factory=dict)


def build_facts(situation: Situation, ask: Ask, group: StatusGroup, day: date) -> Facts:
    """Return the facts of a request for one status group on a day. Raises FactError on a detail that is not one."""
    episode = current_episode(situation.periods, group, day)
    facts = {
        **_person_facts(situation, group, day),
        **stoppage_facts(episode, day, ask.start),
        **_request_facts(ask, group),
        **_sharing_facts(situation),
        **_measure_facts(ask),
        **_trial_facts(trial_days(situation, ask, episode), ask),
    }
    return parse_facts(facts)


def trial_days(situation: Situation, ask: Ask, episode: Episode | None) -> TrialDays | None:
    """Return the working days of an essai encadré whose period is known; None for any other request."""
    if ask.dispositif is not Dispositif.ESSAI_ENCADRE or ask.start is None or ask.end is None:
        return None
    asked = Segment(ask.start, ask.end, bool(ask.details.get(RENEWAL)))
    return count_days(asked, ask.earlier, episode, situation.territory)


def _person_facts(situation: Situation, group: StatusGroup, day: date) -> dict[str, Any]:
    occupations = [each for each in situation.occupations if each.status.group is group]
    facts = _known(
        {
            "status": [each.status.value for each in situation.occupations] or None,
            "scheme": situation.scheme.value if situation.scheme is not Scheme.UNKNOWN else None,
            "case.axis": situation.axis and situation.axis.value,
            "affiliation.months": situation.affiliation_months,
            "insured.request": True if situation.insured_request_on else None,
            "social_evaluation.done": True if situation.social_evaluation_on else None,
            "work_exclusion_risk": situation.work_exclusion_risk,
            "pension.old_age": situation.old_age_pension,
            "pension.invalidity": situation.invalidity_pension,
            "ald": situation.long_term_condition,
            "fund.participates": situation.fund_participates,
            "is_micro": any(each.is_micro for each in occupations) if group is StatusGroup.TI else None,
        }
    )
    return facts | _title_facts(situation, day) | _contract_facts(occupations, group)


def _title_facts(situation: Situation, day: date) -> dict[str, Any]:
    until = situation.boeth_valid_until
    lapsed = situation.boeth_state is BoethState.HELD and until is not None and until < day
    boeth = situation.boeth_state is not BoethState.UNKNOWN and not lapsed
    unfitness = situation.unfitness_state is not UnfitnessState.UNKNOWN
    return _known(
        {
            "boeth.state": situation.boeth_state.value if boeth else None,
            "boeth.kind": situation.boeth_kind.value if situation.boeth_kind and boeth else None,
            "boeth.valid_until": until,
            "unfitness.state": situation.unfitness_state.value if unfitness else None,
            "unfitness.date": situation.unfitness_on if unfitness else None,
        }
    )


def _contract_facts(occupations: list[Occupation], group: StatusGroup) -> dict[str, Any]:
    """Return the earliest end of the employee's contracts: null when all are CDI, nothing when one is not known."""
    if group is not StatusGroup.SALARIE or not occupations:
        return {}
    dated = [each.ends_on for each in occupations if each.ends_on is not None]
    if dated:
        return {"contract.end": min(dated)}
    permanent = all(each.status is PersonStatus.EMPLOYEE_CDI for each in occupations)
    return {"contract.end": None} if permanent else {}


def _request_facts(ask: Ask, group: StatusGroup) -> dict[str, Any]:
    facts: dict[str, Any] = {path: value for path, value in ask.details.items() if path not in _NOT_FACTS}
    facts["measure.orgs_needed"] = list(ask.orgs_needed.get(group, ()))
    if ask.author is not None:
        facts["request.author"] = ask.author.value
    for piece in ask.pieces:
        facts[f"{piece.nature.value}.{piece.kind}"] = piece.state.value
    return facts


def _sharing_facts(situation: Situation) -> dict[str, Any]:
    facts: dict[str, Any] = {f"sharing_agreement.{kind}": state for kind, state in situation.sharing.items()}
    facts["external_org_on_case"] = [kind for kind, state in situation.sharing.items() if state == "GIVEN"]
    return facts


def _measure_facts(ask: Ask) -> dict[str, Any]:
    facts = _known({"measure.start": ask.start, "measure.end": ask.end})
    if ask.start is None or ask.end is None:
        return facts
    facts["measure.months"] = months_begun(ask.start, ask.end)
    if ask.dispositif is Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE:
        days = (ask.end - ask.start).days + 1
        facts |= {"tpt.start": ask.start, "tpt.end": ask.end, "tpt.total_days": days}
    return facts


def _trial_facts(days: TrialDays | None, ask: Ask) -> dict[str, Any]:
    if days is None:
        return {}
    return {
        "trial.start": ask.start,
        "trial.end": ask.end,
        "trial.initial_working_days": days.first_period,
        "trial.total_working_days_for_stoppage": days.total,
    }


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in facts.items() if value is not None}
