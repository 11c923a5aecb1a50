"""From stored rows to the view of one actor: the only place where a case is cut by its labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pdp.cases.enums import EncounterKind
from pdp.cases.models import Activity, Case, Encounter, InsuredPerson, Stoppage
from pdp.cases.queries.facts import case_facts
from pdp.cases.rules import view as views
from pdp.cases.rules.nir import spaced
from pdp.cases.rules.stoppages import Period, current_run
from pdp.cases.rules.timeline import Timeline, base_timeline
from pdp.cases.rules.workflow import moves_from
from pdp.cases.service.sharing_lines import sharing_lines
from pdp.cases.tabs import open_tabs
from pdp.dispositifs.enums import StatusGroup
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can
from pdp.policy.roles import Role
from pdp.policy.visibility import hidden_zones, readable_labels, why_hidden, writable_labels

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Rows:
    """What hangs on the case, loaded only where its label is readable."""

    activities: Sequence[Activity] = ()
    stoppages: Sequence[Stoppage] = ()
    encounters: Sequence[Encounter] = ()


def project(actor: Actor, case: Case, rows: Rows, today: date) -> views.CaseView:
    """Cut a case down to what the actor may read on that day."""
    facts = case_facts(case)
    labels = readable_labels(actor, facts, today)

    def part(label: Label, make: Callable[[], Part]) -> Part | None:
        return make() if label in labels else None

    identity = part(Label.IDENTITY, lambda: _identity(case.person, today))
    stoppages = part(Label.STOPPAGE, lambda: _stoppages(rows, today))
    return views.CaseView(
        public_id=case.public_id,
        reference=case.reference,
        name=identity.full_name if identity else case.person.initials.replace(". ", ".\u00a0"),
        stage=case.stage,
        axis=part(Label.SIGNAL, lambda: case.axis),
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        referent=case.referent.full_name if case.referent else None,
        is_referent=case.referent_user_id == actor.user_id,
        version=case.version,
        labels=labels,
        writable=writable_labels(actor, facts, today),
        tabs=open_tabs(actor, labels),
        moves=moves_from(case.stage, actor.role) if can(actor, Permission.CASE_STEER) and not facts.frozen else (),
        timeline=_timeline(stoppages, today),
        can_share=can(actor, Permission.SHARING_RECORD) and not facts.closed and not facts.frozen,
        frozen_on=case.frozen_on,
        restricted=facts.restricted and actor.is_core,
        can_restrict=_decides_restriction(actor, case) and not facts.closed,
        hidden=tuple(why_hidden(label) for label in hidden_zones(actor, facts, today)),
        identity=identity,
        nir=part(Label.NIR, lambda: spaced(case.person.nir) if case.person.nir else None),
        signal=part(Label.SIGNAL, lambda: views.SignalView(case.source, case.signal_reason, case.reorientation)),
        employment=part(Label.EMPLOYMENT, lambda: _employment(case, rows.activities, today)),
        stoppages=stoppages,
        situation=part(Label.REQUEST, lambda: _situation(case)),
        boeth=part(Label.BOETH, lambda: views.BoethView(case.boeth_kind, case.boeth_state, case.boeth_valid_until)),
        unfitness=part(Label.RESTRICTIONS, lambda: views.UnfitnessView(case.unfitness_state, case.unfitness_on)),
        conclusion=part(
            Label.CONCLUSION,
            lambda: views.ConclusionView(case.conclusion_code, case.conclusion_on, case.conclusion_limits),
        ),
        allowance=part(Label.ALLOWANCE, lambda: _allowance(case)),
        sharing=sharing_lines(actor, case.agreements, today),
    )


def _decides_restriction(actor: Actor, case: Case) -> bool:
    decides = actor.role is Role.MANAGER or actor.user_id == case.referent_user_id
    return decides and can(actor, Permission.CASE_RESTRICT)


def _identity(person: InsuredPerson, today: date) -> views.IdentityView:
    birthday_to_come = (today.month, today.day) < (person.birth_date.month, person.birth_date.day)
    return views.IdentityView(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        age=today.year - person.birth_date.year - birthday_to_come,
        phone=person.phone,
        email=person.email,
        town=person.town,
    )


def _employment(case: Case, activities: Sequence[Activity], today: date) -> views.EmploymentView:
    held = {row.status.group for row in activities if row.ends_on is None or row.ends_on >= today}
    return views.EmploymentView(
        scheme=case.scheme,
        affiliation_months=case.affiliation_months,
        activities=tuple(
            views.ActivityView(
                row.public_id,
                row.status,
                row.employer,
                row.post,
                row.working_time,
                row.is_micro,
                row.starts_on,
                row.ends_on,
            )
            for row in activities
        ),
        groups=tuple(group for group in StatusGroup if group in held),
    )


def _stoppages(rows: Rows, today: date) -> views.StoppagesView:
    periods = tuple(
        views.StoppageView(
            row.public_id,
            row.status_group,
            row.origin,
            row.starts_on,
            row.prescribed_end,
            row.ended_on,
            row.indemnified,
            row.full_time,
        )
        for row in rows.stoppages
    )
    run = current_run([_period(period) for period in periods], today)
    under_way = [period for period in periods if period.starts_on <= today <= _period(period).last_day]
    return views.StoppagesView(
        periods=periods,
        encounters=tuple(views.EncounterView(row.public_id, row.kind, row.happens_on) for row in rows.encounters),
        current=under_way[-1] if under_way else None,
        since=run.starts_on if run else None,
    )


def _period(period: views.StoppageView) -> Period:
    return Period(period.starts_on, period.prescribed_end, period.ended_on)


def _timeline(stoppages: views.StoppagesView | None, today: date) -> Timeline:
    if stoppages is None:
        return Timeline(today)
    met: list[tuple[EncounterKind, date]] = [(step.kind, step.happens_on) for step in stoppages.encounters]
    return base_timeline([_period(period) for period in stoppages.periods], met, today)


def _situation(case: Case) -> views.SituationView:
    return views.SituationView(
        case.presentation, case.work_exclusion_risk, case.social_evaluation_on, case.insured_request_on
    )


def _allowance(case: Case) -> views.AllowanceView:
    return views.AllowanceView(
        case.old_age_pension, case.invalidity_pension, case.long_term_condition, case.fund_participates
    )
