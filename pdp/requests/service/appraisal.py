"""From rows to facts, from facts to verdicts; and the snapshot that keeps them as they were found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.accounts import queries as account_queries
from pdp.accounts.models import Cellule
from pdp.cases.enums import TriState
from pdp.cases.models import Case
from pdp.cases.queries.facts import agreement_facts
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.dispositifs.catalogue import load_ruleset, load_sheets, sheet
from pdp.dispositifs.enums import Doctrine
from pdp.dispositifs.rules import evaluate
from pdp.requests import queries
from pdp.requests.enums import SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot
from pdp.requests.rules.facts import RENEWAL, Ask, Occupation, Piece, Situation, build_facts, trial_days
from pdp.requests.rules.findings import GroupFindings, read_stored, to_stored
from pdp.requests.rules.standing import Answer, Standing, stand
from pdp.requests.rules.stoppage import Period, current_episode
from pdp.requests.rules.trial import Segment, TrialDays
from pdp.requests.rules.workflow import ENGAGED

_TRI = {TriState.YES: True, TriState.NO: False, TriState.UNKNOWN: None}


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The eligibility of a request as found now: one result per status group, and what it rests on."""

    results: tuple[GroupFindings, ...]
    trial: TrialDays | None
    doctrine: Doctrine
    evaluated_on: date
    ruleset_hash: str
    stored: list[dict[str, Any]]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the cellule adds to a case: its territory, and the doctrine that it follows on the day."""

    territory: Territory
    doctrine: Doctrine
    day: date


def frame_of(cellule_id: int) -> Frame:
    """Return the frame in which the requests of a cellule are appraised today."""
    day = clock.today()
    cellule: Cellule = account_queries.get_cellule(cellule_id)
    rules = account_queries.governance(cellule_id, day)
    return Frame(Territory(cellule.territory), Doctrine(rules.doctrine), day)


def appraise(
    request: DispositifRequest, frame: Frame | None = None, others: Sequence[DispositifRequest] | None = None
) -> Appraisal:
    """Evaluate a loaded request today, each status group apart. Nothing is stored."""
    frame = frame or frame_of(request.cellule_id)
    others = queries.list_other_requests(request) if others is None else others
    return appraise_ask(situation_of(request.case, frame), ask_of(request, others), frame)


def appraise_ask(situation: Situation, ask: Ask, frame: Frame) -> Appraisal:
    """Evaluate what is asked in a situation, each status group apart."""
    ruleset = load_ruleset()
    stored, facts = [], {}
    for group in situation.groups:
        found = build_facts(situation, ask, group, frame.day)
        assessment = evaluate(
            ruleset,
            found,
            dispositif=ask.dispositif,
            group=group,
            evaluated_on=frame.day,
            doctrine=frame.doctrine,
        )
        stored.append(to_stored(assessment, ruleset, found))
        facts[group.value] = found.to_json()
    episode = current_episode(situation.periods, situation.groups[0], frame.day)
    return Appraisal(
        results=read_stored(stored),
        trial=trial_days(situation, ask, episode),
        doctrine=frame.doctrine,
        evaluated_on=frame.day,
        ruleset_hash=ruleset.version,
        stored=stored,
        facts=facts,
    )


def take_snapshot(request: DispositifRequest, reason: SnapshotReason) -> EligibilitySnapshot:
    """Evaluate a loaded request now and keep the result in the transaction under way."""
    found = appraise(request)
    snapshot = EligibilitySnapshot(
        cellule_id=request.cellule_id,
        request_id=request.id,
        taken_at=clock.now(),
        evaluated_on=found.evaluated_on,
        reason=reason,
        doctrine=found.doctrine.value,
        ruleset_hash=found.ruleset_hash,
        results=found.stored,
        facts=found.facts,
    )
    db.session().add(snapshot)
    db.session().flush()
    return snapshot


def standing_of(request: DispositifRequest, snapshot: EligibilitySnapshot) -> Standing:
    """Return how a request stands on a kept eligibility, with the answers given so far."""
    return stand(read_stored(snapshot.results), answers_of(request))


def answers_of(request: DispositifRequest) -> tuple[Answer, ...]:
    """Return the answers given to the rules of a request, oldest first."""
    return tuple(
        Answer(
            group=answer.status_group,
            rule_id=answer.rule_id,
            accepted=answer.accepted,
            is_override=answer.is_override,
            reason=answer.reason,
            by=", ".join(part for part in (answer.answered_by.full_name, answer.seat_label) if part),
        )
        for answer in queries.list_answers(request)
    )


def situation_of(case: Case, frame: Frame) -> Situation:
    """Return what a loaded case says of the person. An activity that has ended opens no status."""
    return Situation(
        occupations=tuple(
            Occupation(activity.status, activity.ends_on, activity.is_micro)
            for activity in case.activities
            if activity.ends_on is None or activity.ends_on >= frame.day
        ),
        periods=tuple(
            Period(
                origin=row.origin,
                starts_on=row.starts_on,
                prescribed_end=row.prescribed_end,
                ended_on=row.ended_on,
                group=row.status_group,
                indemnified=_TRI[row.indemnified],
                full_time=row.full_time,
            )
            for row in case.stoppages
        ),
        scheme=case.scheme,
        axis=case.axis,
        affiliation_months=case.affiliation_months,
        insured_request_on=case.insured_request_on,
        social_evaluation_on=case.social_evaluation_on,
        work_exclusion_risk=_TRI[case.work_exclusion_risk],
        old_age_pension=_TRI[case.old_age_pension],
        invalidity_pension=_TRI[case.invalidity_pension],
        long_term_condition=_TRI[case.long_term_condition],
        fund_participates=_TRI[case.fund_participates],
        boeth_kind=case.boeth_kind,
        boeth_state=case.boeth_state,
        boeth_valid_until=case.boeth_valid_until,
        unfitness_state=case.unfitness_state,
        unfitness_on=case.unfitness_on,
        sharing=_sharing(case, frame.day),
        territory=frame.territory,
    )


def ask_of(request: DispositifRequest, others: Sequence[DispositifRequest]) -> Ask:
    """Return what a loaded request asks, with the other engaged trials of the case."""
    groups = sheet(request.dispositif).groups
    return Ask(
        dispositif=request.dispositif,
        author=request.author,
        start=request.measure_start,
        end=request.measure_end,
        details=request.details,
        pieces=tuple(Piece(piece.nature, piece.kind, piece.state) for piece in request.pieces),
        earlier=tuple(
            Segment(other.measure_start, other.measure_end, bool(other.details.get(RENEWAL)))
            for other in others
            if other.status in ENGAGED and other.measure_start and other.measure_end
        ),
        orgs_needed={group: needs.orgs_needed for group, needs in groups.items()},
    )


def _sharing(case: Case, day: date) -> dict[str, str]:
    """Return the state of sharing with each kind of partner that the rules may need."""
    states: dict[str, str] = {}
    ended = case.stage in ENDED
    for row in case.agreements:
        kind = row.organisation.kind.value
        if agreement_facts(row).in_force(day) and not ended:
            states[kind] = "GIVEN"
        elif states.get(kind) != "GIVEN":
            states[kind] = "WITHDRAWN" if row.withdrawn_on else "MISSING"
    needed = {kind for each in load_sheets().values() for needs in each.groups.values() for kind in needs.orgs_needed}
    return dict.fromkeys(sorted(needed), "MISSING") | states
