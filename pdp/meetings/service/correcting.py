"""Correct a ballot or its opinion after the closing: proposed by one person of the core, confirmed by another.

Nothing that was recorded changes. What holds is computed again from the corrected answers by the rules of the
day of the séance, twice: when it is proposed, and when it is confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as accounts
from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.core.errors import Conflict, NotFound
from pdp.meetings import queries
from pdp.meetings.enums import CorrectionState, OpinionCode, VoteValue
from pdp.meetings.models import Ballot, CelluleOpinion, OpinionCorrection
from pdp.meetings.queries import HeldItem, Poll, corrections
from pdp.meetings.rules import corrections as rules
from pdp.meetings.rules.alternatives import FAVOURABLE, check_alone
from pdp.meetings.rules.opinion import Proposal, QuorumFinding, propose
from pdp.meetings.rules.tally import tally_agreed
from pdp.meetings.service.alternatives import give_back
from pdp.meetings.service.conditions import follow_correction
from pdp.meetings.service.opinions import ensure_fits
from pdp.meetings.service.steps import bump, move_request, rules_of
from pdp.meetings.service.telling_corrections import tell_decided, tell_proposed
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.requests.service.access import ensure_case_open

_TWICE = "Une rectification de ce point attend déjà une réponse. Ouvrez-la depuis la page « Rectifications »."


@dataclass(frozen=True, slots=True)
class HeldBallot:
    """A locked item that may be corrected: its ballot as it counts today, its opinion, its corrections."""

    held: HeldItem
    ballot: Ballot
    opinion: CelluleOpinion
    poll: Poll
    past: Sequence[OpinionCorrection]


@dataclass(frozen=True, slots=True)
class Recount:
    """What the corrected answers give: quorum and votes in words, and which opinions they allow."""

    quorum_sentence: str
    proposal: Proposal


def propose_correction(
    actor: Actor,
    item: str,
    *,
    reason: str,
    votes: Mapping[str, VoteValue | None],
    code: OpinionCode,
    conditions: str = "",
    reasons: str = "",
) -> str:
    """Propose what should have been recorded on an item, and return the proposal's public id.

    `votes` names the seats whose answer was wrong, with the right one; None: nobody answered for it, and the
    seat counts as absent. `code` and its texts are the opinion to be read. Raises `RuleViolation` for an item
    that may not be corrected any more, `InvalidInput` for an opinion that the corrected answers do not allow.
    """
    ensure(actor, Permission.OPINION_CORRECT)
    try:
        with db.transaction(actor) as session:
            found = open_item(actor, item)
            now = clock.now()
            corrections.end_overdue(found.held.item.id, now)
            changes = _changes(actor, found, votes)
            recount = recount_of(found, changes, code)
            conditions = conditions.strip() if code is OpinionCode.FAVOURABLE_WITH_CONDITIONS else ""
            ensure_fits(recount.proposal, code, conditions, reasons.strip())
            former = found.opinion
            check_alone(former.code, code, queries.alternatives_of(found.held.item))
            rules.check_something(
                changes, (former.code, former.conditions, former.reasons), (code, conditions, reasons.strip())
            )
            row = OpinionCorrection(
                cellule_id=actor.cellule_id,
                item_id=found.held.item.id,
                case_id=found.held.request.case_id,
                reason=reason.strip(),
                changes=[(seat, _answer_in(found.poll, seat), value) for seat, value in changes.items()],
                code=code,
                conditions=conditions,
                reasons=reasons.strip(),
                explanation=recount.proposal.explanation,
                quorum_sentence=recount.quorum_sentence,
                former_code=former.code,
                proposed_by_id=actor.user_id,
                proposed_at=now,
                answer_by=_answer_by(actor.cellule_id, now),
                state=CorrectionState.WAITING,
            )
            session.add(row)
            session.flush()
            tell_proposed(actor, found.held, row)
            audit.record(
                actor, "opinion.propose_correction", case_id=row.case_id, subject=row, votes=len(changes), code=code
            )
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
    return row.public_id


def confirm_correction(actor: Actor, correction: str) -> None:
    """Confirm what somebody else proposed: from now on the corrected opinion is the one that counts.

    The request goes where that opinion leads. Raises `RuleViolation` for one's own proposal, after the delay, once
    it is answered, or when the request went on meanwhile.
    """
    ensure(actor, Permission.OPINION_CORRECT)
    with db.transaction(actor) as session:
        found, row = _lock(actor, correction)
        proposed_on = clock.local(row.proposed_at).date()
        rules.check_second(
            row.proposed_by_id, actor.user_id, corrections.access_since(actor.membership_id), proposed_on
        )
        former = found.opinion.code
        check_alone(former, row.code, queries.alternatives_of(found.held.item))
        changes = {seat: VoteValue(value) if value else None for seat, _, value in row.changes}
        ensure_fits(recount_of(found, changes, row.code).proposal, row.code, row.conditions, row.reasons)
        _decide(actor, row, CorrectionState.CONFIRMED)
        for one in found.past:
            one.holds = False
        # One correction holds per item: the former one lets go first.
        session.flush()
        row.holds = True
        if action := rules.move_to(former, row.code):
            move_request(found.held.request, action)
        follow_correction(actor, found.held, row.code, row.conditions)
        if former in FAVOURABLE and row.code not in FAVOURABLE:
            give_back(actor, found.held)
        bump(found.held.item)
        bump(found.held.meeting)
        tell_decided(actor, found.held, row, found.poll)
        audit.record(
            actor, "opinion.confirm_correction", case_id=row.case_id, subject=row, former=former, code=row.code
        )


def refuse_correction(actor: Actor, correction: str, *, reason: str) -> None:
    """Refuse a proposal, one's own included: what was recorded goes on counting."""
    ensure(actor, Permission.OPINION_CORRECT)
    with db.transaction(actor):
        held, row = _lock_row(actor, correction)
        rules.check_answer(row.state, row.answer_by, clock.now())
        ballot = queries.find_ballot_of(held.item.id)
        # One's own proposal may always be taken back.
        if ballot is not None and row.proposed_by_id != actor.user_id:
            _ensure_took_part(actor, _poll_of(ballot, corrections.list_of_item(held.item.id)))
        _decide(actor, row, CorrectionState.REFUSED)
        row.refusal = reason.strip()
        tell_decided(actor, held, row, None)
        audit.record(actor, "opinion.refuse_correction", case_id=row.case_id, subject=row)


def open_item(actor: Actor, item: str) -> HeldBallot:
    """Return an item that may be corrected, locked. Raises `NotFound`, or `RuleViolation` with the next step."""
    held = queries.lock_item(actor, item, queries.ANY_KIND)
    _ensure_read(actor, held)
    ensure_case_open(held.request.case)
    ballot, opinion = queries.find_ballot_of(held.item.id), queries.find_opinion(held.item.id)
    request = held.request
    rules.check_correctable(
        rules.Standing(
            ballot.status if ballot else None,
            opinion.code if opinion else None,
            request.status,
            newest=opinion is not None and corrections.is_newest_opinion(opinion, request.id),
            decided=corrections.is_decided(request.cellule_id, request.id),
            frozen=request.case.frozen_on is not None,
        )
    )
    assert ballot is not None
    assert opinion is not None
    past = corrections.list_of_item(held.item.id)
    poll = _poll_of(ballot, past)
    _ensure_took_part(actor, poll)
    return HeldBallot(held, ballot, opinion, poll, past)


def recount_of(found: HeldBallot, changes: Mapping[int, VoteValue | None], code: OpinionCode) -> Recount:
    """Count the corrected answers with the rules of the day of the séance."""
    poll, governance = queries.corrected(found.poll, changes), rules_of(found.held.meeting)
    agreed = found.ballot.mode is BallotMode.CONSENSUS and found.ballot.proposed is not None
    standing = queries.standing_of(found.ballot)
    grounds = queries.grounds_of(standing)
    if not changes and not corrections.confirmed_answers(found.past):
        finding = QuorumFinding(bool(found.ballot.quorum_reached), found.ballot.quorum_sentence)
    else:
        attendances = queries.list_attendances(found.ballot.cellule_id, found.held.meeting.id)
        quorum = queries.quorum_of(poll, attendances, governance, closing=True)
        finding = QuorumFinding(quorum.reached, quorum.sentence)
    # What the chair proposed without a vote may itself have been written down wrongly.
    said = code if agreed and code in standing.allowed_opinions else None
    tally = tally_agreed(said) if said else queries.count_votes(poll, governance)
    return Recount(finding.sentence, propose(finding, tally, grounds, agreed=said))


def last_day_to_answer(cellule_id: int, proposed_on: date) -> date:
    """Return the last day on which the second person may answer, by the public holidays of the cellule."""
    return rules.answer_by(proposed_on, Territory(accounts.get_cellule(cellule_id).territory))


def counted(poll: Poll) -> tuple[rules.Counted, ...]:
    """Return what counts for each seat of the electorate."""
    holding = poll.holding
    return tuple(
        rules.Counted(voter.seat_id, voter.seat_label, vote.value if vote else None, vote.channel if vote else None)
        for voter in poll.voters
        for vote in (holding.get(voter.seat_id),)
    )


def _changes(actor: Actor, found: HeldBallot, votes: Mapping[str, VoteValue | None]) -> dict[int, VoteValue | None]:
    wanted = {queries.find_seat(actor.cellule_id, seat).id: value for seat, value in votes.items()}
    return rules.changed_votes(
        counted(found.poll),
        wanted,
        secret=found.ballot.mode is BallotMode.SECRET,
        agreed=found.ballot.mode is BallotMode.CONSENSUS,
    )


def _answer_in(poll: Poll, seat: int) -> VoteValue | None:
    vote = poll.holding.get(seat)
    return vote.value if vote else None


def _answer_by(cellule_id: int, now: datetime) -> datetime:
    """Return the end of the last day on which the second person may answer."""
    last = last_day_to_answer(cellule_id, clock.local(now).date())
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.PARIS)


def _lock_row(actor: Actor, correction: str) -> tuple[HeldItem, OpinionCorrection]:
    """Return a correction and its item: the séance and the request are locked before the correction."""
    row = corrections.get_row(actor, correction)
    held = queries.lock_item(actor, row.item.public_id, queries.ANY_KIND)
    _ensure_read(actor, held)
    return held, corrections.lock_correction(actor, correction)


def _lock(actor: Actor, correction: str) -> tuple[HeldBallot, OpinionCorrection]:
    item = corrections.get_row(actor, correction).item.public_id
    queries.lock_item(actor, item, queries.ANY_KIND)
    row = corrections.lock_correction(actor, correction)
    rules.check_answer(row.state, row.answer_by, clock.now())
    return open_item(actor, item), row


def _poll_of(ballot: Ballot, past: Sequence[OpinionCorrection]) -> Poll:
    return queries.corrected(queries.load_poll(ballot), corrections.confirmed_answers(past))


def _ensure_took_part(actor: Actor, poll: Poll) -> None:
    rules.check_took_part(recused=corrections.is_one_of(actor.user_id, poll.recused))


def _ensure_read(actor: Actor, held: HeldItem) -> None:
    labels = queries.labels_by_case(actor, [held.request.case_id]).get(held.request.case_id, frozenset())
    if not {Label.BALLOT, Label.OPINION} <= labels:
        raise NotFound


def _decide(actor: Actor, row: OpinionCorrection, state: CorrectionState) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor.user_id, clock.now()
