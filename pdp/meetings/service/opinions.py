"""Record the opinion of the cellule on an item: once, never changed."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.core.french import listing
from pdp.meetings import queries
from pdp.meetings.enums import OpinionCode
from pdp.meetings.models import CelluleOpinion
from pdp.meetings.queries import HeldItem
from pdp.meetings.rules.alternatives import without_object
from pdp.meetings.rules.conditions import HeldLine, lines_of
from pdp.meetings.rules.opinion import Proposal, QuorumFinding, propose
from pdp.meetings.rules.workflow import BallotAction, MeetingAction, next_ballot_status, next_status
from pdp.meetings.service.conditions import hold
from pdp.meetings.service.steps import bump, check_version, move_request, rules_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction

_TWICE = "L’avis sur ce point est déjà enregistré : il ne change plus."
_FROZEN = (
    "Le traitement des informations de cette personne est limité, à sa demande : le point peut seulement être ajourné."
)

_MOVES: dict[OpinionCode, RequestAction] = {
    OpinionCode.FAVOURABLE: RequestAction.GIVE_OPINION,
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: RequestAction.GIVE_OPINION,
    OpinionCode.UNFAVOURABLE: RequestAction.GIVE_OPINION,
    OpinionCode.NO_OBJECT: RequestAction.GIVE_OPINION,
    OpinionCode.ADJOURNED: RequestAction.ADJOURN,
    OpinionCode.REORIENTED: RequestAction.REORIENT,
}


def record_opinion(
    actor: Actor,
    item: str,
    *,
    version: int,
    code: OpinionCode,
    conditions: str = "",
    reasons: str = "",
    dissent: str = "",
    held: Sequence[HeldLine] = (),
) -> str:
    """Record the opinion on an item and return its public id; the request moves along its life.

    `held` gives each condition, or each thing that an adjournment waits for, an owner and a date; conditions without
    any fall to the organisation of the writer, within the usual delay.
    Without a ballot an item may only be adjourned. Raises `InvalidInput` for an opinion that votes, law,
    pieces or quorum do not allow, and for a missing condition or reason.
    """
    ensure(actor, Permission.MEETING_RUN)
    try:
        with db.transaction(actor) as session:
            found = queries.lock_item(actor, item, queries.ANY_KIND)
            next_status(found.meeting.status, MeetingAction.GIVE_OPINION)
            check_version(found.item, version, "ce point")
            if queries.find_opinion(found.item.id) is not None:
                raise RuleViolation(_TWICE)
            if found.request.case.frozen_on is not None and code is not OpinionCode.ADJOURNED:
                raise RuleViolation(_FROZEN)
            proposal = _proposal(found)
            ensure_fits(proposal, code, conditions.strip(), reasons.strip())
            opinion = CelluleOpinion(
                cellule_id=found.item.cellule_id,
                item_id=found.item.id,
                code=code,
                conditions=conditions.strip() if code is OpinionCode.FAVOURABLE_WITH_CONDITIONS else "",
                reasons=reasons.strip(),
                explanation=proposal.explanation,
                dissent=dissent.strip(),
                recorded_by_id=actor.user_id,
                recorded_at=clock.now(),
            )
            session.add(opinion)
            if code is OpinionCode.FAVOURABLE_WITH_CONDITIONS and not held:
                held = lines_of(opinion.conditions)
            hold(actor, found, code, held)
            move_request(found.request, _MOVES[code])
            bump(found.item)
            bump(found.meeting)
            audit.record(actor, "opinion.record", case_id=found.request.case_id, subject=opinion, code=code)
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
    return opinion.public_id


def _proposal(held: HeldItem) -> Proposal:
    ballot = queries.find_ballot_of(held.item.id)
    if ballot is None:
        standing = queries.current_standing(held.request)
        reason = without_object(queries.alternatives_of(held.item))
        return propose(None, None, queries.grounds_of(standing), without_object=reason)
    next_ballot_status(ballot.status, BallotAction.GIVE_OPINION)
    finding = QuorumFinding(bool(ballot.quorum_reached), ballot.quorum_sentence)
    tally = queries.count_votes(queries.load_poll(ballot), rules_of(held.meeting))
    return propose(finding, tally, queries.grounds_of(queries.standing_of(ballot)), agreed=queries.agreed(ballot))


def ensure_fits(proposal: Proposal, code: OpinionCode, conditions: str, reasons: str) -> None:
    """Refuse an opinion that the proposal does not allow, or that lacks its text. Raises `InvalidInput`."""
    errors: dict[str, list[str]] = {}
    if not proposal.allows(code):
        possible = listing([f"« {allowed.label} »" for allowed in proposal.allowed])
        errors["code"] = [f"L’avis « {code.label} » n’est pas possible. {proposal.explanation} Possible : {possible}."]
    if code is OpinionCode.FAVOURABLE_WITH_CONDITIONS and not conditions:
        errors["conditions"] = ["Écrivez la ou les réserves de l’avis."]
    if code in (OpinionCode.UNFAVOURABLE, OpinionCode.REORIENTED) and not reasons:
        errors["reasons"] = ["Écrivez les motifs de l’avis."]
    if errors:
        raise InvalidInput(errors)
