"""A named member's answer to a point to check, and the override of what is no text of law."""

from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import StatusGroup, Verdict
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels
from pdp.requests import queries
from pdp.requests.models import DispositifRequest, HumanAnswer
from pdp.requests.rules import standing, workflow
from pdp.requests.rules.findings import Finding, GroupFindings, read_stored
from pdp.requests.rules.labels import is_readable
from pdp.requests.service import access
from pdp.requests.service.appraisal import appraise

_NO_SEAT = "Seul un membre qui occupe un siège à voix délibérative peut trancher ce point."
_WRITE_REASON = "Écrivez le motif : il est imprimé au procès-verbal."


def answer_rule(
    actor: Actor, public_id: str, *, group: StatusGroup, rule_id: str, accepted: bool, reason: str = ""
) -> None:
    """Settle a point to check, by name: `accepted` means that the condition is met. The newest answer holds.

    Raises `RuleViolation` without a deliberative seat, or when the rule asks for no answer.
    """
    _record(actor, public_id, group, rule_id, accepted=accepted, reason=reason, is_override=False)


def override(actor: Actor, public_id: str, *, group: StatusGroup, rule_id: str, reason: str) -> None:
    """Set aside an ineligibility that comes from a support, a local practice or the regional doctrine.

    The written reason is printed in the minutes. Raises `RuleViolation` for a text of law.
    """
    _record(actor, public_id, group, rule_id, accepted=True, reason=reason, is_override=True)


def find_finding(actor: Actor, request: DispositifRequest, group: StatusGroup, rule_id: str) -> Finding:
    """Return a rule of a loaded request that did not pass: as found now, else as last kept.

    Raises `NotFound` when there is none, or when the actor may not read what it is about.
    """
    snapshot = queries.newest_snapshot(request)
    kept = read_stored(snapshot.results) if snapshot else ()
    readable = readable_labels(actor, case_facts(request.case), clock.today())
    for result in (*appraise(request).results, *kept):
        for finding in _askable(result) if result.group is group else ():
            if finding.id == rule_id and is_readable(finding, readable, is_core=actor.is_core):
                return finding
    raise NotFound


def _askable(result: GroupFindings) -> tuple[Finding, ...]:
    if result.group is StatusGroup.AUTRE:
        return (standing.status_finding(result),)
    return result.failed


def _record(
    actor: Actor,
    public_id: str,
    group: StatusGroup,
    rule_id: str,
    *,
    accepted: bool,
    reason: str,
    is_override: bool,
) -> None:
    ensure(actor, Permission.VERDICT_OVERRIDE)
    with db.transaction(actor) as session:
        request = queries.get_request(actor, public_id, lock=True)
        access.ensure_case_open(request.case)
        workflow.ensure_open(request.status)
        access.ensure_writes(actor, request.case, Label.REQUEST)
        _check(find_finding(actor, request, group, rule_id), is_override=is_override, accepted=accepted, reason=reason)
        seat = queries.deliberative_seat(actor, clock.today())
        if seat is None:
            raise RuleViolation(_NO_SEAT)
        session.add(
            HumanAnswer(
                cellule_id=request.cellule_id,
                request_id=request.id,
                status_group=group,
                rule_id=rule_id,
                accepted=accepted,
                is_override=is_override,
                reason=reason,
                answered_by_id=actor.user_id,
                seat_label=seat.label,
                answered_at=clock.now(),
            )
        )
        action = "request.override" if is_override else "request.answer"
        audit.record(actor, action, case_id=request.case_id, subject=request, rule=rule_id, accepted=accepted)


def _check(finding: Finding, *, is_override: bool, accepted: bool, reason: str) -> None:
    if is_override:
        standing.ensure_overridable(finding)
    elif finding.verdict is not Verdict.A_VERIFIER:
        raise RuleViolation("Cette règle n’attend pas de réponse d’un membre.")
    if not reason.strip() and (is_override or not accepted):
        raise InvalidInput({"reason": [_WRITE_REASON]})
