"""Record what the deciding body decided, after the opinion: once, never changed."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.meetings import queries
from pdp.meetings.enums import DecisionOutcome
from pdp.meetings.models import FundDecision
from pdp.meetings.queries.decisions import DECIDABLE
from pdp.meetings.service.steps import move_request
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction
from pdp.requests.service.access import ensure_case_open

_NOTHING_TO_DECIDE = "La cellule a dit la demande sans objet : il n’y a pas de décision à enregistrer."
_TWICE = "La décision sur cette demande est déjà enregistrée : elle ne change plus."


def record_decision(
    actor: Actor,
    request: str,
    *,
    outcome: DecisionOutcome,
    decided_on: date,
    reasons: str = "",
    appeal_routes: str = "",
    notified_on: date | None = None,
    prior_approval_on: date | None = None,
) -> str:
    """Record the decision on a request whose opinion is given; return its public id. CPAM only.

    The deciding body is the one that the dispositif names. `prior_approval_on` is the date of the
    caisse's accord préalable (L. 323-3-1 CSS). A refusal needs its reasons and its appeal routes.
    """
    ensure(actor, Permission.DECISION_RECORD)
    try:
        with db.transaction(actor) as session:
            asked = queries.lock_request(actor, request)
            if not queries.opens(actor, asked.case):
                raise NotFound
            ensure_case_open(asked.case)
            granted = outcome is DecisionOutcome.GRANTED
            move_request(asked, RequestAction.DECIDE if granted else RequestAction.REFUSE)
            given = queries.find_opinion_given(actor, request).opinion
            if given.code not in DECIDABLE:
                raise RuleViolation(_NOTHING_TO_DECIDE)
            opinion_on = clock.local(given.recorded_at).date()
            _ensure_complete(outcome, decided_on, reasons, appeal_routes, notified_on, opinion_on)
            decision = FundDecision(
                cellule_id=asked.cellule_id,
                request_id=asked.id,
                deciding_body=sheet(asked.dispositif).decided_by,
                outcome=outcome,
                decided_on=decided_on,
                reasons=reasons.strip(),
                appeal_routes=appeal_routes.strip(),
                notified_on=notified_on,
                prior_approval_on=prior_approval_on,
                recorded_by_id=actor.user_id,
                recorded_at=clock.now(),
            )
            session.add(decision)
            audit.record(actor, "decision.record", case_id=asked.case_id, subject=decision, outcome=outcome)
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
    return decision.public_id


def _ensure_complete(
    outcome: DecisionOutcome,
    decided_on: date,
    reasons: str,
    appeal_routes: str,
    notified_on: date | None,
    opinion_on: date,
) -> None:
    errors: dict[str, list[str]] = {}
    if decided_on > clock.today():
        errors["decided_on"] = ["La décision ne peut pas être dans le futur."]
    elif decided_on < opinion_on:
        errors["decided_on"] = ["La décision vient après l’avis de la cellule."]
    if notified_on is not None and notified_on < decided_on:
        errors["notified_on"] = ["La notification vient après la décision."]
    if outcome is DecisionOutcome.REFUSED and not reasons.strip():
        errors["reasons"] = ["Écrivez les motifs du refus."]
    if outcome is DecisionOutcome.REFUSED and not appeal_routes.strip():
        errors["appeal_routes"] = ["Écrivez les voies et délais de recours : ils accompagnent tout refus."]
    if errors:
        raise InvalidInput(errors)
